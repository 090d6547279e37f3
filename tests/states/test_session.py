"""What the session holds after a login, as chapter 4 tells it."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN

OF_THE_LOGIN = {"_user_id", "_fresh", "_id"}


@pytest.mark.holds_from("messages-of-a-kind", only="snapshots")
def test_the_session_holds_what_the_page_says(site, visitor):
    site.add(SUSAN)
    seen = []

    @site.app.before_request
    def note():
        from flask import request, session

        if request.path in ("/", "/index"):
            seen.append(set(session))

    visitor.log_in(SUSAN)
    visitor.see("/")
    expect(
        seen == [OF_THE_LOGIN | {"_flashes"}, OF_THE_LOGIN | {"csrf_token"}],
        "Logged in, and opened the front page twice.",
        f"the session held {[sorted(each) for each in seen]}",
        "the message at first, and then the text that tokens are made from",
    )
