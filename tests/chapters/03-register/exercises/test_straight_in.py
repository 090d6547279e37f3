"""Exercise: straight in, after registering."""

from urllib.parse import urlencode

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, SUSAN

ELSEWHERE = ["//other.example", "https://other.example/", "/\\other.example"]


@pytest.mark.exercise("straight-in")
def test_who_registers_is_logged_in(site, visitor):
    message = visitor.register(ANNA).message
    visitor.must_be(ANNA, "Registered as anna.")
    expect(
        message and message.get_text(strip=True),
        "Registered as anna and read the next page.",
        f"no message in it: {message}",
        "a message that she is logged in",
    )


@pytest.mark.exercise("straight-in")
def test_registering_leads_to_the_page_first_asked_for(visitor):
    asked = "/register?" + urlencode({"next": "/index?page=2"})
    page = visitor.register(ANNA, at=asked)
    expect(
        page.path == "/index?page=2",
        "Was on the way to /index?page=2, and registered.",
        page.path,
        "/index?page=2",
    )


@pytest.mark.exercise("straight-in")
@pytest.mark.parametrize("target", ["", *ELSEWHERE])
def test_without_a_page_of_this_site_it_leads_to_the_front(visitor, target):
    at = "/register?" + urlencode({"next": target})
    page = visitor.register(ANNA, at=at)
    expect(
        page.url.startswith("http://localhost/")
        and page.path in ("/", "/index"),
        f"Registered with next={target!r}.",
        page.url,
        "the front page",
    )


@pytest.mark.exercise("straight-in")
def test_nothing_of_the_session_before_comes_through_registering(visitor):
    visitor.plant(prepared="by somebody else")
    visitor.register(ANNA)
    with visitor.client.session_transaction() as session:
        left = set(session)
    expect(
        "prepared" not in left,
        "Had something in the session, and registered.",
        f"the session holds {', '.join(sorted(left))}",
        "the login, and nothing from before",
    )


@pytest.mark.exercise("straight-in", holds=True)
@pytest.mark.parametrize("typed", [{"password2": "other"}, {"email": "x"}])
def test_who_is_refused_is_not_logged_in(visitor, typed):
    visitor.register(ANNA, **typed)
    visitor.must_be(None, f"Registered as anna, but with {typed}.")


@pytest.mark.exercise("straight-in", holds=True)
def test_nobody_is_logged_in_to_an_account_that_was_there(site, visitor):
    site.add(SUSAN)
    visitor.register(SUSAN.but(password="another good password"))
    visitor.must_be(None, "Registered the name and the address of susan.")


@pytest.mark.exercise("straight-in", holds=True)
def test_a_login_still_leads_on_and_stays_here(site):
    site.add(SUSAN)
    for target in ("/index?page=2", *ELSEWHERE):
        visitor = site.visitor()
        page = visitor.log_in(SUSAN, "/login?" + urlencode({"next": target}))
        wanted = target if target not in ELSEWHERE else "the front page"
        expect(
            page.path == target
            or (target in ELSEWHERE and page.path in ("/", "/index")),
            f"Logged in with next={target!r}.",
            page.url,
            wanted,
        )
