"""The payload of a session cookie, and who signs it."""

import zlib

from flask import Flask
from itsdangerous import base64_decode

from ..errors import CourseError

LARGEST = 1024 * 1024


class NotACookie(CourseError):
    """A text that is neither cookie; the message says what it may be."""


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
    """Flask's own, with its salt and key derivation."""
    app = Flask(__name__)
    app.secret_key = key or "no key was given"
    return app.session_interface.get_signing_serializer(app)
