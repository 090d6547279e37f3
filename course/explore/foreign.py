"""What a value may be that is no cookie of Flask's: it is named."""

import json
import re

from itsdangerous import BadData, base64_decode

ON_THE_SERVER = "What it stands for is on that server: nothing to read."
OTHERS = {
    r"s:[\w-]+\..+": "a session id signed by Express (connect.sid). "
    + ON_THE_SERVER,
    r"[0-9a-z]{32}|[0-9a-v]{26}|[0-9a-f]{26,64}": "an id and nothing more, "
    "as Django or PHP give out. " + ON_THE_SERVER,
    r"(?!eyJ)(\w{32}){1,2}": "a random text, such as Django's for its forms: "
    "nothing to read.",
    r"\.?[\w-]+:[\w-]{4,8}:[\w-]{27,43}": "a value signed by Django: a "
    "payload, a time and a signature, with colons between. Its payload is "
    "base64, as Flask's is.",
    r"[\w+/=%-]+--[\w+/=%-]+--[\w+/=%-]+": "a cookie encrypted by Rails. "
    "Only the server can read it.",
    r"[\w+/=%-]+--[0-9a-f]{40,64}": "a cookie signed by Rails: base64, two "
    "dashes and a signature.",
    r"[\w+/-]+={1,2}\.[\w-]{6}\.[\w-]{27}": "a session of Starlette or "
    "FastAPI: a payload, a time and a signature, as Flask's, but with = at "
    "the end of the payload.",
    r"eyJpdiI6[\w+/=-]+": "a cookie encrypted by Laravel. Only the server "
    "can read it.",
    r"CfDJ8[\w-]+": "a cookie encrypted by ASP.NET Core. Only the server can "
    "read it.",
}


def explanation_of(value):
    """What a value may be that is neither of Flask's cookies."""
    _, bar, signature = value.rpartition("|")
    if bar:
        return remember_cut_off(signature)
    if token := web_token(value):
        return token
    for pattern, what in OTHERS.items():
        if re.fullmatch(pattern, value, re.ASCII):
            return f"this is {what}"
    return session_cut_off(value)


def remember_cut_off(signature):
    return (
        "a remember cookie is a user's id, a | and a signature of 128 "
        f"hexadecimal digits; behind the | there are {len(signature)} "
        "characters.\nIt may be cut off: copy the whole value."
    )


def session_cut_off(value):
    found = value.removeprefix(".").split(".")
    odd = re.search(r"[^\w.-]", value, re.ASCII)
    parts = f"{len(found)} part{'s' * (len(found) != 1)}"
    place = f", and {odd[0]!a} at character {odd.start() + 1}" if odd else ""
    return (
        "this is no Flask session cookie, or not the whole of one.\n"
        "One has three parts with dots between, 27 characters in the last; "
        "all are letters, digits, - and _.\n"
        f"This has {parts}, {len(found[-1])} characters in the last{place}.\n"
        "If it was cut off, or a … stands in it, copy the whole value."
    )


def web_token(value):
    """A JSON Web Token in words, with what it says; None for others.

    RFC 7519: its head names an `alg`; a `typ` it may leave out.
    """
    head, *rest = [decoded(part) for part in value.split(".")[:2]]
    if not (isinstance(head, dict) and "alg" in head and rest):
        return None
    said = json.dumps(rest[0], indent=2) if rest[0] else "cut off"
    return (
        f"this is a JSON Web Token, signed with {ascii(head['alg'])[:20]}. "
        "No cookie of Flask's: its first two parts are base64 of JSON, which "
        f"anyone can read.\nIt says {said}"
    )


def decoded(part):
    """The JSON in a part of a token; None where there is none."""
    try:
        return json.loads(base64_decode(part))
    except (BadData, ValueError, RecursionError):
        return None
