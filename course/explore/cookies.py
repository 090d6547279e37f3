"""Flask's session cookie and Flask-Login's remember cookie, read.

Reading needs no key: both are signed, not encrypted. The decoding is
itsdangerous's and Flask-Login's.
"""

import re
import struct
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import click
from flask.sessions import SecureCookieSessionInterface
from flask_login.utils import decode_cookie
from itsdangerous import BadData, URLSafeTimedSerializer, base64_decode
from itsdangerous.encoding import bytes_to_int

from ..errors import CourseError
from .cookie_kinds import RememberCookie, SessionCookie
from .cookie_views import plain
from .copied import found_in
from .foreign import explanation_of
from .pasting import QUIET, pasted

LARGEST = 1024 * 1024
SESSION = re.compile(r"(\.?[\w-]+)\.([\w-]+)\.([\w-]{27})", re.ASCII)
NO_JSON = (BadData, zlib.error, ValueError, RecursionError)
NO_TIME = (OverflowError, OSError, struct.error)  # none that a clock shows
FLASK = SecureCookieSessionInterface


class NotACookie(CourseError):
    """A text that is neither cookie; the message says what it may be."""


def read(text, key=None):
    """The first SessionCookie or RememberCookie that a text holds.

    The text may be copied with its name, its attributes, the whole header, a
    row of the developer tools or a cURL line. Raises NotACookie, with an
    explanation, for anything else.
    """
    return read_all(text, key)[0]


def read_all(text, key=None):
    """Every cookie of Flask's in a text; see `read`."""
    pairs = [pair for pair in found_in(text) if pair[1]]
    if not pairs:
        raise NotACookie("there is no cookie in that: it is empty.")
    cookies, faults = [], []
    for name, value in pairs:
        try:
            cookies.append(replace(read_value(value, key), name=name))
        except NotACookie as fault:
            faults.append((not name.startswith(("session", "remem")), fault))
    if cookies:
        return cookies
    raise min(faults, key=lambda each: each[0])[1]


def read_value(value, key=None):
    return (read_remember if "|" in value else read_session)(value, key)


def show(course, text=None, key=None):
    """The cookies in a text, in words; what is not given is asked for."""
    if text is None:
        text = pasted()
        read_all(text)  # before a key is asked for
        hidden = {"hide_input": sys.stdin.isatty()} | QUIET
        key = key or click.prompt("SECRET_KEY (Enter leaves it out)", **hidden)
    cookies = read_all(text, key or None)
    names = [each.name for each in cookies]
    twice = sorted({name for name in names if names.count(name) > 1})
    shown = [plain(each) for each in cookies]
    shown += [f"`{x}` is there twice: Flask takes the first." for x in twice]
    return "\n\n\n".join(shown)


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
    """What Flask signs its sessions with: its parts, without an app."""
    return URLSafeTimedSerializer(
        key or "no key was given",
        salt=FLASK.salt,
        serializer=FLASK.serializer,
        signer_kwargs={
            "key_derivation": FLASK.key_derivation,
            "digest_method": FLASK.digest_method,
        },
    )
