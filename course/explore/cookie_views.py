"""A cookie taken apart, for a terminal and for a notebook."""

import json
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from jinja2 import Template

# Okabe and Ito's colours, chosen so that they differ in grey as well:
# https://jfly.uni-koeln.de/color/
INK, PAPER = "#000000", "#ffffff"
BLUE, ORANGE, YELLOW = "#0072b2", "#e69f00", "#f0e442"

READABLE = {"ensure_ascii": False}
UNITS = [
    (365 * 86400, "year"),
    (86400, "day"),
    (3600, "hour"),
    (60, "minute"),
    (1, "second"),
]
MEANINGS = {
    "_user_id": "who is logged in: the user loader gets it (Flask-Login)",
    "_fresh": "whether a password was given in this session (Flask-Login)",
    "_id": "a hash of the visitor's address and browser (Flask-Login)",
    "_remember": "a note to set or clear the remember cookie",
    "_flashes": 'messages that the next page shows; " t" marks a tuple',
    "csrf_token": "what the tokens in forms are made from (Flask-WTF)",
}
FRESH = {
    True: "true: a password was given in this session (Flask-Login)",
    False: "false: nobody gave a password, or the browser is another one",
}
VERDICTS = {
    None: "not checked: no key was given",
    True: "made with this key: it holds",
    False: "not made with this key, or the cookie was changed",
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
    when = f"{cookie.signed_at:%Y-%m-%d %H:%M:%S} UTC, when it was signed: "
    when += in_words(cookie.age)
    return [
        Part("payload", cookie.payload, packed, pretty(cookie)),
        Part("timestamp", cookie.timestamp, when, "", YELLOW, INK),
        signature,
    ]


def pretty(cookie):
    """The JSON of a session on lines of its own, in readable letters."""
    try:
        text = json.dumps(json.loads(cookie.json), indent=2, **READABLE)
    except (ValueError, RecursionError):
        return cookie.json
    return text.encode("utf-8", "backslashreplace").decode()


def in_words(age):
    """`3 minutes ago`; a time to come is `in 10 years`."""
    seconds = abs(age.total_seconds())
    size, unit = next(u for u in UNITS if seconds >= u[0] or u[0] == 1)
    number = int(seconds // size)
    text = f"{number} {unit}" + ("s" if number != 1 else "")
    return f"in {text}" if age < timedelta(seconds=-1) else f"{text} ago"


def taken(cookie):
    """Whether a program would take the cookie now, and why."""
    if cookie.holds is False:
        return "A program with this key does not take it: see the signature."
    sure = "takes it" if cookie.holds else "takes it, if it has its key"
    if not hasattr(cookie, "age"):
        return f"A program {sure}, however old it is: there is no time in it."
    if cookie.in_time:
        return f"A program {sure}: it is younger than 31 days, Flask's limit."
    limit = "unless PERMANENT_SESSION_LIFETIME is longer than Flask's 31 days"
    why = f"it was signed {in_words(cookie.age)}, {limit}"
    if cookie.age < timedelta(0):
        why = "it was signed at a time that is yet to come"
    return f"No program takes it, whatever its key: {why}."


def notes(cookie):
    """What the keys of a session are there for, by key."""
    session = getattr(cookie, "session", {})
    found = {key: MEANINGS[key] for key in session if key in MEANINGS}
    if isinstance(session.get("_fresh"), bool):
        found["_fresh"] = FRESH[session["_fresh"]]
    return found


def plain(cookie):
    """The cookie in lines of text, safe to print on any terminal."""
    name = f", `{cookie.name}`" if cookie.name else ""
    lines = [f"{cookie.kind}{name}. Anyone can read it; it is signed.", ""]
    for part in parts(cookie):
        lines += [f"  {part.name:<10} {part.text}", f"{'':13}{part.meaning}"]
        lines += [
            f"{'':13}{line}" for line in part.content.split("\n") if line
        ]
    found = notes(cookie)
    lines += ["", "In the session:"] if found else []
    lines += [f"  {key:<12} {note}" for key, note in found.items()]
    lines += ["", taken(cookie)]
    return "\n".join(printable(line) for line in lines)


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
        taken=taken(cookie),
    )
