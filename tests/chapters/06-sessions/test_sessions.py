"""Chapter 6: a row for each login, its end, and asking again."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, MARIA, SUSAN
from tests.chapters.visitor import HOST

COOKIES = ("session", "remember_token")
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)  # after any program's start
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEW = "a new and longer password"
FRONT = ("/", "/index")


@pytest.fixture
def susan(site):
    """Susan, who has an account."""
    site.add(SUSAN)
    return SUSAN


@pytest.fixture
def clock():
    """Noon of a day to come; `clock.shift(…)` moves it on."""
    import time_machine

    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def statements(site):
    """The statements that the program sends to its database, as they come."""
    sent = []

    def note(connection, cursor, statement, *rest):
        sent.append(" ".join(statement.split()))

    with site.app.app_context():
        engine = site.db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def member(site, browser="Werkzeug/3", person=SUSAN, **typed):
    """A visitor who is logged in, as susan where nobody else is said."""
    visitor = site.visitor()
    visitor.client.environ_base["HTTP_USER_AGENT"] = browser
    visitor.answer_to_login(person, **typed)
    return visitor


def remembered(site):
    return member(site, remember_me="y")


def member_by(site, ticked):
    return remembered(site) if ticked else member(site)


def copy_of(visitor, name="session"):
    """Another browser, with a copy of one cookie."""
    other = visitor.site.visitor()
    other.client.set_cookie(name, visitor.cookie(name).value)
    return other


def held_by(visitor, name="session"):
    """What a cookie of a visitor says of who that is."""
    if name == "session":
        return visitor.session.get("_user_id")
    return visitor.cookie(name).value.rpartition("|")[0]


# A row for each login


@pytest.mark.since("a-row-for-each-login", about="token")
@pytest.mark.parametrize("name", COOKIES)
def test_each_login_has_a_token_of_its_own(site, susan, name):
    held = [held_by(remembered(site), name) for _ in range(3)]
    expect(
        len({*held}) == 3,
        f"Logged in with three browsers, and read who is in {name}.",
        " and ".join(map(repr, held)),
        "a token of its own in each: what get_id of the user answers",
    )


@pytest.mark.since("a-row-for-each-login", about="token")
def test_nobody_can_guess_a_token(site, susan):
    held = [held_by(member(site)) for _ in range(2)]
    expect(
        all(len(each or "") >= 22 for each in held) and held[0] != held[1],
        "Logged in twice, and read who is in the session.",
        " and ".join(map(repr, held)),
        "two random texts of 128 bits or more: secrets.token_urlsafe",
    )


@pytest.mark.since("a-row-for-each-login", about="token of a new member")
def test_who_registers_has_a_token_as_well(visitor):
    visitor.register(ANNA)
    visitor.must_be(ANNA, "Registered as anna.")
    held = held_by(visitor) or ""
    expect(
        len(held) >= 22,
        "Registered, and read who is in the session.",
        repr(held),
        "a random text, as after a login",
    )


@pytest.mark.since("a-row-for-each-login", about="number")
def test_the_number_of_a_user_lets_nobody_in(site, visitor):
    visitor.plant(_user_id=str(site.add(SUSAN)))
    visitor.must_be(None, "Visited with the number of susan in the session.")


@pytest.mark.holds_from("a-row-for-each-login", about="one statement")
def test_a_page_costs_one_statement(site, susan, statements):
    visitor = member(site)
    visitor.see("/")
    statements.clear()
    visitor.see("/")
    expect(
        len(statements) == 1,
        "Opened the front page as susan, and counted the statements.",
        f"{len(statements)}: {' · '.join(statements)}",
        "one, which loads the login together with its user",
    )


@pytest.mark.holds_from("a-row-for-each-login", about="deleted")
@pytest.mark.parametrize("name", COOKIES)
def test_the_logins_of_a_deleted_user_are_over(site, susan, name):
    visitor = copy_of(remembered(site), name)
    with site.session() as session:
        session.delete(session.query(site.User).one())
        session.commit()
    visitor.must_be(None, "Came as susan, who has been deleted since.")


# Log out every copy


@pytest.mark.since("log-out-every-copy", about="ended")
@pytest.mark.parametrize("name", COOKIES)
def test_logging_out_ends_each_copy_of_a_cookie(site, susan, name):
    visitor = member_by(site, ticked=name == "remember_token")
    copy = copy_of(visitor, name)
    copy.must_be(SUSAN, f"Came with a copy of the cookie {name}.")
    copy = copy_of(visitor, name)
    visitor.see("/")
    visitor.log_out()
    copy.must_be(None, f"Copied the cookie {name}, logged out, sent the copy.")


@pytest.mark.holds_from("log-out-every-copy", about="ended")
def test_logging_out_leaves_other_browsers_alone(site, susan):
    here, there = member(site), member(site)
    here.see("/")
    here.log_out()
    there.must_be(SUSAN, "Logged out in another browser.")


@pytest.mark.holds_from("log-out-every-copy", about="ended")
def test_two_tabs_can_log_out_at_once(site, susan):
    visitor = member(site)
    page = visitor.see("/")
    tab = copy_of(visitor)
    data = page.sent_by(page.way_out)
    visitor.log_out()
    answer = tab.send("/logout", "POST", data)
    expect(
        answer.status_code in (302, 303),
        "Pressed the button that logs out in two tabs.",
        f"status {answer.status_code} in the second",
        "a redirect, as in the first",
    )


# Until when

KINDS = pytest.mark.parametrize(
    ("ticked", "idle", "longest"),
    [(False, 30 * MINUTE, 12 * HOUR), (True, 14 * DAY, 30 * DAY)],
    ids=["session", "remembered"],
)


@pytest.mark.since("until-when", about="until when")
@KINDS
def test_a_login_that_nobody_uses_ends(
    site, susan, clock, ticked, idle, longest
):
    visitor = member_by(site, ticked)
    clock.shift(idle - SECOND)
    visitor.must_be(SUSAN, f"Logged in, and came back {idle} later, nearly.")
    clock.shift(idle + SECOND)
    visitor.must_be(None, f"Came back after more than {idle}.")


@pytest.mark.since("until-when", about="until when")
@KINDS
def test_a_login_ends_however_much_it_is_used(
    site, susan, clock, ticked, idle, longest
):
    visitor = member_by(site, ticked)
    often, passed = min(idle, longest / 4) - MINUTE, timedelta()
    while passed + often < longest:
        clock.shift(often)
        passed += often
        visitor.must_be(SUSAN, f"Came back each {often}, for {passed} now.")
    clock.shift(longest - passed + SECOND)
    visitor.must_be(None, f"Used a login for more than {longest}.")


@pytest.mark.since("until-when", about="until when")
def test_a_copy_of_a_cookie_ends_as_well(site, susan, clock):
    copies = [copy_of(remembered(site), name) for name in COOKIES]
    clock.shift(15 * DAY)
    for copy in copies:
        copy.must_be(None, "Came with a copy after 15 days without use.")


@pytest.mark.since("until-when", about="cookie's age")
def test_the_cookie_of_remember_me_is_kept_as_long_as_its_login(site, susan):
    cookie = remembered(site).cookie("remember_token")
    left = cookie.expires - datetime.now(UTC)
    expect(
        29 * DAY < left <= 30 * DAY,
        "Ticked “Remember me”, and read when the cookie ends.",
        f"{left} from now",
        "30 days: REMEMBER_COOKIE_DURATION",
    )


@pytest.mark.since("until-when", about="settings of logins")
def test_the_settings_say_how_long_a_login_lasts(site, another, clock):
    hasty = another(
        site.app.config["SQLALCHEMY_DATABASE_URI"],
        LOGIN_IDLE=2 * MINUTE,
        LOGIN_LONGEST=5 * MINUTE,
    )
    hasty.add(SUSAN)
    visitor = member(hasty)
    for minutes in (1, 3, 4):
        clock.move_to(NOON + minutes * MINUTE + minutes * SECOND)
        done = f"Came back after {minutes} minutes; LOGIN_IDLE is 2 of them."
        visitor.must_be(SUSAN if minutes == 1 else None, done)
    visitor = member(hasty)
    for minutes in (1, 2, 3, 4, 5, 6):
        clock.shift(MINUTE)
        done = f"Came each minute, {minutes} in all; LOGIN_LONGEST is 5."
        visitor.must_be(SUSAN if minutes < 6 else None, done)


@pytest.mark.holds_from("until-when", about="noted")
def test_a_login_is_noted_once_a_minute(site, susan, clock, statements):
    visitor = member(site)
    clock.shift(2 * MINUTE)
    visitor.see("/")
    statements.clear()
    for _ in range(5):
        clock.shift(10 * SECOND)
        visitor.see("/")
    expect(
        len(statements) == 5,
        "Opened a page five times within a minute.",
        " · ".join(s[:30] for s in statements),
        "five statements that read: once a minute is enough to write",
    )


@pytest.mark.holds_from("until-when", about="noted")
def test_to_note_a_login_costs_one_statement_more(
    site, susan, clock, statements
):
    visitor = member(site)
    clock.shift(2 * MINUTE)
    statements.clear()
    visitor.see("/")
    expect(
        len(statements) == 2,
        "Opened a page two minutes after the one before.",
        " · ".join(s[:30] for s in statements),
        "one that reads and one that writes, and none that reads again",
    )


# Where you are logged in

PHONE, TRAIN = "Telephone/7", "Train/1"


def listed(visitor):
    """What /account says, in one line."""
    return visitor.see("/account").main.get_text(" ", strip=True)


def line_of(visitor, browser):
    """What /account says of one browser, without its name."""
    page = visitor.see("/account")
    found = page.main.find(string=re.compile(re.escape(browser)))
    expect(
        found,
        f"Logged in with {browser}, and looked for it on /account.",
        f"“{page.main.get_text(' ', strip=True)}”",
        "each browser that is logged in, by the name that it sends",
    )
    line = found.find_parent(["li", "tr", "dd"]) or found.parent
    return line.get_text(" ", strip=True).replace(browser, "")


@pytest.mark.since("where-you-are-logged-in", about="list")
def test_the_account_lists_each_browser(site, susan):
    here = member(site, PHONE)
    member(site, TRAIN)
    for browser in (PHONE, TRAIN):
        line_of(here, browser)


@pytest.mark.since("where-you-are-logged-in", about="list")
def test_the_list_says_which_browser_asks(site, susan, clock):
    here, there = member(site, PHONE), member(site, TRAIN)
    own, other = line_of(here, PHONE), line_of(here, TRAIN)
    seen_there = line_of(there, TRAIN)
    expect(
        own != other and own == seen_there,
        "Logged in with two browsers at once, and read both lists.",
        f"“{own}” and “{other}”; in the other browser “{seen_there}”",
        "a word at the browser that asks, such as (this browser)",
    )


@pytest.mark.since("where-you-are-logged-in", about="list")
def test_the_list_says_since_when_and_until_when(site, susan, clock):
    here = member(site, PHONE)
    clock.shift(10 * MINUTE)
    said = line_of(here, PHONE)
    for time in ("12:00", "12:10", "12:40"):
        expect(
            time in said,
            "Logged in at 12:00 UTC, and opened /account at 12:10.",
            f"“{said}”",
            "12:00 for since, 12:10 for last used, and 12:40 for its end",
        )


@pytest.mark.holds_from("where-you-are-logged-in", about="list")
def test_the_list_has_no_login_that_is_over(site, susan, clock):
    member(site, TRAIN)
    clock.shift(31 * MINUTE)
    said = listed(member(site, PHONE))
    expect(
        TRAIN not in said,
        f"Logged in with {TRAIN}, and 31 minutes later with {PHONE}.",
        f"“{said}”",
        f"{PHONE} alone: the other login is over",
    )


@pytest.mark.holds_from("where-you-are-logged-in", about="list")
def test_the_list_has_nobody_elses_logins(site, susan):
    site.add(MARIA)
    member(site, TRAIN, MARIA)
    said = listed(member(site, PHONE))
    expect(
        TRAIN not in said,
        f"Maria logged in with {TRAIN}, and susan opened /account.",
        f"“{said}”",
        "susan's own alone: current_user.logins",
    )


@pytest.mark.holds_from("where-you-are-logged-in", about="list")
@pytest.mark.parametrize("browser", ["<b>bold</b>", "é" * 50, "x" * 5000, ""])
def test_a_browser_may_call_itself_anything(site, susan, browser):
    page = member(site, browser).see("/account")
    expect(
        "<b>bold" not in page.html and len(page.html) < 6000,
        f"Logged in with a browser that is called {browser[:20]!r}.",
        f"a page of {len(page.html)} characters, with that name in it",
        "a name that is text, and of 200 characters or fewer",
    )


@pytest.mark.since("where-you-are-logged-in", about="old rows")
def test_rows_that_nobody_used_for_long_are_deleted(site, susan, clock):
    member(site)
    clock.shift(15 * DAY)
    member(site)
    tables = site.db.metadata.tables.values()
    with site.session() as session:
        kept = [session.query(t).count() for t in tables if t.foreign_keys]
    rows = sum(kept)
    expect(
        rows == 1,
        "Logged in, and once more 15 days later.",
        f"{rows} rows in the table of logins",
        "one: what is over for long goes at the next login",
    )


# Log out there


def press(visitor, value=None):
    """Press a button of the list of logins: the first, or the one given."""
    page = visitor.see("/account")
    buttons = page.main.find_all("button", attrs={"name": "end"})
    found = [b for b in buttons if value in (None, b.get("value"))]
    expect(
        found,
        "Looked on /account for a button that ends logins.",
        " ".join(map(str, buttons)) or "none",
        f'one with name="end" and value="{value or "…"}"',
    )
    return end(visitor, page, found[0]["value"])


def end(visitor, page, value):
    """Send the form of the list, with this value for `end`."""
    token = page.main.find(attrs={"name": "csrf_token"})
    data = {"end": value, "csrf_token": token and token["value"]}
    came = visitor.open("/account", "POST", data)
    expect(
        came.status == 200,
        f"Sent the form of /account with end={value[:12]}.",
        f"status {came.status}, “{came.text[:60]}”",
        "the page again; the form needs its token",
    )
    return came


@pytest.mark.since("log-out-there", about="ended there")
def test_one_login_ends_another_and_no_third(site, susan):
    here = member(site, "Here/1")
    others = [member(site, f"There/{n}") for n in range(3)]
    press(here)
    here.must_be(SUSAN, "Pressed a button that logs out elsewhere.")
    left = [other.who() for other in others]
    expect(
        left.count(None) == 1,
        "Ended one of three other logins.",
        f"{left.count(None)} of them are over",
        "one",
    )


@pytest.mark.since("log-out-there", about="ended there")
def test_one_login_ends_all_others(site, susan):
    site.add(MARIA)
    maria = member(site, person=MARIA)
    here, *others = (member(site) for _ in range(3))
    press(here, "others")
    here.must_be(SUSAN, "Logged out everywhere else.")
    for other in others:
        other.must_be(None, "Was logged out from another browser.")
    maria.must_be(MARIA, "Susan logged out everywhere else.")


@pytest.mark.since("log-out-there", about="ended there")
def test_ending_a_login_says_so(site, susan):
    here, _ = member(site), member(site)
    message = press(here).message
    expect(
        message and message.get_text(strip=True),
        "Ended a login, and read the next page.",
        f"no message in it: {message}",
        'a message with role="status"',
    )


@pytest.mark.holds_from("log-out-there", about="ended there")
def test_nobody_ends_the_login_of_somebody_else(site, susan):
    site.add(MARIA)
    maria, other = (member(site, person=MARIA) for _ in range(2))
    button = maria.see("/account").main.find("button", value=True)
    here, _ = member(site), member(site)
    end(here, here.see("/account"), button["value"])
    other.must_be(MARIA, "Susan sent what ends a login of maria's.")


@pytest.mark.holds_from("log-out-there", about="ended there")
@pytest.mark.parametrize("odd", ["9" * 40, "x", "", "-1", "1.5", "é"])
def test_an_odd_number_ends_nothing(site, susan, odd):
    here, there = member(site), member(site)
    end(here, here.see("/account"), odd)
    there.must_be(SUSAN, f"Another browser sent end={odd!r}.")


@pytest.mark.holds_from("log-out-there", about="ended there")
def test_another_site_cannot_end_a_login(site, susan):
    here, there = member(site), member(site)
    for method in ("GET", "POST"):
        data = {"end": "others"}
        query = data if method == "GET" else None
        sent = data if method == "POST" else None
        here.send("/account", method, sent, query_string=query)
        there.must_be(SUSAN, f"Another site sent end=others with {method}.")


@pytest.mark.since("log-out-there", about="ended there")
def test_what_ended_nothing_does_not_say_that_it_did(site, susan):
    here, _ = member(site), member(site)
    told = [
        came.message and came.message.get_text(strip=True)
        for came in (end(here, here.see("/account"), "x"), press(here))
    ]
    expect(
        told[0] != told[1],
        "Sent the form of /account with end=x, then pressed a button of it.",
        f"“{told[0]}” both times",
        "that message only where a login has ended",
    )


# Ask again


def confirm(visitor, at="/confirm", **typed):
    """Type the password again; the page that comes."""
    page = visitor.see(at)
    return visitor.fill(page, **{"password": SUSAN.password} | typed)


@pytest.mark.since("ask-again", about="asked again")
def test_who_types_the_password_again_has_a_login_anew(site, susan):
    visitor = member(site)
    copy = copy_of(visitor)
    confirm(visitor)
    visitor.must_be(SUSAN, "Typed the password again at /confirm.")
    copy.must_be(None, "Came with a copy of the cookie of before.")


@pytest.mark.since("ask-again", about="asked again")
def test_a_wrong_password_confirms_nothing(site, susan):
    visitor = member(site)
    page = confirm(visitor, password="a guess")
    said = page.path == "/confirm" and page.error_of("password")
    expect(
        said and "a guess" not in page.html,
        "Typed a wrong password at /confirm.",
        f"{page.path}, status {page.status}, beside the field: {said!r}",
        "the form again, empty, with an error beside the password",
    )
    visitor.must_be(SUSAN, "Typed a wrong password at /confirm.")


@pytest.mark.since("ask-again", about="asked again")
@pytest.mark.parametrize("ticked", [True, False])
def test_who_confirms_is_remembered_as_before(site, susan, ticked):
    visitor = member_by(site, ticked)
    confirm(visitor)
    visitor.client.delete_cookie("session")
    visitor.must_be(
        SUSAN if ticked else None,
        f"Logged in {'with' if ticked else 'without'} “Remember me”, typed "
        "the password again, and closed the browser.",
    )


@pytest.mark.since("ask-again", about="asked again")
@pytest.mark.parametrize(
    ("target", "place"),
    [("/index?page=2", "/index?page=2"), ("//other.example", "/index")],
)
def test_confirming_leads_on_and_stays_here(site, susan, target, place):
    visitor = member(site)
    page = visitor.see("/confirm?" + urlencode({"next": target}))
    data = page.sent_by(page.form(), password=SUSAN.password)
    answer = visitor.send(page.target_of(page.form()), "POST", data)
    came = answer.headers.get("Location", "no page").removeprefix(HOST)
    expect(
        came == place or {came, place} <= {*FRONT},
        f"Typed the password again with next={target!r}.",
        f"led to {came!r}",
        place,
    )


@pytest.mark.since("ask-again", about="members only")
def test_strangers_have_nothing_to_confirm(visitor, susan):
    page = visitor.open("/confirm")
    expect(
        page.path.startswith("/login"),
        "Opened /confirm as a stranger.",
        f"{page.path}, status {page.status}",
        "the login page: @login_required",
    )


@pytest.mark.since("ask-again", about="asked again")
def test_the_page_that_asks_again_is_whole(site, susan):
    page = member(site).see("/confirm")
    page.must_be_whole()
    expect(
        page.label_of("password")
        and page.field("password").get("type") == "password"
        and page.field("password").get("autocomplete") == "current-password",
        "Looked at the field of /confirm.",
        f"{page.field('password')}, label {page.label_of('password')}",
        'a PasswordField with a label, autocomplete="current-password"',
    )


# While it is fresh


@pytest.mark.since("while-it-is-fresh", about="fresh")
def test_a_login_of_16_minutes_ends_no_others(site, susan, clock):
    here, there = member(site), member(site)
    clock.shift(16 * MINUTE)
    page = press(here, "others")
    there.must_be(SUSAN, "A login of 16 minutes was to end all others.")
    expect(
        page.path.startswith("/confirm?next=") and page.message,
        "Logged in, and ended all others 16 minutes later.",
        f"{page.path}, message: {page.message}",
        "the page that asks for the password again, with a message",
    )
    page = confirm(here, at=page.path)
    expect(
        page.path == "/account",
        "Typed the password again.",
        page.path,
        "the list, to press the button once more",
    )
    press(here, "others")
    there.must_be(None, "Another browser confirmed, and ended all others.")


@pytest.mark.since("while-it-is-fresh", about="fresh")
def test_who_is_remembered_is_asked_at_once(site, susan):
    here, there = remembered(site), member(site)
    here.client.delete_cookie("session")
    page = press(here, "others")
    there.must_be(SUSAN, "A remembered login was to end all others.")
    expect(
        page.path.startswith("/confirm?next="),
        "Closed the browser, came back remembered, and ended all others.",
        page.path,
        "the page that asks for the password again",
    )


@pytest.mark.since("while-it-is-fresh", about="fresh")
def test_a_setting_says_how_long_a_login_is_fresh(site, another, clock):
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    hasty = another(database, LOGIN_FRESH=2 * MINUTE)
    hasty.add(SUSAN)
    here, _ = member(hasty), member(hasty)
    clock.shift(3 * MINUTE)
    page = press(here, "others")
    expect(
        page.path.startswith("/confirm"),
        "Ended all others after 3 minutes, with LOGIN_FRESH of 2.",
        page.path,
        "the page that asks for the password again",
    )


@pytest.mark.since("while-it-is-fresh", about="fresh")
def test_the_page_that_asks_again_says_why(site, susan, clock):
    here, _ = member(site), member(site)
    clock.shift(16 * MINUTE)
    message = press(here, "others").message
    expect(
        message
        and message.get("role") == "alert"
        and "reauthenticate" not in message.get_text(),
        "Ended all others 16 minutes after the login, and read the message.",
        f"{message}",
        'why it asks, in words of your own and with role="alert"',
    )


@pytest.mark.holds_from("while-it-is-fresh", about="fresh")
def test_a_cookie_is_not_sent_again_at_each_request(site, susan, clock):
    visitor = member(site)
    clock.shift(16 * MINUTE)
    visitor.see("/")
    visitor.see("/")
    sent = visitor.send("/").headers.getlist("Set-Cookie")
    expect(
        not sent,
        "Opened the front page twice, 16 minutes after the login.",
        f"the answer sets a cookie: {sent}",
        "none: write to the session only what is new",
    )


@pytest.mark.holds_from("while-it-is-fresh", about="fresh")
def test_a_fresh_login_is_not_asked_again(site, susan, clock):
    here, there = member(site), member(site)
    clock.shift(14 * MINUTE)
    press(here, "others")
    there.must_be(None, "Another browser ended all others after 14 minutes.")


@pytest.mark.holds_from("while-it-is-fresh", about="fresh")
@pytest.mark.parametrize("path", ["/", "/account"])
def test_reading_asks_for_no_password(site, susan, clock, path):
    visitor = member(site)
    clock.shift(16 * MINUTE)
    page = visitor.see(path)
    expect(
        page.path == path,
        f"Opened {path} 16 minutes after the login.",
        page.path,
        "the page: only what changes something asks again",
    )


# Change the password


def change(visitor, **typed):
    """Fill in the form for a new password; the page that comes."""
    usual = {"old_password": SUSAN.password, "password": NEW, "password2": NEW}
    page = visitor.see("/account/password")
    return visitor.fill(page, "old_password", **usual | typed)


def must_log_in_with(site, password, person):
    visitor = site.visitor()
    visitor.log_in(SUSAN.but(password=password))
    visitor.must_be(person, f"Logged in with the password {password!r}.")


@pytest.mark.since("change-the-password", about="new password")
def test_a_new_password_takes_the_place_of_the_old(site, susan):
    visitor = member(site)
    page = change(visitor)
    visitor.must_be(SUSAN, "Changed the password.")
    expect(
        page.path == "/account" and page.message,
        "Changed the password.",
        f"{page.path}, message: {page.message}",
        "the account again, with a message",
    )
    must_log_in_with(site, NEW, SUSAN)
    must_log_in_with(site, SUSAN.password, None)


@pytest.mark.since("change-the-password", about="new password")
def test_a_new_password_ends_all_others_and_every_copy(site, susan):
    here, there = member(site), remembered(site)
    copies = [copy_of(there, "remember_token"), copy_of(here)]
    change(here)
    here.must_be(SUSAN, "Changed the password.")
    for other in (there, *copies):
        other.must_be(None, "Came with a cookie from before the new password.")


@pytest.mark.since("change-the-password", about="new password")
def test_a_wrong_old_password_changes_nothing(site, susan):
    here, there = member(site), member(site)
    page = change(here, old_password="a guess")
    said = page.path == "/account/password" and page.error_of("old_password")
    expect(
        said and NEW not in page.html,
        "Typed a wrong old password, and a new one.",
        f"{page.path}, status {page.status}, beside the field: {said!r}",
        "the form again, empty, with an error beside the old password",
    )
    there.must_be(SUSAN, "Somebody typed a wrong old password elsewhere.")
    must_log_in_with(site, SUSAN.password, SUSAN)
    must_log_in_with(site, NEW, None)


@pytest.mark.since("change-the-password", about="new password")
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("password2", {"password2": "another one, and long"}),
        ("password", {"password": "too short", "password2": "too short"}),
        ("password", dict.fromkeys(["password", "password2"], SUSAN.email)),
        ("old_password", {"old_password": ""}),
    ],
    ids=["differs", "short", "address", "none"],
)
def test_a_new_password_keeps_to_the_rules(site, susan, field, typed):
    page = change(member(site), **typed)
    said = page.path == "/account/password" and page.error_of(field)
    expect(
        said,
        f"Changed the password, but for {typed}.",
        f"{page.path}, status {page.status}, beside {field}: {said!r}",
        "the form again, with an error beside that field",
    )
    must_log_in_with(site, SUSAN.password, SUSAN)


@pytest.mark.since("change-the-password", about="new password")
@pytest.mark.parametrize("ticked", [True, False])
def test_who_changes_it_is_remembered_as_before(site, susan, ticked):
    visitor = member_by(site, ticked)
    change(visitor)
    visitor.client.delete_cookie("session")
    visitor.must_be(
        SUSAN if ticked else None,
        f"Logged in {'with' if ticked else 'without'} “Remember me”, changed "
        "the password, and closed the browser.",
    )


@pytest.mark.since("change-the-password", about="new password")
def test_the_account_leads_to_the_page_for_a_new_password(site, susan):
    page = member(site).see("/account")
    expect(
        page.links_to("/account/password"),
        "Looked on /account for a way to change the password.",
        "no link",
        "a link to /account/password",
    )


@pytest.mark.since("change-the-password", about="members only")
def test_a_stranger_changes_no_password(visitor, susan):
    page = visitor.open("/account/password")
    expect(
        page.path.startswith("/login"),
        "Opened /account/password as a stranger.",
        f"{page.path}, status {page.status}",
        "the login page: @login_required",
    )


@pytest.mark.since("change-the-password", about="new password")
def test_the_page_for_a_new_password_is_whole(site, susan):
    page = member(site).see("/account/password")
    page.must_be_whole()
    fields = ("old_password", "password", "password2")
    said = [page.field(name).get("autocomplete") for name in fields]
    expect(
        said == ["current-password", "new-password", "new-password"],
        "Read the `autocomplete` of the fields of /account/password.",
        said,
        "current-password for the old one, new-password for the new ones",
    )


# A better hash


def stored(site):
    with site.session() as session:
        return session.query(site.User).one().password_hash


def hash_as(site, method, password=SUSAN.password):
    """Keep the hash of a password as an older program would."""
    from werkzeug.security import generate_password_hash

    with site.session() as session:
        user = session.query(site.User).one()
        user.password_hash = generate_password_hash(password, method)
        session.commit()


def is_of_today(kept):
    """Whether a hash takes the work that OWASP asks for.

    cheatsheetseries.owasp.org, Password Storage.
    """
    method, *cost = kept.partition("$")[0].split(":")
    if method == "scrypt":
        n, r, p = map(int, cost)
        return n >= 2**13 and n * r * p >= 2**13 * 8 * 10
    return {"sha256": 600_000, "sha512": 220_000}[cost[0]] <= int(cost[1])


@pytest.mark.since("a-better-hash", about="better hash")
def test_a_hash_takes_the_work_that_is_advised_today(site, susan):
    kept = stored(site)
    expect(
        is_of_today(kept),
        "Set a password, and looked at its hash.",
        f"{kept[:20]}…",
        "scrypt:32768:8:3$…, the work that OWASP asks for",
    )


@pytest.mark.since("a-better-hash", about="better hash")
@pytest.mark.parametrize("method", ["scrypt:32768:8:1", "pbkdf2:sha256:1000"])
def test_an_older_hash_is_renewed_at_the_login(site, susan, method):
    hash_as(site, method)
    member(site).must_be(SUSAN, f"Logged in with a hash of {method}.")
    kept = stored(site)
    expect(
        is_of_today(kept),
        f"Logged in with a password that was hashed with {method}.",
        f"the hash is {kept[:20]}…",
        "scrypt:32768:8:3$…",
    )
    must_log_in_with(site, SUSAN.password, SUSAN)


@pytest.mark.since("a-better-hash", about="better hash")
def test_a_renewed_hash_is_of_the_same_password(site):
    composed, decomposed = "grüße aus köln 1", "gru\u0308ße aus ko\u0308ln 1"
    site.add(SUSAN.but(password=composed))
    hash_as(site, "scrypt:32768:8:1", composed)
    must_log_in_with(site, decomposed, SUSAN)
    must_log_in_with(site, composed, SUSAN)
    kept = stored(site)
    expect(
        is_of_today(kept),
        "Logged in with ü and ö typed in another way.",
        f"the hash is {kept[:20]}…",
        "a new one, of the password in its normal form",
    )


@pytest.mark.holds_from("a-better-hash", about="better hash")
def test_a_wrong_password_renews_nothing(site, susan):
    hash_as(site, "scrypt:32768:8:1")
    before = stored(site)
    must_log_in_with(site, "a guess", None)
    expect(
        stored(site) == before,
        "Typed a wrong password, for an older hash.",
        "the hash is another one",
        "the same: only the right password can be hashed anew",
    )


@pytest.mark.holds_from("a-better-hash", about="better hash")
def test_a_renewed_hash_is_left_alone(site, susan):
    before = stored(site)
    member(site)
    expect(
        stored(site) == before,
        "Logged in with a hash of today.",
        "the hash is another one",
        "the same: it was renewed once",
    )


@pytest.mark.holds_from("a-better-hash", about="better hash")
def test_a_password_that_was_changed_meanwhile_stays(site, susan, monkeypatch):
    """The new one comes while the login is hashing, from elsewhere."""
    import hashlib

    hash_as(site, "pbkdf2:sha256:1000")
    scrypt, pbkdf2 = hashlib.scrypt, hashlib.pbkdf2_hmac
    newer = "scrypt:32768:8:3$newer$00"

    def slow(*args, **kwargs):
        quick = scrypt if "n" in kwargs else pbkdf2
        with site.app.app_context(), site.db.engine.begin() as connection:
            table = site.User.__table__
            connection.execute(table.update().values(password_hash=newer))
        return quick(*args, **kwargs)

    monkeypatch.setattr(hashlib, "scrypt", slow)
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", slow)
    member(site)
    kept = stored(site)
    expect(
        kept == newer,
        "Logged in with an older hash, and changed the password meanwhile.",
        f"the hash is {kept[:30]}…",
        "that of the new password: write only over the hash that was checked",
    )
