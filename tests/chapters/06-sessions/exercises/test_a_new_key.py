"""Exercise: a new key, and who is remembered stays so."""

import pytest

from tests.chapters.people import SUSAN

KEYS = {"SECRET_KEY": "new", "SECRET_KEY_FALLBACKS": ["older", "old"]}


@pytest.fixture
def member(site, another):
    """Susan, who ticked “Remember me” while the key was the old one."""
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    old = another(database, SECRET_KEY="old")
    old.add(SUSAN)
    visitor = old.visitor()
    visitor.log_in(SUSAN, remember_me="y")
    return visitor


@pytest.fixture
def returned(site, another, member):
    """A function: susan's browser, closed and opened again, by settings."""

    def returned(**config):
        database = site.app.config["SQLALCHEMY_DATABASE_URI"]
        visitor = another(database, **config).visitor()
        value = member.cookie("remember_token").value
        visitor.client.set_cookie("remember_token", value)
        return visitor

    return returned


@pytest.mark.exercise("a-new-key")
def test_who_was_remembered_by_an_older_key_is_let_in(returned):
    visitor = returned(**KEYS)
    visitor.must_be(SUSAN, "Came remembered by a key of SECRET_KEY_FALLBACKS.")
    visitor.see("/")


@pytest.mark.exercise("a-new-key", holds=True)
@pytest.mark.parametrize(
    "config",
    [{"SECRET_KEY": "new"}, KEYS | {"SECRET_KEY_FALLBACKS": ["another"]}],
    ids=["none", "another"],
)
def test_a_key_that_is_not_listed_lets_nobody_in(returned, config):
    visitor = returned(**config)
    visitor.must_be(None, f"Came remembered by a key that is not in {config}.")


@pytest.mark.exercise("a-new-key", holds=True)
def test_a_login_that_is_over_stays_over(member, returned):
    member.see("/")
    visitor = returned(**KEYS)
    member.log_out()
    visitor.must_be(None, "Came remembered, after logging out elsewhere.")
