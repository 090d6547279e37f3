"""Exercise: remember me for 15 minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN


def minutes_left(visitor):
    """For how long the visitor's browser will keep the cookie."""
    cookie = visitor.cookie("remember_token")
    expect(
        cookie and cookie.expires,
        "Logged in with “Remember me” and looked for its cookie.",
        f"{cookie}",
        "the cookie remember_token, with an end",
    )
    return (cookie.expires - datetime.now(UTC)) / timedelta(minutes=1)


@pytest.mark.exercise("remember-me-for-15-minutes")
def test_remembering_takes_15_minutes(site, visitor):
    site.add(SUSAN)
    visitor.log_in(SUSAN, remember_me="y")
    minutes = minutes_left(visitor)
    expect(
        14 < minutes <= 15,
        "Logged in with “Remember me” and read the end of its cookie.",
        f"in {minutes:.0f} minutes",
        "in 15 minutes",
    )


@pytest.mark.exercise("remember-me-for-15-minutes", holds=True)
def test_who_does_not_tick_gets_no_cookie_to_be_remembered_by(site, visitor):
    site.add(SUSAN)
    visitor.log_in(SUSAN)
    visitor.see("/")
    expect(
        visitor.cookie("remember_token") is None,
        "Logged in without “Remember me” and opened two pages.",
        "a cookie remember_token",
        "none: only who ticks is remembered",
    )


@pytest.mark.exercise("remember-me-for-15-minutes", holds=True)
def test_a_duration_in_config_wins(site, another):
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    site.add(SUSAN)
    other = another(database, REMEMBER_COOKIE_DURATION=timedelta(hours=2))
    visitor = other.visitor()
    visitor.log_in(SUSAN, remember_me="y")
    minutes = minutes_left(visitor)
    expect(
        119 < minutes <= 120,
        "Called create_app with REMEMBER_COOKIE_DURATION of two hours.",
        f"a cookie for {minutes:.0f} minutes",
        "120: what `config` holds wins",
    )
