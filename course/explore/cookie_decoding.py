"""The parts of a pasted cookie, each decoded or else explained."""

import json
import re
import struct
import zlib
from datetime import UTC, datetime
from urllib.parse import unquote

from flask import Flask
from itsdangerous import BadData, base64_decode
from itsdangerous.encoding import bytes_to_int

from ..errors import CourseError
from .cookie_faults import explain_parts

LARGEST = 1024 * 1024
SIGNATURE_LENGTH = 27


class NotACookie(CourseError):
    """A text that is neither cookie; the message says what it may be."""


def value_in(text):
    """The value of the first cookie in a pasted text."""
    text = re.sub(r"(?i)^\s*(set-)?cookie:", "", text).strip(" \t\r\n\"'")
    text = re.sub(r"^[\w.-]{1,40}=", "", text)
    value = unquote(text.split(";")[0]).strip(" \t\r\n\"'")
    if not value:
        raise NotACookie("there is no cookie in that: it is empty.")
    return value


def parts_of(value):
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
