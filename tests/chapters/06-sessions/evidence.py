"""The chains of logins that are rows."""

from course.evidence.chain import chain
from tests.chapters.logins import log_in


@chain("token", "ended", "until when", "list", "ended there")
def rows(facts):
    yield from log_in(facts)


@chain("asked again", "fresh", "new password", "better hash")
def asked(facts):
    yield from log_in(facts)
