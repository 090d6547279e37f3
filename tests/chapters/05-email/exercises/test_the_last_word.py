"""Exercise: the last word."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, MARIA

pytestmark = pytest.mark.exercise("the-last-word")


@pytest.mark.parametrize("email", ["Anna@example.com", "ANNA@EXAMPLE.COM"])
def test_the_database_refuses_an_address_in_other_capitals(site, email):
    site.add(ANNA)
    try:
        site.add(MARIA.but(email=email))
        refused = False
    except IntegrityError:
        refused = True
    expect(
        refused,
        f"Added a row with anna@example.com, and one with {email}, by hand.",
        f"{site.count()} rows",
        "an IntegrityError at the second commit",
    )


def test_a_question_for_lower_is_answered_with_an_index(site):
    asked = "EXPLAIN QUERY PLAN SELECT * FROM user WHERE lower(email) = 'a'"
    with site.session() as session:
        plan = session.execute(text(asked)).one().detail
    expect(
        plan.startswith("SEARCH") and "INDEX" in plan,
        "Asked SQLite how it looks for lower(email) = 'a'.",
        plan,
        "SEARCH user USING INDEX …: an index over func.lower(User.email)",
    )


@pytest.mark.exercise("the-last-word", holds=True)
def test_two_addresses_are_kept_as_before(site):
    site.add(ANNA)
    site.add(MARIA)
    expect(
        site.count() == 2,
        "Added anna and maria, each with her own address.",
        f"{site.count()} rows",
        "two",
    )
