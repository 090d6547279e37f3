"""What the answers to the exercises say of keys and cookies."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN, credentials

ends_of_chapters = pytest.mark.holds_from("log-in", only="snapshots")


@pytest.fixture
def before(site, another):
    """The program as it was: susan ticked “Remember me”."""
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    old = another(database, SECRET_KEY="one")
    old.add(SUSAN)
    visitor = old.visitor()
    visitor.log_in(SUSAN, remember_me="y")
    return visitor


@pytest.fixture
def changed(site, another):
    """A function: a visitor with one old cookie, and other settings."""

    def changed(old, name="session", **config):
        database = site.app.config["SQLALCHEMY_DATABASE_URI"]
        visitor = another(database, **config).visitor()
        visitor.client.set_cookie(name, old.cookie(name).value)
        return visitor

    return changed


@ends_of_chapters
@pytest.mark.parametrize("name", ["session", "remember_token"])
def test_another_key_logs_out_and_leaves_the_passwords(before, changed, name):
    visitor = changed(before, name, SECRET_KEY="two")
    visitor.must_be(None, f"Came with {name} after the key had changed.")
    visitor.log_in(SUSAN)
    visitor.must_be(SUSAN, "Logged in with the password of before.")


@ends_of_chapters
def test_an_older_key_keeps_sessions_and_not_those_remembered(before, changed):
    keys = {"SECRET_KEY": "two", "SECRET_KEY_FALLBACKS": ["one"]}
    visitor = changed(before, "session", **keys)
    visitor.must_be(SUSAN, "Came with a session of the older key.")
    visitor = changed(before, "remember_token", **keys)
    visitor.must_be(None, "Came with “Remember me” of the older key.")


@ends_of_chapters
def test_a_form_that_is_open_is_refused_after_a_change_of_key(before, changed):
    stranger = before.site.visitor()
    page = stranger.see("/login")
    keys = {"SECRET_KEY": "two", "SECRET_KEY_FALLBACKS": ["one"]}
    visitor = changed(stranger, "session", **keys)
    data = page.sent_by(page.form(), **credentials(page, SUSAN))
    status = visitor.send("/login", "POST", data).status_code
    expect(
        status == 400,
        "Sent a form that was open when the key changed.",
        f"status {status}",
        "400: its token was signed with the older key",
    )


@pytest.mark.holds_from(
    "log-in",
    only="snapshots",
    until="a-row-for-each-login",
    because="Each login has a token of its own, and cookies that say so.",
)
def test_no_date_stands_in_the_cookie_of_remember_me(before):
    again = before.site.visitor()
    again.log_in(SUSAN, remember_me="y")
    values = [v.cookie("remember_token").value for v in (before, again)]
    expect(
        values[0] == values[1],
        "Ticked “Remember me” twice and compared the two cookies.",
        " and ".join(values),
        "the same: an id and its signature, and nothing of when",
    )


@ends_of_chapters
def test_refreshing_hands_the_cookie_to_who_did_not_tick(site, another):
    site.add(SUSAN)
    visitor = another(
        site.app.config["SQLALCHEMY_DATABASE_URI"],
        REMEMBER_COOKIE_REFRESH_EACH_REQUEST=True,
    ).visitor()
    visitor.log_in(SUSAN)
    expect(
        visitor.cookie("remember_token"),
        "Logged in without “Remember me” while the cookie is refreshed.",
        "no cookie remember_token",
        "one: the exercise says so of Flask-Login 0.6.3",
    )
