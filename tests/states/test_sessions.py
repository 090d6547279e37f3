"""What chapter 6 says of its logins, beside what its program does."""

import re
from datetime import timedelta

import pytest

from course.chapters import Course
from tests.chapters.expectation import expect
from tests.chapters.people import MARIA, SUSAN


def said_in(text, name):
    """The times in the line of a table that names a setting."""
    line = next(x for x in text.splitlines() if f"`{name}`" in x)
    found = re.findall(r"(\d+) (minutes|hours|days)", line)
    return [timedelta(**{unit: int(number)}) for number, unit in found]


@pytest.mark.holds_from("while-it-is-fresh", only="snapshots")
@pytest.mark.parametrize(
    "name",
    [
        "LOGIN_IDLE",
        "LOGIN_LONGEST",
        "REMEMBER_IDLE",
        "REMEMBER_COOKIE_DURATION",
        "LOGIN_FRESH",
    ],
)
def test_the_lesson_says_how_long_a_login_lasts(site, name):
    chapter = Course().chapter(6)
    said = said_in(chapter.lesson.read_text("utf-8"), name)
    value = site.app.config[name]
    expect(
        value in said,
        f"Read in the lesson of chapter 6 what {name} is.",
        f"{said}, and the program has {value}",
        "the same",
    )


@pytest.mark.holds_from("log-out-every-copy", only="snapshots")
def test_who_runs_the_site_can_end_the_logins_of_a_person(site):
    visitors = [site.visitor() for _ in range(3)]
    people = [SUSAN, SUSAN, MARIA]
    site.add(SUSAN)
    site.add(MARIA)
    for visitor, person in zip(visitors, people, strict=True):
        visitor.log_in(person)
    Login = site.part("models", "Login")
    with site.session() as session:
        user = session.query(site.User).filter_by(username="susan").one()
        Login.end(Login.user_id == user.id)
    for visitor, person in zip(visitors, people, strict=True):
        left = person if person == MARIA else None
        visitor.must_be(left, "Who runs the site ended all logins of susan.")
    with site.session():
        Login.end()
    visitors[-1].must_be(None, "Who runs the site ended every login.")


@pytest.mark.holds_from("log-out-every-copy", only="snapshots")
def test_a_login_by_an_older_key_can_be_ended(site, another):
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    old = another(database, SECRET_KEY="one").visitor()
    site.add(SUSAN)
    old.log_in(SUSAN)
    keys = {"SECRET_KEY": "two", "SECRET_KEY_FALLBACKS": ["one"]}
    visitor = another(database, **keys).visitor()
    visitor.client.set_cookie("session", old.cookie("session").value)
    visitor.must_be(SUSAN, "Came with a session of the older key.")
    visitor.see("/")
    visitor.log_out()
    old.must_be(None, "Logged out elsewhere, after a change of key.")
