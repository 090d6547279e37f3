"""Exercise: a new password."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN

pytestmark = pytest.mark.exercise("a-new-password")
NEW = "a new and better one"
TYPED = {
    "password": SUSAN.password,
    "new_password": NEW,
    "new_password2": NEW,
}
SHORT = {"new_password": "only 14 long..", "new_password2": "only 14 long.."}


@pytest.fixture
def change(site, visitor):
    """A function: susan, logged in, types this and gets that page."""
    site.add(SUSAN)

    def change(**typed):
        visitor.log_in(SUSAN)
        page = visitor.see("/password")
        return visitor.fill(page, "new_password", **TYPED | typed)

    return change


def must_log_in(site, password, person, done):
    visitor = site.visitor()
    visitor.log_in(SUSAN, password=password)
    visitor.must_be(person, done)


def test_the_new_password_logs_in_and_the_old_one_does_not(site, change):
    change()
    done = "Changed the password, and logged in with the"
    must_log_in(site, NEW, SUSAN, f"{done} new one.")
    must_log_in(site, SUSAN.password, None, f"{done} old one.")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("password", {"password": "not hers at all"}),
        ("password", {"password": ""}),
        (
            "new_password",
            SHORT,
        ),
        ("new_password2", {"new_password2": NEW.upper()}),
    ],
    ids=["wrong", "empty", "short", "different"],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_changes(
    site, change, field, typed
):
    page = change(**typed)
    expect(
        page.status == 200 and page.error_of(field),
        f"Changed the password, but typed {typed}.",
        f"status {page.status}, no error beside {field}",
        f"the form again, with an error beside {field}",
    )
    done = f"Was refused with {typed}, and logged in with the old password."
    must_log_in(site, SUSAN.password, SUSAN, done)


def test_no_password_comes_back_on_the_page(change):
    page = change(password="not hers at all")
    expect(
        NEW not in page.html and "not hers at all" not in page.html,
        "Mistyped the password of today.",
        "what was typed stands in the page",
        "three empty fields",
    )
    page.must_be_whole()
    expect(
        page.soup.find("link", rel="stylesheet"),
        "Looked for the stylesheet in the head of /password.",
        "none",
        'the head of every page: {% extends "base.html" %}',
    )


def test_a_password_manager_can_tell_old_from_new(site, visitor):
    site.add(SUSAN)
    visitor.log_in(SUSAN)
    page = visitor.see("/password")
    found = [page.field(name).get("autocomplete") for name in TYPED]
    wanted = ["current-password", "new-password", "new-password"]
    expect(
        found == wanted,
        f"Read the `autocomplete` of {', '.join(TYPED)}.",
        found,
        wanted,
    )


def test_a_link_on_the_front_page_leads_to_a_new_password(site, visitor):
    site.add(SUSAN)
    visitor.log_in(SUSAN)
    expect(
        visitor.see("/").links_to("/password"),
        "Looked on the front page for the way to /password.",
        "no link",
        "a link: nobody types addresses",
    )


def test_a_stranger_is_asked_to_log_in_for_a_new_password(visitor):
    page = visitor.see("/password")
    expect(
        page.path.startswith("/login"),
        "Opened /password, logged out.",
        f"{page.path}, status {page.status}",
        "the login page",
    )
