"""Exercise: a display name."""

import pytest
from sqlalchemy import inspect

from tests.chapters.expectation import expect
from tests.chapters.people import MARIA, SUSAN

pytestmark = pytest.mark.exercise("a-display-name")
HARBOUR = "Susan of the Harbour"


@pytest.fixture
def add(site):
    """A function: put a person with a display name into the table."""
    columns = inspect(site.User).columns
    expect(
        "display_name" in columns,
        "Looked at the columns of the class User.",
        ", ".join(columns.keys()),
        "a column display_name",
    )

    def add(person, display_name):
        site.add(person)
        with site.session() as session:
            users = session.query(site.User)
            user = users.filter_by(username=person.username).one()
            user.display_name = display_name
            session.commit()

    return add


def must_show(page, text, done):
    expect(
        text in page.main.get_text(),
        done,
        f"“{text}” is not on the page",
        f"“{text}”",
    )


def test_a_display_name_is_shown(add, visitor):
    add(SUSAN, HARBOUR)
    must_show(visitor.see("/"), HARBOUR, f"Called susan “{HARBOUR}”.")


def test_who_has_no_display_name_is_shown_by_username(add, visitor):
    add(SUSAN, HARBOUR)
    add(MARIA, None)
    must_show(visitor.see("/"), MARIA.username, "Gave maria no display name.")


def test_two_may_have_one_display_name(add, visitor):
    add(SUSAN, HARBOUR)
    add(MARIA, HARBOUR)
    shown = visitor.see("/").main.get_text().count(HARBOUR)
    expect(
        shown == 2,
        f"Called susan and maria “{HARBOUR}”.",
        f"the name is there {shown} times",
        "twice",
    )


def test_there_is_room_for_a_display_name(site, add):
    room = inspect(site.User).columns["display_name"].type.length
    expect(
        room is None or room >= 64,
        "Measured the column display_name.",
        f"room for {room} characters",
        "room for 64",
    )


def test_a_display_name_is_shown_as_it_was_written(add, visitor):
    odd = "<b>Susan</b> & Co"
    add(SUSAN, odd)
    page = visitor.see("/")
    must_show(page, odd, f"Called susan “{odd}”.")
    page.must_be_whole()
