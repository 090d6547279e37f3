"""Flask's session cookie and Flask-Login's remember cookie, read.

Reading needs no key: both are signed, not encrypted. The decoding is
itsdangerous's and Flask-Login's.
"""

import re
import sys
from dataclasses import dataclass
from datetime import datetime

import click
from flask_login.utils import decode_cookie

from .cookie_decoding import (
    NotACookie,
    json_in,
    parts_of,
    serializer,
    time_in,
    value_in,
)


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
