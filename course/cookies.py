"""Flask's session cookie and Flask-Login's remember cookie, read.

Reading needs no key: both are signed, not encrypted. The decoding is
itsdangerous's and Flask-Login's; what stands here is what to say when a
text is no such cookie.
"""

import json
import re
import struct
import sys
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

import click
from flask import Flask
from flask_login.utils import decode_cookie
from itsdangerous import BadData, base64_decode
from itsdangerous.encoding import bytes_to_int

from .errors import CourseError

LARGEST = 1024 * 1024
SIGNATURE_LENGTH = 27
ATTRIBUTES = [
    "domain",
    "expires",
    "httponly",
    "max-age",
    "partitioned",
    "path",
    "priority",
    "samesite",
    "secure",
]


class NotACookie(CourseError):
    """A text that is neither cookie; the message says what it may be."""


@dataclass(frozen=True)
class SessionCookie:
    """Flask's session: `payload.timestamp.signature`.

    `payload`, `timestamp` and `signature` are the three texts as they stand
    in the cookie, `json` is the text in the payload and `session` what Flask
    makes of it. `holds` says whether the signature was made with the key
    that was given; it is None where none was.
    """

    payload: str
    timestamp: str
    signature: str
    json: str
    session: dict
    signed_at: datetime
    holds: bool | None = None

    @property
    def compressed(self):
        """A dot in front says that the payload is compressed with zlib."""
        return self.payload.startswith(".")

    def __str__(self):
        from .cookie_views import plain

        return plain(self)

    def _repr_html_(self):
        from .cookie_views import html

        return html(self)

    def _repr_pretty_(self, printer, cycle):
        printer.text(str(self))


@dataclass(frozen=True)
class RememberCookie:
    """Flask-Login's `remember_token`: `user_id|signature`.

    `holds` is as for a SessionCookie. There is no timestamp in it.
    """

    user_id: str
    signature: str
    holds: bool | None = None

    __str__ = SessionCookie.__str__
    _repr_html_ = SessionCookie._repr_html_
    _repr_pretty_ = SessionCookie._repr_pretty_


def read(text, key=None):
    """The SessionCookie or RememberCookie that a text holds.

    The text may be copied with its name, its attributes or the whole header.
    Raises NotACookie, with an explanation, for anything else.
    """
    value = value_in(text)
    if "|" in value:
        return read_remember(value, key)
    return read_session(value, key)


def ask(key=None):
    """A pasted cookie, and the key if the person knows it, or None."""
    text = click.prompt("Paste a cookie", default="", show_default=False)
    if key is None:
        key = click.prompt(
            "SECRET_KEY (Enter leaves it out)",
            default="",
            show_default=False,
            hide_input=sys.stdin.isatty(),
        )
    return text, key or None


def value_in(text):
    """The value of the first cookie in a pasted text."""
    text = re.sub(r"(?i)^\s*(set-)?cookie:", "", text).strip(" \t\r\n\"'")
    named = re.match(r"([\w.-]+)=(?!$)", text)
    if named and named[1].lower() not in ATTRIBUTES:
        text = text[named.end() :]
    value = unquote(text.split(";")[0]).strip(" \t\r\n\"'")
    if not value:
        raise NotACookie("there is no cookie in that: it is empty.")
    return value


def read_remember(value, key=None):
    user_id, _, signature = value.rpartition("|")
    if not re.fullmatch(r"[0-9a-f]{128}", signature):
        raise NotACookie(
            "a remember cookie is a user's id, a | and a signature of 128 "
            f"hexadecimal digits; behind the | there are {len(signature)} "
            "characters.\nIt may be cut off: copy the whole value."
        )
    holds = None if key is None else decode_cookie(value, key) is not None
    return RememberCookie(user_id, signature, holds)


def read_session(value, key=None):
    payload, timestamp, signature = parts_of(value)
    text = json_in(payload)
    holds, session = serializer(key).loads_unsafe(value)
    if not isinstance(session, dict):
        raise NotACookie(
            "its three parts look right, but the first does not hold a "
            "session as Flask writes one."
        )
    holds = None if key is None else holds
    when = time_in(timestamp)
    return SessionCookie(
        payload, timestamp, signature, text, session, when, holds
    )


def parts_of(value):
    from .cookie_faults import explain_parts

    if fault := explain_parts(value, SIGNATURE_LENGTH):
        raise NotACookie(fault)
    return value.rsplit(".", 2)


def time_in(timestamp):
    try:
        seconds = bytes_to_int(base64_decode(timestamp))
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (BadData, ValueError, OverflowError, OSError, struct.error):
        raise NotACookie(
            f"its second part, {timestamp!r}, is no time, as it would be in "
            "a Flask session cookie."
        ) from None


def json_in(payload):
    """The text in a payload, unpacked no further than LARGEST."""
    try:
        data = base64_decode(payload.removeprefix("."))
        if payload.startswith("."):
            data = zlib.decompressobj().decompress(data, LARGEST + 1)
        if len(data) > LARGEST:
            raise NotACookie(
                "its payload would unpack to more than 1 MiB. No browser "
                "keeps a session of that size; it was not unpacked."
            )
        text = data.decode("utf-8")
        json.loads(text)
    except (BadData, zlib.error, ValueError, RecursionError):
        raise NotACookie(
            "its first part does not decode to JSON. It was changed or cut "
            "off on the way, or it is no Flask session cookie."
        ) from None
    return text


def serializer(key):
    """Flask's own, with its salt and key derivation."""
    app = Flask(__name__)
    app.secret_key = key or "no key was given"
    return app.session_interface.get_signing_serializer(app)
