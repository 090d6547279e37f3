"""Exercise: only for our school."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.signing_in import ZOE, must_be_refused, sign_in

DOMAIN = "school.example.com"
OTHERS = [
    "zoe@example.com",
    f"zoe@evil-{DOMAIN}",
    f"zoe@{DOMAIN}.evil.example.org",
    f"zoe@x.{DOMAIN}",
    "school.example.com@example.com",
]


@pytest.fixture
def school(site_with, provider):
    return site_with(provider, OPENID_EXAMPLE_DOMAIN=DOMAIN)


@pytest.mark.exercise("only-for-our-school")
@pytest.mark.parametrize("email", OTHERS)
def test_an_address_of_another_domain_gets_no_account(school, provider, email):
    visitor = school.visitor()
    page = sign_in(visitor, provider, ZOE.but(email=email))
    done = f"Signed in for the first time with {email}."
    must_be_refused(school, visitor, page, done, 0)


@pytest.mark.exercise("only-for-our-school", holds=True)
@pytest.mark.parametrize("email", [f"zoe@{DOMAIN}", "Zoe@School.Example.Com"])
def test_an_address_of_the_school_gets_an_account(school, provider, email):
    visitor = school.visitor()
    sign_in(visitor, provider, ZOE.but(email=email))
    expect(
        visitor.who(),
        f"Signed in for the first time with {email}.",
        "nobody is logged in",
        "an account: the address is of the school",
    )


@pytest.mark.exercise("only-for-our-school", holds=True)
def test_who_has_an_account_comes_in_with_any_address(school, provider):
    sign_in(school.visitor(), provider, ZOE.but(email=f"zoe@{DOMAIN}"))
    visitor = school.visitor()
    sign_in(visitor, provider, ZOE.but(email="zoe@home.example.org"))
    expect(
        visitor.who(),
        "Signed in again, with an address of another domain.",
        "nobody is logged in",
        "the account of before",
    )


@pytest.mark.exercise("only-for-our-school", holds=True)
def test_it_is_asked_of_one_provider_and_not_of_all(site_with, server):
    one, other = server.provider("one"), server.provider("other")
    site = site_with(one, other, OPENID_ONE_DOMAIN=DOMAIN)
    visitor = site.visitor()
    sign_in(visitor, other, ZOE)
    expect(
        visitor.who(),
        "Named a domain for one provider, and signed in with another.",
        "nobody is logged in",
        "an account",
    )
