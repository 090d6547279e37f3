"""Flask's session cookie and Flask-Login's remember cookie, read.

Reading needs no key: both are signed, not encrypted. The decoding is
itsdangerous's and Flask-Login's.
"""

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

from ..errors import CourseError
from .cookie_views import explanation_of, html, plain

LARGEST = 1024 * 1024
SESSION = re.compile(r"(\.?[\w-]+)\.([\w-]+)\.([\w-]{27})", re.ASCII)
NO_JSON = (BadData, zlib.error, ValueError, RecursionError)
NO_TIME = (OverflowError, OSError, struct.error)  # none that a clock shows


class NotACookie(CourseError):
    """A text that is neither cookie; the message says what it may be."""


class Shown:
    """Shows itself in a terminal and in a notebook."""

    __repr__, _repr_html_ = plain, html


@dataclass(frozen=True, repr=False)
class SessionCookie(Shown):
    """Flask's session: `payload.timestamp.signature`.

    `payload`, `timestamp` and `signature` are the three texts as they stand
    in the cookie, `json` is the text in the payload and `session` what Flask
    makes of it. `holds` says whether the signature was made with the key
    that was given; it is None where none was.
    """

    kind, between = "A Flask session cookie", "."

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


@dataclass(frozen=True, repr=False)
class RememberCookie(Shown):
    """Flask-Login's `remember_token`: `user_id|signature`.

    `holds` is as for a SessionCookie. There is no timestamp in it.
    """

    kind, between = "A Flask-Login remember cookie", "|"

    user_id: str
    signature: str
    holds: bool | None = None


def read(text, key=None):
    """The SessionCookie or RememberCookie that a text holds.

    The text may be copied with its name, its attributes or the whole header.
    Raises NotACookie, with an explanation, for anything else.
    """
    text = re.sub(r"(?i)^\s*(set-)?cookie:", "", text).strip(" \t\r\n\"'")
    text = re.sub(r"^[\w.-]{1,40}=", "", text)
    value = unquote(text.split(";")[0]).strip(" \t\r\n\"'")
    if not value:
        raise NotACookie("there is no cookie in that: it is empty.")
    return (read_remember if "|" in value else read_session)(value, key)


def show(course, text=None, key=None):
    """A cookie in words; what is not given is asked for."""
    if text is None:
        quiet = {"default": "", "show_default": False}
        text = click.prompt("Paste a cookie", **quiet)
        hidden = {"hide_input": sys.stdin.isatty()} | quiet
        key = key or click.prompt("SECRET_KEY (Enter leaves it out)", **hidden)
    return plain(read(text, key or None))


def read_remember(value, key=None):
    user_id, _, signature = value.rpartition("|")
    if not re.fullmatch(r"[0-9a-f]{128}", signature):
        raise NotACookie(explanation_of(value))
    holds = None if key is None else decode_cookie(value, key) is not None
    return RememberCookie(user_id, signature, holds)


def read_session(value, key=None):
    parts = SESSION.fullmatch(value)
    if not parts:
        raise NotACookie(explanation_of(value))
    try:
        text, seconds = json_in(parts[1]), base64_decode(parts[2])
        when = datetime.fromtimestamp(bytes_to_int(seconds), tz=UTC)
        holds, session = serializer(key).loads_unsafe(value)
    except (*NO_JSON, *NO_TIME):
        session = None
    if not isinstance(session, dict):
        raise NotACookie(
            "its three parts look right, but the first is no JSON of a "
            "session, or the second no time.\nIt was changed on the way, or "
            "it is no Flask session cookie."
        )
    holds = None if key is None else holds
    return SessionCookie(*parts.groups(), text, session, when, holds)


def json_in(payload):
    """The text in a payload, unpacked no further than LARGEST."""
    data = base64_decode(payload.removeprefix("."))
    if payload.startswith("."):
        data = zlib.decompressobj().decompress(data, LARGEST + 1)
    if len(data) > LARGEST:
        raise NotACookie(
            "its payload would unpack to more than 1 MiB. No browser keeps a "
            "session of that size; it was not unpacked."
        )
    return data.decode("utf-8")


def serializer(key):
    """Flask's own."""
    app = Flask(__name__)
    app.secret_key = key or "no key was given"
    return app.session_interface.get_signing_serializer(app)
