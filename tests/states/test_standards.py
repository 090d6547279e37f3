"""What standards ask and no step is about: it holds in every snapshot."""

import re

import pytest
from sqlalchemy import inspect

from tests.chapters.expectation import expect

AGES_OR_HINTS = re.compile("expir|valid_until|changed_at|hint|question")


@pytest.mark.holds_from("a-table-of-users", only="snapshots")
def test_a_new_database_has_nobody_in_it(site):
    expect(
        site.count() == 0,
        "Started the program on a new database.",
        f"{site.count()} users",
        "nobody: an account that comes with the program is known to all",
    )


@pytest.mark.holds_from("a-table-of-users", only="snapshots")
def test_nothing_is_kept_that_ages_a_password_or_hints_at_it(site):
    names = inspect(site.User).columns.keys()
    odd = list(filter(AGES_OR_HINTS.search, names))
    expect(
        not odd,
        "Looked at the columns of the class User.",
        ", ".join(odd),
        "no date at which a password ends, no hint and no question",
    )


@pytest.mark.holds_from("a-first-page", only="snapshots")
def test_nothing_for_debugging_answers(site, visitor):
    status = visitor.send("/console").status_code
    expect(
        status == 404 and not site.app.debug,
        "Opened /console, where a debugger would be.",
        f"status {status}, debug {site.app.debug}",
        "404, and app.debug is False",
    )
