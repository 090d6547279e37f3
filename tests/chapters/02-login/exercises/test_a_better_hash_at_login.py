"""Exercise: a better hash at login."""

import hashlib

import pytest
from werkzeug.security import generate_password_hash

from tests.chapters.expectation import expect
from tests.chapters.people import NOBODY, SUSAN

TODAY = "scrypt:32768:8:3"


def stored(site):
    with site.session() as session:
        user = session.query(site.User).filter_by(username=SUSAN.username)
        return user.one().password_hash


@pytest.fixture
def hashed(site):
    """A function: susan is in the table, with a hash made by this method."""

    def hashed(method):
        site.add(SUSAN)
        with site.session() as session:
            user = session.query(site.User).one()
            user.password_hash = generate_password_hash(SUSAN.password, method)
            session.commit()

    return hashed


def must_be_of_today(site, done):
    method = stored(site).partition("$")[0]
    expect(method == TODAY, done, f"a hash made by {method}", TODAY)


@pytest.mark.exercise("a-better-hash-at-login")
def test_a_new_password_is_hashed_at_the_cost_of_today(site):
    site.add(SUSAN)
    must_be_of_today(site, "Set a password and looked at its hash.")


@pytest.mark.exercise("a-better-hash-at-login")
@pytest.mark.parametrize(
    "method", ["scrypt:32768:8:1", "pbkdf2:sha256:1000", "scrypt:32768:8:30"]
)
def test_a_login_makes_an_older_hash_anew(site, hashed, method):
    hashed(method)
    visitor = site.visitor()
    visitor.log_in(SUSAN)
    visitor.must_be(SUSAN, f"Logged in with a hash made by {method}.")
    must_be_of_today(site, f"Logged in with a hash made by {method}.")
    visitor = site.visitor()
    visitor.log_in(SUSAN)
    visitor.must_be(SUSAN, "Logged in, got a new hash, and logged in again.")


@pytest.mark.exercise("a-better-hash-at-login", holds=True)
def test_a_wrong_password_leaves_an_older_hash(site, visitor, hashed):
    hashed("pbkdf2:sha256:1000")
    before = stored(site)
    visitor.log_in(SUSAN, password="wrong guess")
    visitor.must_be(None, "Logged in with a wrong password.")
    expect(
        stored(site) == before,
        "Logged in with a wrong password, and looked at the hash.",
        "another hash",
        "the same: nobody has shown the password",
    )


@pytest.mark.exercise("a-better-hash-at-login", holds=True)
def test_a_hash_of_today_is_left_alone(site, visitor):
    site.add(SUSAN)
    before = stored(site)
    visitor.log_in(SUSAN)
    expect(
        stored(site) == before,
        "Logged in with a hash as set_password makes it.",
        "another hash",
        "the same: there is no reason to write",
    )


@pytest.mark.exercise("a-better-hash-at-login", holds=True)
def test_an_unknown_name_costs_as_much_as_a_hash_of_today(
    site, visitor, monkeypatch
):
    costs, scrypt = [], hashlib.scrypt

    def counted(password, *, n, r, p, **rest):
        costs.append((n, r, p))
        return scrypt(password, n=n, r=r, p=p, **rest)

    site.add(SUSAN)
    monkeypatch.setattr(hashlib, "scrypt", counted)
    visitor.log_in(SUSAN, password="wrong guess")
    wrong = costs.copy()
    costs.clear()
    visitor.log_in(NOBODY, password="wrong guess")
    expect(
        len(wrong) == 1 and costs == wrong,
        "Noted n, r and p of each scrypt: a wrong password, an unknown name.",
        f"{wrong} and {costs}",
        "the same: the clock must not tell who has an account",
    )
