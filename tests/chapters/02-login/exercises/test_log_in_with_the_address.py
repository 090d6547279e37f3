"""Exercise: log in with the e-mail address."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import NOBODY, SUSAN

pytestmark = pytest.mark.exercise("log-in-with-the-address")
BY_ADDRESS = SUSAN.but(username=SUSAN.email)


def test_the_address_logs_in(site, visitor):
    site.add(SUSAN)
    visitor.log_in(BY_ADDRESS)
    visitor.must_be(SUSAN, f"Logged in as {SUSAN.email}.")


def test_an_address_leads_to_the_account_that_has_it(site, visitor):
    site.add(NOBODY.but(username=SUSAN.email))
    site.add(SUSAN.but(password="another good password"))
    visitor.log_in(BY_ADDRESS, password="another good password")
    visitor.must_be(
        SUSAN,
        f"Somebody took {SUSAN.email} as a username; susan logged in with her "
        "address.",
    )


def test_the_label_says_that_an_address_may_be_typed(visitor):
    page = visitor.see("/login")
    text = page.label_words(page.identifying_field()["name"])
    expect(
        "mail" in text.lower(),
        "Read the label of the first field of the login form.",
        f"“{text}”",
        "words that say that an e-mail address may be typed",
    )


@pytest.mark.exercise("log-in-with-the-address", holds=True)
def test_the_name_still_logs_in(site, visitor):
    site.add(SUSAN)
    visitor.log_in(SUSAN)
    visitor.must_be(SUSAN, "Logged in with the name susan.")


@pytest.mark.exercise("log-in-with-the-address", holds=True)
def test_an_unknown_address_looks_like_a_wrong_password(site, visitor):
    site.add(SUSAN)
    wrong = visitor.log_in(BY_ADDRESS, password="wrong guess")
    unknown = NOBODY.but(username=NOBODY.email)
    other = site.visitor().log_in(unknown, password="wrong guess")
    said = wrong.error_of("password"), other.error_of("password")
    expect(
        said[0] and said[0] == said[1],
        "Logged in with an address: a wrong password, then an unknown one.",
        f"“{said[0]}” and “{said[1]}”",
        "the same error beside the password for both",
    )
