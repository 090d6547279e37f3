"""What is wrong with a text that is no Flask session cookie."""

import json
import re

from itsdangerous import BadData, base64_decode


def explain_parts(value, signature_length):
    """Why a value cannot be a session cookie's three parts, or None."""
    for looks_like in (foreign, odd_character, token, too_few, cut_off):
        if fault := looks_like(value, signature_length):
            return fault
    return None


def foreign(value, _):
    if re.match(r"s:[\w-]+\.", value):
        return (
            "this is a session id signed by Express (connect.sid). What it "
            "stands for is on that server, so there is nothing to read."
        )
    if re.fullmatch(r"[0-9a-z]{32}|[0-9a-f]{26,64}", value):
        return (
            "this is an id and nothing more, as Django or PHP give out. The "
            "session is on that server, so there is nothing to read."
        )
    return None


def odd_character(value, _):
    if odd := re.search(r"[^\w.-]", value, re.ASCII):
        return (
            f"a Flask session cookie is made of letters, digits, - and _, in "
            f"three parts with dots between. This has {odd[0]!a} at "
            f"character {odd.start() + 1}."
        )
    return None


def token(value, _):
    """A JSON Web Token has three parts as well, but its first is a header."""
    try:
        header = json.loads(base64_decode(value.split(".")[0]))
    except (BadData, ValueError, RecursionError):
        return None
    if isinstance(header, dict) and "alg" in header and "typ" in header:
        return (
            "this is a JSON Web Token, not a Flask session cookie. Its first "
            "two parts are base64 of JSON and can be read like one."
        )
    return None


def too_few(value, _):
    parts = value.removeprefix(".").split(".")
    if len(parts) == 3 and all(parts):
        return None
    counted = "1 part" if len(parts) == 1 else f"{len(parts)} parts"
    if len(parts) == 3:
        counted = "3 parts, and one is empty"
    return (
        "a Flask session cookie has three parts with dots between: payload, "
        f"time and signature. This has {counted}.\n"
        "It may be cut off: copy the whole value."
    )


def cut_off(value, signature_length):
    length = len(value.rsplit(".", 1)[1])
    if length == signature_length:
        return None
    what = "the end is missing" if length < signature_length else "too many"
    return (
        f"its last part, the signature, has {length} characters and not "
        f"{signature_length}: {what}.\nCopy the whole value."
    )
