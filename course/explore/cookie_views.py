"""A cookie taken apart, for a terminal and for a notebook."""

import re
from pathlib import Path
from typing import NamedTuple

from jinja2 import Template

# Okabe and Ito's colours, chosen so that they differ in grey as well:
# https://jfly.uni-koeln.de/color/
INK, PAPER = "#000000", "#ffffff"
BLUE, ORANGE, YELLOW = "#0072b2", "#e69f00", "#f0e442"

MEANINGS = {
    "_user_id": "who is logged in (Flask-Login)",
    "_fresh": "true: logged in with a password, not remembered",
    "_id": "a hash of the visitor's address and browser (Flask-Login)",
    "_remember": "a note to set or clear the remember cookie",
    "_flashes": "messages that the next page shows",
    "csrf_token": "what the tokens in forms are made from (Flask-WTF)",
}


VERDICTS = {
    None: "not checked: no key was given",
    True: "made with this key: it holds",
    False: "not made with this key, or the cookie was changed",
}
FOREIGN = {
    r"s:[\w-]+\..+": "a session id signed by Express (connect.sid). What it "
    "stands for is on that server, so there is nothing to read.",
    r"[0-9a-z]{32}|[0-9a-f]{26,64}": "an id and nothing more, as Django or "
    "PHP give out. The session is on that server: nothing to read.",
    r"[\w-]+\.[\w-]+\.[\w-]{43,}": "a JSON Web Token. Its first two parts "
    "are base64 of JSON and can be read like a Flask session cookie's.",
}


class Part(NamedTuple):
    """One part of a cookie: its text, and what it decodes to."""

    name: str
    text: str
    meaning: str
    content: str = ""
    colour: str = BLUE
    ink: str = PAPER


def parts(cookie):
    """The Parts of a SessionCookie or RememberCookie, in order."""
    verdict = VERDICTS[cookie.holds]
    signature = Part("signature", cookie.signature, verdict, "", ORANGE, INK)
    if hasattr(cookie, "user_id"):
        who = "who; there is no time in it"
        return [Part("user id", cookie.user_id, who), signature]
    packed = "base64, unpacked with zlib" if cookie.compressed else "base64"
    when = f"{cookie.signed_at:%Y-%m-%d %H:%M:%S} UTC, when it was signed"
    return [
        Part("payload", cookie.payload, packed, cookie.json),
        Part("timestamp", cookie.timestamp, when, "", YELLOW, INK),
        signature,
    ]


def notes(cookie):
    """What the keys of a session are there for, by key."""
    session = getattr(cookie, "session", {})
    return {key: MEANINGS[key] for key in session if key in MEANINGS}


def plain(cookie):
    """The cookie in lines of text, safe to print on any terminal."""
    lines = [f"{cookie.kind}. Anyone can read it; it is signed.", ""]
    for part in parts(cookie):
        lines += [f"  {part.name:<10} {part.text}"]
        lines += [f"{'':13}{x}" for x in (part.meaning, part.content) if x]
    found = notes(cookie)
    lines += ["", "In the session:"] if found else []
    lines += [f"  {key:<12} {note}" for key, note in found.items()]
    return "\n".join(printable(line) for line in lines)


def explanation_of(value):
    """What a value may be that is neither cookie."""
    _, bar, signature = value.rpartition("|")
    if bar:
        return (
            "a remember cookie is a user's id, a | and a signature of 128 "
            f"hexadecimal digits; behind the | there are {len(signature)} "
            "characters.\nIt may be cut off: copy the whole value."
        )
    for pattern, what in FOREIGN.items():
        if re.fullmatch(pattern, value):
            return f"this is {what}"
    found = value.removeprefix(".").split(".")
    odd = re.search(r"[^\w.-]", value, re.ASCII)
    place = f", and {odd[0]!a} at character {odd.start() + 1}" if odd else ""
    return (
        "a Flask session cookie is a payload, a time and a signature of 27 "
        "characters, with dots between; all are letters, digits, - and _. "
        f"This has {len(found)} of 3 parts, {len(found[-1])} characters in "
        f"the last{place}.\nIt may be cut off: copy the whole value."
    )


def printable(line):
    """Without characters that a terminal would obey and not show."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode()
        for c in line
    )


def html(cookie):
    """The cookie as a table in three colours, every value escaped."""
    text = Path(__file__).with_name("cookie.html").read_text(encoding="utf-8")
    return Template(text, autoescape=True).render(
        kind=cookie.kind,
        parts=parts(cookie),
        notes=notes(cookie),
        between=cookie.between,
    )
