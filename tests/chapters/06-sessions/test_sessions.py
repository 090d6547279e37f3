"""Chapter 6: a row for each login, its end, and asking again."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN

COOKIES = ("session", "remember_token")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEW = "a new and longer password"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def susan(site):
    """Susan, who has an account."""
    site.add(SUSAN)
    return SUSAN


@pytest.fixture
def clock():
    """Noon of a day; `clock.shift(…)` moves it on."""
    import time_machine

    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def member(site, **typed):
    """A visitor who is logged in as susan."""
    visitor = site.visitor()
    visitor.log_in(SUSAN, **typed)
    return visitor


def remembered(site):
    return member(site, remember_me="y")


def copy_of(visitor, name="session"):
    """Another browser, with a copy of one cookie."""
    other = visitor.site.visitor()
    other.client.set_cookie(name, visitor.cookie(name).value)
    return other


# A row for each login


@pytest.mark.since("a-row-for-each-login", about="token")
@pytest.mark.parametrize("name", COOKIES)
def test_each_login_has_a_cookie_of_its_own(site, susan, name):
    first, second = remembered(site), remembered(site)
    same = held_by(first, name) == held_by(second, name)
    expect(
        not same,
        f"Logged in with two browsers, and compared what {name} holds.",
        f"{held_by(first, name)!r} both times",
        "a token of its own in each: get_id",
    )


def held_by(visitor, name):
    """What a cookie of a visitor says of who that is."""
    if name == "session":
        return visitor.session.get("_user_id")
    return visitor.cookie(name).value.rpartition("|")[0]


# Log out every copy


@pytest.mark.since("log-out-every-copy", about="ended")
@pytest.mark.parametrize("name", COOKIES)
def test_logging_out_ends_each_copy_of_a_cookie(site, susan, name):
    visitor = remembered(site)
    copy = copy_of(visitor, name)
    visitor.log_out()
    copy.must_be(None, f"Copied the cookie {name}, logged out, sent the copy.")


# Until when


@pytest.mark.since("until-when", about="until when")
def test_a_login_that_nobody_uses_ends(site, susan, clock):
    visitor = member(site)
    clock.shift(31 * MINUTE)
    visitor.must_be(None, "Logged in, and came back after 31 minutes.")


# Where you are logged in


@pytest.mark.since("where-you-are-logged-in", about="list")
def test_the_account_lists_the_browsers(site, susan):
    visitor, phone = member(site), site.visitor()
    phone.client.environ_base["HTTP_USER_AGENT"] = "Telephone/7"
    phone.log_in(SUSAN)
    said = visitor.see("/account").main.get_text(" ", strip=True)
    expect(
        "Telephone/7" in said,
        "Logged in with Telephone/7 too, and opened /account here.",
        f"“{said}”",
        "both browsers, by the names that they give themselves",
    )


# Log out there


@pytest.mark.since("log-out-there", about="ended there")
def test_one_login_ends_all_others(site, susan):
    here, *others = (member(site) for _ in range(3))
    press(here, "others")
    here.must_be(SUSAN, "Logged out everywhere else.")
    for other in others:
        other.must_be(None, "Was logged out from another browser.")


def press(visitor, value=None):
    """Press a button of the list of logins: the one with a value."""
    page = visitor.see("/account")
    buttons = page.main.find_all("button", attrs={"name": "end"})
    found = [b for b in buttons if value in (None, b.get("value"))]
    expect(
        found,
        "Looked on /account for a button that ends logins.",
        f"{[str(b) for b in buttons]}",
        f'one with name="end" and value="{value or "…"}"',
    )
    token = page.main.find(attrs={"name": "csrf_token"})
    data = {"end": found[0]["value"], "csrf_token": token and token["value"]}
    return visitor.open("/account", "POST", data)


# Ask again


@pytest.mark.since("ask-again", about="asked again")
def test_who_types_the_password_again_has_a_login_anew(site, susan):
    visitor = member(site)
    copy = copy_of(visitor)
    visitor.fill(visitor.see("/confirm"), password=SUSAN.password)
    visitor.must_be(SUSAN, "Typed the password again at /confirm.")
    copy.must_be(None, "Came with a copy of the cookie of before.")


# While it is fresh


@pytest.mark.since("while-it-is-fresh", about="fresh")
def test_to_end_others_asks_who_has_not_typed_it_for_long(site, susan, clock):
    here, there = member(site), member(site)
    clock.shift(16 * MINUTE)
    page = press(here, "others")
    there.must_be(SUSAN, "Was to be logged out by a login of 16 minutes.")
    expect(
        page.path.startswith("/confirm?next="),
        "Logged in, and ended all others 16 minutes later.",
        page.path,
        "the page that asks for the password again",
    )


# Change the password


@pytest.mark.since("change-the-password", about="new password")
def test_a_new_password_logs_in_and_ends_all_others(site, susan):
    here, there = member(site), member(site)
    change(here)
    here.must_be(SUSAN, "Changed the password.")
    there.must_be(None, "Was logged in elsewhere when the password changed.")
    visitor = site.visitor()
    visitor.log_in(SUSAN.but(password=NEW))
    visitor.must_be(SUSAN, "Logged in with the new password.")


def change(visitor, **typed):
    usual = {"old_password": SUSAN.password, "password": NEW, "password2": NEW}
    page = visitor.see("/account/password")
    return visitor.fill(page, "old_password", **usual | typed)


# A better hash


@pytest.mark.since("a-better-hash", about="better hash")
@pytest.mark.parametrize("method", ["scrypt:32768:8:1", "pbkdf2:sha256:1000"])
def test_an_older_hash_is_renewed_at_the_login(site, susan, method):
    from werkzeug.security import generate_password_hash

    with site.session() as session:
        user = session.query(site.User).one()
        user.password_hash = generate_password_hash(SUSAN.password, method)
        session.commit()
    site.visitor().log_in(SUSAN)
    with site.session() as session:
        stored = session.query(site.User).one().password_hash
    expect(
        stored.startswith("scrypt:32768:8:3$"),
        f"Logged in with a password that was hashed with {method}.",
        f"the hash is {stored[:20]}…",
        "scrypt:32768:8:3$…",
    )
