"""Exercise: log out after 15 idle minutes. The clock is moved ahead."""

import time

import pytest

from tests.chapters.people import SUSAN


@pytest.fixture
def pass_minutes(monkeypatch):
    """A function that moves the clock on."""
    now, ahead = time.time, []
    monkeypatch.setattr(time, "time", lambda: now() + 60 * sum(ahead))
    return ahead.append


@pytest.fixture
def susan(site):
    site.add(SUSAN)


@pytest.mark.exercise("log-out-after-15-idle-minutes")
def test_after_16_idle_minutes_nobody_is_logged_in(
    susan, visitor, pass_minutes
):
    visitor.log_in(SUSAN)
    pass_minutes(16)
    visitor.must_be(
        None, "Logged in and came back after 16 minutes, with the same cookie."
    )


@pytest.mark.exercise("log-out-after-15-idle-minutes", holds=True)
def test_who_visits_every_ten_minutes_stays_logged_in(
    susan, visitor, pass_minutes
):
    visitor.log_in(SUSAN)
    for minutes in (10, 20, 30, 40):
        pass_minutes(10)
        visitor.must_be(
            SUSAN,
            f"Logged in and opened a page every 10 minutes, {minutes} minutes "
            "long.",
        )


@pytest.mark.exercise("log-out-after-15-idle-minutes", holds=True)
def test_who_is_remembered_is_still_let_in(susan, visitor, pass_minutes):
    visitor.log_in(SUSAN, remember_me="y")
    pass_minutes(60)
    visitor.must_be(
        SUSAN, "Logged in with “Remember me” and came back after an hour."
    )
