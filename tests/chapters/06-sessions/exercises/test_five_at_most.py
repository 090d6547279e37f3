"""Exercise: five logins of one member at most. The clock is moved on."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.chapters.people import MARIA, SUSAN

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    import time_machine

    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as clock:
        yield clock


def browsers(site, clock, number, person=SUSAN):
    """So many browsers, logged in with two minutes between them."""
    found = []
    for _ in range(number):
        clock.shift(2 * MINUTE)
        found.append(site.visitor())
        found[-1].log_in(person)
    return found


@pytest.mark.exercise("five-at-most", holds=True)
def test_five_browsers_are_in(site, clock):
    site.add(SUSAN)
    for each in browsers(site, clock, 5):
        each.must_be(SUSAN, "Logged in with five browsers.")


@pytest.mark.exercise("five-at-most")
def test_the_sixth_ends_the_one_that_was_not_used_for_longest(site, clock):
    site.add(SUSAN)
    first, second, *rest = browsers(site, clock, 5)
    clock.shift(2 * MINUTE)
    first.must_be(SUSAN, "Logged in with five browsers, and used the first.")
    (sixth,) = browsers(site, clock, 1)
    second.must_be(None, "Another browser logged in as the sixth.")
    for each in (first, *rest, sixth):
        each.must_be(SUSAN, "Used lately, or logged in as the sixth.")


@pytest.mark.exercise("five-at-most")
def test_logins_that_are_over_are_not_counted(site, clock):
    site.add(SUSAN)
    browsers(site, clock, 5)
    clock.shift(31 * MINUTE)
    own = browsers(site, clock, 5)
    for each in own:
        each.must_be(SUSAN, "Logged in with five, after five that are over.")
    clock.shift(2 * MINUTE)
    for each in own[1:]:
        each.must_be(SUSAN, "Used four of them once more.")
    browsers(site, clock, 1)
    own[0].must_be(None, "Another browser logged in as the sixth.")


@pytest.mark.exercise("five-at-most")
def test_a_setting_says_how_many(site, another, clock):
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    alone = another(database, LOGINS_AT_MOST=1)
    alone.add(SUSAN)
    first, second = browsers(alone, clock, 2)
    first.must_be(None, "Logged in once more, with LOGINS_AT_MOST = 1.")
    second.must_be(SUSAN, "Logged in as the newest.")


@pytest.mark.exercise("five-at-most", holds=True)
def test_nobody_else_is_thrown_out(site, clock):
    site.add(SUSAN)
    site.add(MARIA)
    (maria,) = browsers(site, clock, 1, MARIA)
    browsers(site, clock, 6)
    maria.must_be(MARIA, "Susan logged in with six browsers.")
