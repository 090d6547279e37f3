"""The two kinds of cookies that Flask's programs give out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .cookie_views import html, plain

LIFETIME = timedelta(days=31)  # Flask's PERMANENT_SESSION_LIFETIME


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
    name: str = ""

    @property
    def compressed(self):
        """A dot in front says that the payload is compressed with zlib."""
        return self.payload.startswith(".")

    @property
    def payload_is(self):
        """What was done with the JSON before it became base64."""
        return "compressed" if self.compressed else "as it was"

    @property
    def age(self):
        """How long ago it was signed; less than nothing if that is to be."""
        return datetime.now(UTC) - self.signed_at

    @property
    def in_time(self):
        """Whether Flask, as it is set by default, finds it young enough."""
        return timedelta(seconds=-1) < self.age <= LIFETIME


@dataclass(frozen=True, repr=False)
class RememberCookie(Shown):
    """Flask-Login's `remember_token`: `user_id|signature`.

    `holds` is as for a SessionCookie. There is no timestamp in it.
    """

    kind, between = "A Flask-Login remember cookie", "|"

    user_id: str
    signature: str
    holds: bool | None = None
    name: str = ""
