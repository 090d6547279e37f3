"""Chapter 5: a name or an address, one address, a page of one's own."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, SUSAN

BUECHER = ANNA.but(email="anna@bücher.de")


@pytest.fixture
def susan(site):
    """Susan, who has an account."""
    site.add(SUSAN)
    return SUSAN


def log_in_with(visitor, typed, person):
    """Log in, with a text in the field that says who someone is."""
    return visitor.log_in(person.but(username=typed))


@pytest.mark.since("name-or-address")
def test_an_address_logs_in_as_a_name_does(visitor, susan):
    log_in_with(visitor, SUSAN.email, SUSAN)
    visitor.must_be(SUSAN, "Logged in with the address susan@example.com.")


@pytest.mark.since("one-address-one-account")
def test_an_address_logs_in_in_another_shape(site, visitor):
    site.add(BUECHER)
    log_in_with(visitor, "anna@xn--bcher-kva.de", BUECHER)
    visitor.must_be(BUECHER, "Logged in as anna@xn--bcher-kva.de.")


@pytest.mark.since("a-page-of-your-own")
def test_the_account_shows_name_and_address(visitor, susan):
    visitor.log_in(SUSAN)
    page = visitor.see("/account")
    said = page.main.get_text(" ", strip=True)
    expect(
        SUSAN.username in said and SUSAN.email in said,
        "Logged in as susan, and opened /account.",
        f"“{said}”",
        "her name and her address",
    )
