"""Chapter 7: whose account it is, and by which ways one gets into it."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, MARIA, SUSAN
from tests.chapters.signing_in import (
    ZOE,
    button,
    buttons,
    come_back,
    grow_old,
    known,
    messages,
    must_be_refused,
    press,
    set_out,
    sign_in,
)

NAME = r"[a-z0-9._-]{1,64}"
AT_PROVIDER = ZOE.but(sub="susan-elsewhere", email=SUSAN.email)


@pytest.fixture
def susan(site):
    """Susan, who has an account with a password."""
    site.add(SUSAN)
    return SUSAN


def must_be_in(visitor, done):
    who = visitor.who()
    expect(who, done, "nobody is logged in", "somebody is logged in")
    return who


def user_named(site, name):
    with site.session() as session:
        return session.query(site.User).filter_by(username=name).one()


# The first sign-in


@pytest.mark.since("the-first-sign-in", about="sign in")
def test_the_first_sign_in_makes_an_account(site, visitor, provider):
    page = sign_in(visitor, provider, ZOE)
    name = must_be_in(visitor, f"Signed in for the first time, as {ZOE}.")
    expect(
        site.count() == 1 and len(messages(page)) == 1,
        "Signed in for the first time.",
        f"{site.count()} accounts, and the messages {messages(page)}",
        "one account, and one message",
    )
    email = user_named(site, name).email
    expect(
        email == ZOE.email,
        "Read the address of the new account.",
        f"{email}",
        f"the one that the provider vouches for, {ZOE.email}",
    )


@pytest.mark.since("the-first-sign-in", about="sign in")
def test_the_next_sign_in_finds_the_same_account(site, provider):
    first, second = site.visitor(), site.visitor()
    sign_in(first, provider, ZOE)
    sign_in(second, provider, ZOE)
    names = {must_be_in(v, "Signed in twice.") for v in (first, second)}
    expect(
        len(names) == 1 and site.count() == 1,
        "Signed in twice as the same person.",
        f"{sorted(names)}, and {site.count()} accounts",
        "one account",
    )


@pytest.mark.since("the-first-sign-in", about="sign in")
def test_it_is_the_identity_that_counts_and_not_the_address(site, provider):
    first, moved, other = (site.visitor() for _ in range(3))
    sign_in(first, provider, ZOE)
    sign_in(moved, provider, ZOE.but(email="zoe@elsewhere.example"))
    sign_in(other, provider, ZOE.but(sub="somebody else"))
    names = [visitor.who() for visitor in (first, moved, other)]
    expect(
        names[0] and names[0] == names[1] and names[2] is None,
        "Signed in; with another address then; and as somebody else who "
        "has the first address now.",
        f"logged in as {names}",
        "the same account twice, and nobody",
    )


@pytest.mark.since("the-first-sign-in", about="sign in")
def test_one_subject_at_two_providers_is_two_people(site_with, server):
    one, other = server.provider("one"), server.provider("other")
    site = site_with(one, other)
    first, second = site.visitor(), site.visitor()
    sign_in(first, one, ZOE)
    sign_in(second, other, ZOE.but(email="another@example.com"))
    names = {first.who(), second.who()} - {None}
    expect(
        len(names) == 2 and site.count() == 2,
        f"Came from two providers that both say {ZOE.sub}.",
        f"logged in as {sorted(names)}, with {site.count()} accounts",
        "two accounts: a subject is one of its provider's",
    )


TAKEN = ["susan@example.com", "SUSAN@Example.com", " susan@example.com "]


@pytest.mark.holds_from("the-first-sign-in", about="not taken over")
@pytest.mark.parametrize("email", TAKEN)
def test_an_address_that_has_an_account_is_not_taken_over(
    site, visitor, provider, susan, email
):
    page = sign_in(visitor, provider, ZOE.but(email=email))
    done = f"Signed in for the first time with {email!r}, susan's address."
    must_be_refused(site, visitor, page, done, 1)


NOBODY_VOUCHES = {
    "not verified": {"email_verified": False},
    "verified by a text": {"email_verified": "true"},
    "verified by a number": {"email_verified": 1},
    "verified by nobody": {"email_verified": None},
    "no address": {"email": None},
    "an empty one": {"email": ""},
    "a number": {"email": 5},
    "a list": {"email": ["zoe@example.com"]},
    "no address at all": {"email": "zoe"},
    "two lines": {"email": "zoe@example.com\nBcc: all@example.com"},
    "a long one": {"email": "z" * 60 + "@" + "long." * 20 + "example"},
}


@pytest.mark.since("the-first-sign-in", about="vouched for")
def test_an_account_needs_an_address_that_is_vouched_for(site, provider):
    sign_in(visitor := site.visitor(), provider, ZOE)
    must_be_in(visitor, "Signed in with an address that is vouched for.")
    for what, changes in NOBODY_VOUCHES.items():
        claims = ZOE.but(sub="other", **{"email": "o@example.com"} | changes)
        visitor = site.visitor()
        page = sign_in(visitor, provider, claims)
        done = f"Signed in for the first time; the address: {what}."
        must_be_refused(site, visitor, page, done, 1)


@pytest.mark.since("the-first-sign-in", about="sign in")
def test_nobody_logs_in_to_such_an_account_with_a_password(site, provider):
    sign_in(visitor := site.visitor(), provider, ZOE)
    name = must_be_in(visitor, "Signed in for the first time.")
    for password in ("", " ", "None", "correct horse battery"):
        stranger = site.visitor()
        stranger.log_in(SUSAN.but(username=name, password=password))
        stranger.must_be(None, f"Logged in as {name} with {password!r}.")


@pytest.mark.since("the-first-sign-in", about="sign in")
def test_signing_in_starts_a_session_with_nothing_in_it(visitor, provider):
    visitor.plant(prepared="by somebody else")
    sign_in(visitor, provider, ZOE)
    must_be_in(visitor, "Had something in the session, and signed in.")
    left = set(visitor.session)
    expect(
        not {name for name in left if not name.startswith(("_", "csrf"))}
        and not any(name.startswith("_state") for name in left),
        "Had something in the session, and signed in.",
        f"the session holds {', '.join(sorted(left))}",
        "the login, and nothing from before",
    )


@pytest.mark.since("the-first-sign-in", about="sign in")
def test_a_login_by_a_provider_ends_as_any_other(visitor, provider):
    import time_machine

    longest = visitor.site.app.config["LOGIN_LONGEST"]
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        sign_in(visitor, provider, ZOE)
        must_be_in(visitor, "Signed in.")
        clock.shift(longest + timedelta(minutes=1))
        visitor.must_be(None, f"Signed in, and {longest} went by.")


@pytest.mark.since("the-first-sign-in", about="twice at once")
def test_two_first_sign_ins_at_once_make_one_account(
    site, provider, monkeypatch
):
    """Both have looked who it is, and neither has saved it."""
    together = threading.Barrier(2, timeout=5)
    meet = site.User.__init__

    def waiting(user, *args, **values):
        together.wait()
        meet(user, *args, **values)

    visitors = [site.visitor() for _ in range(2)]
    ways = [
        provider.allow(set_out(v, provider), **known(ZOE)) for v in visitors
    ]
    monkeypatch.setattr(site.User, "__init__", waiting)
    with ThreadPoolExecutor() as threads:
        both = zip(visitors, ways, strict=True)
        visits = [threads.submit(v.open, way) for v, way in both]
    for visit in visits:
        visit.result()
    expect(
        site.count() == 1,
        "Came back twice at the same moment, for the first time.",
        f"{site.count()} accounts",
        "one account; the other one is told that it did not work",
    )


# A name that fits


FITTING = {
    "zoe": "zoe",
    "Zoe": "zoe",
    "Zoe Miller": "zoe-miller",
    "zoe_m.1-x": "zoe_m.1-x",
    "  zoe  ": "zoe",
}
ODD = ["Zoë Q!", "李明", "--", "", " ", "z" * 1000, "a\nb", 5, ["zoe"], "\x00"]


@pytest.mark.since("a-name-that-fits", about="name")
@pytest.mark.parametrize("nickname", FITTING)
def test_the_nickname_becomes_the_name_by_the_rules(
    visitor, provider, nickname
):
    sign_in(visitor, provider, ZOE.but(nickname=nickname))
    name = visitor.who()
    expect(
        name == FITTING[nickname],
        f"Signed in for the first time with the nickname {nickname!r}.",
        f"the name {name!r}",
        FITTING[nickname],
    )


@pytest.mark.holds_from("a-name-that-fits", about="name")
def test_no_nickname_breaks_the_rules_for_names(site, provider):
    for number, nickname in enumerate(ODD):
        claims = ZOE.but(sub=str(number), email=f"z{number}@example.com")
        visitor = site.visitor()
        sign_in(visitor, provider, claims.but(nickname=nickname))
        name = visitor.who()
        expect(
            name and re.fullmatch(NAME, name),
            f"Signed in for the first time with the nickname {nickname!r}.",
            f"the name {name!r}",
            "a to z, 0 to 9, dots, _ and -, 64 at most",
        )


@pytest.mark.since("a-name-that-fits", about="name")
def test_without_a_nickname_the_address_gives_the_name(visitor, provider):
    claims = ZOE.but(nickname=None, email="zoe.miller@example.com")
    sign_in(visitor, provider, claims)
    expect(
        visitor.who() == "zoe.miller",
        f"Signed in as {claims.email}, without a nickname.",
        f"the name {visitor.who()!r}",
        "zoe.miller",
    )


@pytest.mark.since("a-name-that-fits", about="name")
def test_a_name_that_is_taken_gets_an_ending(site, provider, susan):
    names = []
    for number in range(3):
        claims = ZOE.but(sub=str(number), email=f"s{number}@example.com")
        sign_in(
            visitor := site.visitor(), provider, claims.but(nickname="SUSAN")
        )
        names.append(visitor.who())
    expect(
        len({*names, SUSAN.username}) == 4
        and all((name or "").startswith("susan") for name in names),
        "Signed in three times for the first time, called susan.",
        f"the names {names}",
        "three other names that start with it",
    )


# There and back


@pytest.mark.since("there-and-back", about="there and back")
def test_signing_in_leads_to_the_page_first_asked_for(visitor, provider):
    at = "/login?" + urlencode({"next": "/index?page=2"})
    page = sign_in(visitor, provider, ZOE, at)
    expect(
        page.path == "/index?page=2",
        "Was on the way to /index?page=2, and signed in.",
        page.path,
        "/index?page=2",
    )


ELSEWHERE = ["//other.example", "https://other.example/", "/\\other.example"]


@pytest.mark.holds_from(
    "the-first-sign-in", belongs="there-and-back", about="there and back"
)
@pytest.mark.parametrize("target", ["", *ELSEWHERE])
def test_signing_in_leads_to_no_other_site(visitor, provider, target):
    at = "/login?" + urlencode({"next": target})
    page = sign_in(visitor, provider, ZOE, at)
    expect(
        page.url.startswith("http://localhost/")
        and page.path in ("/", "/index"),
        f"Signed in with next={target!r}.",
        page.url,
        "the front page",
    )


@pytest.mark.since("there-and-back", about="there and back")
def test_the_page_first_asked_for_survives_a_refusal(visitor, provider):
    at = "/login?" + urlencode({"next": "/index?page=2"})
    page = visitor.open(provider.deny(set_out(visitor, provider, at)))
    end = sign_in(visitor, provider, ZOE, at=page.path)
    expect(
        end.path == "/index?page=2",
        "Was on the way to /index?page=2, pressed Deny, and signed in then.",
        end.path,
        "/index?page=2",
    )


@pytest.mark.since("there-and-back", about="there and back")
def test_remember_me_survives_the_way_there_and_back(visitor, provider):
    sign_in(visitor, provider, ZOE, remember_me="y")
    visitor.client.delete_cookie("session")
    must_be_in(visitor, "Ticked “Remember me”, signed in, closed the browser.")


@pytest.mark.holds_from("the-first-sign-in", about="there and back")
def test_who_did_not_ask_is_not_remembered(visitor, provider):
    sign_in(visitor, provider, ZOE)
    visitor.client.delete_cookie("session")
    visitor.must_be(None, "Signed in without “Remember me”.")


@pytest.mark.since("there-and-back", about="there and back")
def test_many_tries_do_not_fill_the_cookie(visitor, provider):
    sizes = []
    for _ in range(4):
        visitor.open(provider.deny(set_out(visitor, provider)))
        sizes.append(len(visitor.cookie("session").value))
    expect(
        sizes[-1] < sizes[0] + 100,
        "Set out and pressed Deny, four times.",
        f"a session cookie of {sizes} bytes; browsers keep some 4,000",
        "no more in it than after one try",
    )


# Connect it


def member(site, person=SUSAN):
    visitor = site.visitor()
    visitor.log_in(person)
    return visitor


def connect(visitor, provider, claims=AT_PROVIDER):
    return sign_in(visitor, provider, claims, "/account", "connect")


@pytest.mark.since("connect-it", about="connect")
def test_a_member_connects_a_provider_and_signs_in_with_it(
    site, provider, susan
):
    page = connect(member(site), provider)
    expect(
        page.path == "/account" and len(messages(page)) == 1,
        "Logged in as susan, and connected a provider.",
        f"{page.path}, with the messages {messages(page)}",
        "her account, with one message",
    )
    sign_in(visitor := site.visitor(), provider, AT_PROVIDER)
    visitor.must_be(SUSAN, "Connected a provider, and signed in with it.")


@pytest.mark.since("connect-it", about="connect")
def test_what_is_connected_is_told_on_the_account(site, provider, susan):
    visitor = member(site)
    connect(visitor, provider)
    page = visitor.see("/account")
    texts = [b.get_text(" ", strip=True) for b in buttons(page, "example")]
    expect(
        "example" in page.main.get_text().lower()
        and not any(text.lower().startswith("connect") for text in texts),
        "Connected Example, and looked at the account.",
        f"the buttons {texts}",
        "no button to connect it; it is connected",
    )


def must_be_asked_first(page, done):
    expect(
        page.path.split("?")[0] == "/confirm" and messages(page),
        done,
        f"{page.path}, with the messages {messages(page)}",
        "/confirm, with a message: it has to be a fresh login",
    )


@pytest.mark.since("connect-it", about="fresh")
def test_connecting_takes_a_fresh_login(site, provider, susan):
    visitor = member(site)
    page = visitor.see("/account")
    one = button(page, "example", "connect")
    grow_old(visitor)
    response = press(visitor, page, one)
    came = visitor.open(response.headers["Location"])
    must_be_asked_first(
        came, "Pressed Connect with a login that is not fresh."
    )
    visitor.fill(came, password=SUSAN.password)
    page = connect(visitor, provider)
    expect(
        page.path == "/account",
        "Confirmed, and pressed Connect once more.",
        page.path,
        "the account, and it is connected",
    )


@pytest.mark.since("connect-it", about="fresh")
def test_a_login_that_grew_old_on_the_way_connects_nothing(
    site, provider, susan
):
    visitor = member(site)
    away = set_out(visitor, provider, "/account", "connect")
    grow_old(visitor)
    page = come_back(visitor, provider, AT_PROVIDER, away)
    must_be_asked_first(
        page, "Came back when the login was not fresh any more."
    )
    sign_in(other := site.visitor(), provider, AT_PROVIDER)
    other.must_be(None, "Signed in with what was not connected.")


@pytest.mark.since("connect-it", about="connect")
def test_what_lets_somebody_in_cannot_be_connected_to_another(
    site, provider, susan
):
    site.add(MARIA)
    connect(member(site), provider)
    page = connect(member(site, MARIA), provider)
    expect(
        len(messages(page)) == 1,
        "Connected as maria what lets susan in.",
        f"the messages {messages(page)}",
        "one, that it cannot be",
    )
    sign_in(visitor := site.visitor(), provider, AT_PROVIDER)
    visitor.must_be(SUSAN, "Tried to connect it to maria, and signed in.")


@pytest.mark.since("connect-it", about="connect")
def test_a_member_whom_nobody_vouches_for_stays_logged_in(
    site, provider, susan
):
    visitor = member(site)
    away = set_out(visitor, provider, "/account", "connect")
    page = visitor.open(provider.deny(away))
    visitor.must_be(SUSAN, "Pressed Deny when connecting.")
    expect(
        page.path == "/account" and len(messages(page)) == 1,
        "Pressed Deny when connecting.",
        f"{page.path}, with the messages {messages(page)}",
        "the account, with one message",
    )


@pytest.mark.holds_from("connect-it", about="connect")
def test_who_only_signs_in_connects_nothing(site, provider, susan):
    """Susan set out as a stranger, and logged in in another tab."""
    visitor = site.visitor()
    away = set_out(visitor, provider)
    visitor.log_in(SUSAN)
    come_back(visitor, provider, AT_PROVIDER, away)
    sign_in(other := site.visitor(), provider, AT_PROVIDER)
    other.must_be(None, "Signed in with what was never connected.")


# The last way in


def disconnect(visitor, name="example"):
    page = visitor.see("/account")
    one = button(page, name, "disconnect")
    return visitor.open(press(visitor, page, one).headers["Location"])


@pytest.mark.since("the-last-way-in", about="disconnect")
def test_a_member_disconnects_what_was_connected(site, provider, susan):
    visitor = member(site)
    connect(visitor, provider)
    page = disconnect(visitor)
    expect(
        page.path == "/account" and len(messages(page)) == 1,
        "Disconnected a provider.",
        f"{page.path}, with the messages {messages(page)}",
        "the account, with one message",
    )
    sign_in(other := site.visitor(), provider, AT_PROVIDER)
    other.must_be(None, "Signed in with what was disconnected.")


@pytest.mark.since("the-last-way-in", about="disconnect")
def test_the_only_way_in_has_to_stay(site, visitor, provider):
    sign_in(visitor, provider, ZOE)
    name = must_be_in(visitor, "Signed in for the first time.")
    page = disconnect(visitor)
    sign_in(other := site.visitor(), provider, ZOE)
    expect(
        len(messages(page)) == 1 and page.soup.find(role="alert"),
        "Pressed Disconnect, where it is the only way in.",
        f"the messages {messages(page)}",
        "one, a warning or a danger: it stays",
    )
    expect(
        other.who() == name,
        "Disconnected the only provider of an account without a password, "
        "and signed in again.",
        f"logged in as {other.who()}",
        f"{name}: the only way in has to stay",
    )


@pytest.mark.since("the-last-way-in", about="disconnect")
def test_of_two_ways_in_one_may_go(site_with, server):
    one, other = server.provider("one"), server.provider("other")
    site = site_with(one, other)
    sign_in(visitor := site.visitor(), one, ZOE)
    name = must_be_in(visitor, "Signed in for the first time.")
    sign_in(visitor, other, ZOE, "/account", "connect")
    disconnect(visitor, "one")
    disconnect(visitor, "other")
    sign_in(first := site.visitor(), one, ZOE)
    sign_in(second := site.visitor(), other, ZOE)
    expect(
        (first.who(), second.who()) == (None, name),
        "Connected two providers, disconnected the first and then the other.",
        f"the first lets in {first.who()}, the other {second.who()}",
        f"None and {name}",
    )


@pytest.mark.since("the-last-way-in", about="disconnect")
def test_a_provider_that_is_asked_no_more_is_no_way_in(
    site_with, server, tmp_path
):
    one, other = server.provider("one"), server.provider("other")
    file = f"sqlite:///{tmp_path / 'kept.db'}"
    site = site_with(one, other, SQLALCHEMY_DATABASE_URI=file)
    sign_in(visitor := site.visitor(), one, ZOE)
    sign_in(visitor, other, ZOE, "/account", "connect")
    later = site_with(one, SQLALCHEMY_DATABASE_URI=file)
    sign_in(visitor := later.visitor(), one, ZOE)
    name = must_be_in(visitor, "Signed in.")
    disconnect(visitor, "one")
    sign_in(again := later.visitor(), one, ZOE)
    expect(
        again.who() == name,
        "Connected two providers, took one of them from the settings, and "
        "disconnected the other.",
        f"it lets in {again.who()}",
        f"{name}: it was the only way in that is left",
    )


@pytest.mark.since("the-last-way-in", about="fresh")
def test_disconnecting_takes_a_fresh_login(site, provider, susan):
    visitor = member(site)
    connect(visitor, provider)
    page = visitor.see("/account")
    one = button(page, "example", "disconnect")
    grow_old(visitor)
    came = visitor.open(press(visitor, page, one).headers["Location"])
    must_be_asked_first(came, "Pressed Disconnect, with a login not fresh.")
    sign_in(other := site.visitor(), provider, AT_PROVIDER)
    other.must_be(SUSAN, "Did not confirm, and signed in elsewhere.")


@pytest.mark.since("the-last-way-in", about="disconnect")
def test_a_stranger_disconnects_nothing(site, provider, susan):
    visitor = member(site)
    connect(visitor, provider)
    page = visitor.see("/account")
    one = button(page, "example", "disconnect")
    stranger = site.visitor()
    token = stranger.see("/login").token()
    response = press(stranger, page, one, csrf_token=token)
    expect(
        response.status_code in (302, 303, 401),
        "Pressed Disconnect without a login.",
        f"status {response.status_code}",
        "asked to log in",
    )
    sign_in(other := site.visitor(), provider, AT_PROVIDER)
    other.must_be(SUSAN, "A stranger pressed Disconnect; signed in then.")


def is_fresh(visitor):
    with visitor.client.session_transaction() as session:
        return bool(session.get("_fresh"))


@pytest.mark.since("the-last-way-in", about="confirm")
def test_a_provider_can_confirm_that_it_is_you(visitor, provider):
    sign_in(visitor, provider, ZOE, remember_me="y")
    name = must_be_in(visitor, "Signed in.")
    grow_old(visitor)
    page = sign_in(visitor, provider, ZOE, "/confirm?next=/account", "confirm")
    expect(
        is_fresh(visitor) and visitor.who() == name,
        "Confirmed with the provider.",
        f"logged in as {visitor.who()}; fresh: {is_fresh(visitor)}",
        f"{name}, with a fresh login",
    )
    expect(
        page.path == "/account" and messages(page),
        "Was on the way to /account, and confirmed with the provider.",
        f"{page.path}, with the messages {messages(page)}",
        "/account, with a message",
    )


@pytest.mark.since("the-last-way-in", about="confirm")
def test_a_provider_that_confirms_is_asked_to_ask_again(visitor, provider):
    sign_in(visitor, provider, ZOE)
    must_be_in(visitor, "Signed in.")
    asked = provider.read(set_out(visitor, provider, "/confirm", "confirm"))
    expect(
        asked.get("prompt") == "login",
        "Read what a provider is asked for by who confirms.",
        f"prompt={asked.get('prompt')}",
        "prompt=login: it is to ask for the password again",
    )


@pytest.mark.since("the-last-way-in", about="confirm")
@pytest.mark.parametrize("whose", ["nobody's", "another's"])
def test_somebody_else_confirms_nothing(site, visitor, provider, whose):
    other = ZOE.but(sub="other", email="other@example.com")
    if whose == "another's":
        sign_in(site.visitor(), provider, other)
    sign_in(visitor, provider, ZOE)
    name = must_be_in(visitor, "Signed in.")
    users = site.count()
    grow_old(visitor)
    sign_in(visitor, provider, other, "/confirm", "confirm")
    expect(
        not is_fresh(visitor)
        and visitor.who() == name
        and site.count() == users,
        f"Confirmed with {whose} identity.",
        f"logged in as {visitor.who()}, fresh: {is_fresh(visitor)}, "
        f"{site.count()} accounts",
        f"{name}, not fresh, and {users} accounts",
    )


@pytest.mark.holds_from("the-last-way-in", about="confirm")
def test_a_member_still_confirms_with_the_password(site, susan):
    visitor = member(site)
    grow_old(visitor)
    page = visitor.see("/confirm?next=/account")
    visitor.fill(page, password=SUSAN.password)
    expect(
        is_fresh(visitor),
        "Confirmed with the password.",
        "a login that is not fresh",
        "a fresh login, as before",
    )


@pytest.mark.since("the-last-way-in", about="disconnect")
def test_without_a_password_there_is_none_to_change(site, visitor, provider):
    sign_in(visitor, provider, ZOE)
    must_be_in(visitor, "Signed in for the first time.")
    links = visitor.see("/account").links_to("/account/password")
    expect(
        not links,
        "Looked at the account of who has no password.",
        "a link to change it",
        "no link: they cannot type the present one",
    )
    site.add(ANNA)
    links = member(site, ANNA).see("/account").links_to("/account/password")
    expect(
        links,
        "Looked at the account of anna, who has a password.",
        "no link to change it",
        "the link, as before",
    )
