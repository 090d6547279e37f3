"""Chapter 5: a name or an address, one address, a page of one's own."""

from contextlib import contextmanager
from unicodedata import normalize

import pytest
from sqlalchemy import event

from tests.chapters.expectation import expect
from tests.chapters.page import kind_of
from tests.chapters.people import ANNA, MARIA, NOBODY, SUSAN

BUECHER = ANNA.but(email="anna@bücher.de")
AENNA = ANNA.but(email="änna@example.com")


@pytest.fixture
def susan(site):
    """Susan, who has an account."""
    site.add(SUSAN)
    return SUSAN


def log_in_with(visitor, typed, password=SUSAN.password, at="/login"):
    """Type a text into the field that says who someone is, and log in."""
    page = visitor.see(at)
    name = page.identifying_field()["name"]
    return visitor.fill(page, **{name: typed, "password": password})


# Name or address


@pytest.mark.since("name-or-address", about="name or address")
def test_an_address_logs_in_as_a_name_does(visitor, susan):
    log_in_with(visitor, SUSAN.email)
    visitor.must_be(SUSAN, "Logged in with the address susan@example.com.")


@pytest.mark.holds_from("name-or-address", about="name or address")
def test_a_name_logs_in_beside_an_address(visitor, susan):
    log_in_with(visitor, SUSAN.username)
    visitor.must_be(SUSAN, "Logged in with the name susan.")


@pytest.mark.since("name-or-address", about="name or address")
def test_an_address_is_that_of_its_account(site, visitor):
    """Names came without a rule in chapter 1, and by hand they still do."""
    site.add(NOBODY.but(username=SUSAN.email))
    site.add(SUSAN.but(password="another good password"))
    log_in_with(visitor, SUSAN.email, "another good password")
    visitor.must_be(
        SUSAN,
        "Somebody has the username susan@example.com; susan logged in with "
        "that address, which is hers.",
    )


@pytest.mark.holds_from("name-or-address", about="name or address")
def test_nobody_gets_in_by_the_address_of_somebody_else(site, visitor):
    thief = NOBODY.but(username=SUSAN.email, password="the thief's password")
    site.add(thief)
    site.add(SUSAN)
    log_in_with(visitor, SUSAN.email, thief.password)
    visitor.must_be(
        None,
        "Somebody has the username susan@example.com, which is the address "
        "of susan, and logged in with it and a password of their own.",
    )


@pytest.mark.holds_from("name-or-address", about="form of registration")
@pytest.mark.parametrize("name", ["susan@example.com", "a@b", "@"])
def test_no_name_is_written_like_an_address(visitor, name):
    page = visitor.register(ANNA, username=name)
    expect(
        page.path == "/register" and page.error_of("username"),
        f"Registered as anna, but with the username {name!r}.",
        f"{page.path}, status {page.status}, no error beside it",
        "an error for username: the @ is what tells an address from a name",
    )


@pytest.mark.since("name-or-address", about="field of both")
def test_the_login_says_that_it_takes_a_name_or_an_address(visitor):
    page = visitor.see("/login")
    text = page.label_words(page.identifying_field()["name"])
    expect(
        "mail" in text.lower(),
        "Read the label of the first field of the login form.",
        f"“{text}”",
        "words that say that an e-mail address may be typed as well",
    )


@pytest.mark.holds_from("name-or-address", about="field of both")
def test_a_browser_lets_a_name_through_as_well(visitor):
    field = visitor.see("/login").identifying_field()
    too_short = int(field.get("maxlength", 120)) < 120
    expect(
        kind_of(field) == "text"
        and not field.get("pattern")
        and not too_short,
        "Looked what a browser asks of the first field of the login form.",
        f"{field}",
        "a plain field of text: StringField. In one for an address the "
        "browser refuses “susan”",
    )


@pytest.mark.holds_from("name-or-address", about="same answer")
def test_an_address_without_an_account_looks_like_a_wrong_password(
    site, visitor, susan
):
    wrong = log_in_with(visitor, SUSAN.email, "a guess")
    other = log_in_with(site.visitor(), NOBODY.email, "a guess")
    said = [page.error_of("password") for page in (wrong, other)]
    expect(
        said[0] and said[0] == said[1],
        "Logged in with an address: a wrong password, then an unknown one.",
        f"“{said[0]}” and “{said[1]}”",
        "the same error beside the password",
    )


@pytest.mark.holds_from("name-or-address", about="same answer")
def test_an_address_without_an_account_costs_as_much(visitor, susan, hashes):
    costs = []
    for typed in (SUSAN.email, NOBODY.email):
        hashes.clear()
        log_in_with(visitor, typed, "a guess")
        costs.append(len(hashes))
    expect(
        costs[0] == costs[1],
        "Logged in with an address: a wrong password, then an unknown one.",
        f"{costs[0]} and {costs[1]} slow hashes",
        "as many: the clock must not tell who has an account",
    )


@pytest.mark.holds_from("name-or-address", about="name or address")
@pytest.mark.parametrize("typed", ["@", "susan@", "@example.com", "a@b@c"])
def test_what_is_neither_a_name_nor_an_address_is_nobody(
    visitor, susan, typed
):
    page = log_in_with(visitor, typed)
    expect(
        page.path == "/login" and page.error_of("password"),
        f"Typed {typed!r} as the name, and logged in.",
        f"{page.path}, status {page.status}",
        "the form, with its one error",
    )


# One address, one account

SHAPES = [
    (BUECHER, "anna@xn--bcher-kva.de"),
    (BUECHER, " Anna@XN--BCHER-KVA.de "),
    (AENNA, normalize("NFD", "Änna@example.com")),
    (ANNA, "anna@ｅｘａｍｐｌｅ.com"),
]
PLAIN = [
    (BUECHER, "ANNA@BÜCHER.DE"),
    (ANNA, " Anna@Example.com "),
    (ANNA.but(email="anna@straße.de"), "Anna@Straße.de"),
]


def in_ascii(value):
    return ascii(value) if isinstance(value, str) else value.email


@pytest.mark.since("one-address-one-account", about="shape at login")
@pytest.mark.parametrize(("person", "typed"), SHAPES, ids=in_ascii)
def test_an_address_logs_in_in_each_of_its_shapes(
    site, visitor, person, typed
):
    site.add(person)
    log_in_with(visitor, typed)
    visitor.must_be(
        person, f"Logged in as {typed!a}, which is kept as {person.email}."
    )


@pytest.mark.holds_from("one-address-one-account", about="shape at login")
@pytest.mark.parametrize(("person", "typed"), PLAIN, ids=in_ascii)
def test_capitals_and_spaces_make_no_other_address(
    site, visitor, person, typed
):
    site.add(person)
    log_in_with(visitor, typed)
    visitor.must_be(
        person, f"Logged in as {typed!a}, which is kept as {person.email}."
    )


@pytest.mark.since("one-address-one-account", about="shape at login")
@pytest.mark.parametrize(("person", "typed"), SHAPES[:3], ids=in_ascii)
def test_whoever_registers_logs_in_with_what_they_typed(
    site, visitor, person, typed
):
    visitor.register(person, email=typed)
    another = site.visitor()
    log_in_with(another, typed)
    another.must_be(
        person,
        f"Registered as {typed!a}, which is kept as {person.email}, and "
        "logged in with the same.",
    )


@pytest.mark.holds_from("one-address-one-account", about="one account")
@pytest.mark.parametrize(("person", "typed"), SHAPES + PLAIN, ids=in_ascii)
def test_an_address_in_another_shape_is_taken_too(
    site, visitor, person, typed
):
    site.visitor().register(person)
    page = visitor.register(MARIA, email=typed)
    expect(
        page.path == "/register"
        and page.error_of("email")
        and site.count() == 1,
        f"Registered with {typed!a}, a taken email: it is kept as "
        f"{person.email}.",
        f"{page.path}, status {page.status}, {site.count()} users",
        "the form, with the reason beside email, and no second account",
    )


@pytest.mark.holds_from("one-address-one-account", about="two mailboxes")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna@straße.de", "anna@strasse.de"),
        ("a.nna@example.com", "anna@example.com"),
        ("anna+news@example.com", "anna@example.com"),
    ],
)
def test_two_mailboxes_are_two_addresses(site, visitor, one, other):
    site.visitor().register(ANNA, email=one)
    log_in_with(visitor, other)
    visitor.must_be(
        None,
        f"Anna registered with {one}, kept as {one}; logged in as {other}.",
    )
    visitor.register(MARIA, email=other)
    expect(
        site.count(MARIA) == 1,
        f"Anna has {one}, kept as {one}; maria registered with {other}.",
        f"maria is not in the table: {visitor.page.path}",
        "an account for maria: these are two mailboxes",
    )


@pytest.mark.holds_from("one-address-one-account", about="name or address")
def test_an_older_shape_still_logs_in_by_name(site, visitor):
    older = ANNA.but(email="Anna@XN--BCHER-KVA.de")
    site.add(older)
    log_in_with(visitor, older.username)
    visitor.must_be(
        older,
        "Put anna into the table by hand, with a capital in her address, and "
        "logged in with her name.",
    )


@pytest.mark.holds_from("one-address-one-account", about="by its index")
@pytest.mark.parametrize("typed", [SUSAN.username, SUSAN.email])
def test_a_login_reads_no_table_from_end_to_end(site, visitor, susan, typed):
    with site.session() as session, asked_of(session) as questions:
        log_in_with(visitor, typed)
    with site.session() as session:
        slow = [q for q in questions if "SCAN user" in plan(session, *q)]
    expect(
        not slow,
        f"Logged in as {typed}, and asked SQLite how it looks for that user.",
        f"row by row, at every login: “{slow and slow[0][0]}”",
        "by the index of the column: compare the column itself with what is "
        "typed",
    )


@contextmanager
def asked_of(session):
    """A list of the questions that a database is asked in the block."""
    engine, questions = session.get_bind(), []

    def note(connection, cursor, statement, parameters, *rest):
        if statement.startswith("SELECT"):
            questions.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield questions
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan(session, statement, parameters):
    """What SQLite says that it would do to answer a question."""
    asked = f"EXPLAIN QUERY PLAN {statement}"
    rows = session.connection().exec_driver_sql(asked, parameters)
    return "; ".join(row.detail for row in rows)


# A page of your own


@pytest.mark.since("a-page-of-your-own", about="account")
def test_the_account_shows_name_and_address(site, visitor):
    person = MARIA.but(email="m.jones@example.com")
    site.add(person)
    visitor.log_in(person)
    page = visitor.see("/account")
    said = page.main.get_text(" ", strip=True)
    expect(
        person.username in said and person.email in said,
        "Logged in as maria, and opened /account.",
        f"“{said}”",
        "maria, and m.jones@example.com",
    )
    page.must_be_whole()


@pytest.mark.since("a-page-of-your-own", about="members only")
def test_the_account_asks_a_stranger_to_log_in(visitor):
    page = visitor.open("/account")
    expect(
        page.path.startswith("/login") and page.message,
        "Opened /account, logged out.",
        f"{page.path}, status {page.status}, message: {page.message}",
        "the login page, and a message",
    )


@pytest.mark.since("a-page-of-your-own", about="next")
@pytest.mark.parametrize("typed", [SUSAN.username, SUSAN.email])
def test_a_stranger_who_logs_in_is_led_to_the_account(visitor, susan, typed):
    asked = visitor.open("/account").path
    page = log_in_with(visitor, typed, at=asked)
    expect(
        page.path == "/account",
        f"Opened /account logged out, and logged in as {typed}.",
        page.path,
        "/account, the page first asked for",
    )


@pytest.mark.since("a-page-of-your-own", about="way to the account")
def test_above_each_page_of_a_member_is_the_way_to_the_account(visitor, susan):
    visitor.log_in(SUSAN)
    links = visitor.see("/").links_to("/account")
    expect(
        links,
        "Logged in, and looked on the front page for a link to /account.",
        "none",
        "one: nobody types addresses",
    )


@pytest.mark.holds_from("a-page-of-your-own", about="way to the account")
def test_a_stranger_is_offered_no_account(visitor):
    links = visitor.see("/login").links_to("/account")
    expect(
        not links,
        "Looked on the login page for a link to /account, logged out.",
        f"{links}",
        "none: it is for members",
    )


@pytest.mark.holds_from("a-page-of-your-own", about="account")
@pytest.mark.parametrize("query", ["id=1", "user_id=1", "username=maria"])
def test_the_account_is_that_of_the_visitor(site, visitor, query):
    site.add(MARIA)
    site.add(SUSAN)
    visitor.log_in(SUSAN)
    said = visitor.see(f"/account?{query}").main.get_text(" ", strip=True)
    expect(
        SUSAN.email in said and MARIA.email not in said,
        f"Logged in as susan, and opened /account?{query}, who is maria.",
        f"“{said}”",
        "susan's own: show current_user, and look nobody up",
    )


@pytest.mark.holds_from("a-page-of-your-own", about="account")
def test_the_account_shows_no_hash(site, visitor, susan):
    visitor.log_in(SUSAN)
    page = visitor.see("/account")
    with site.session() as session:
        stored = session.query(site.User).one().password_hash
    expect(
        stored not in page.soup.get_text(),
        "Logged in, opened /account, and looked for the stored hash.",
        "it is on the page",
        "the name and the address, and nothing of the password",
    )


@pytest.mark.holds_from("a-page-of-your-own", about="account")
def test_a_name_on_the_account_is_text(site, visitor):
    odd = SUSAN.but(username="<b>susan</b>")
    site.add(odd)
    log_in_with(visitor, SUSAN.email)
    said = visitor.see("/account").main.get_text()
    expect(
        odd.username in said,
        "Logged in as “<b>susan</b>”, and opened /account.",
        f"“{said.strip()}”",
        "the signs as they are: Jinja escapes them, unless told not to",
    )


@pytest.mark.holds_from("a-page-of-your-own", about="members only")
def test_who_is_remembered_sees_the_account(visitor, susan):
    visitor.log_in(SUSAN, remember_me="y")
    visitor.client.delete_cookie("session")
    page = visitor.open("/account")
    expect(
        page.status == 200 and page.path == "/account",
        "Ticked “Remember me”, came back the next day, opened /account.",
        f"{page.path}, status {page.status}",
        "the account",
    )


@pytest.mark.holds_from("a-page-of-your-own", about="headers")
@pytest.mark.parametrize(
    "header",
    [
        "Cache-Control",
        "X-Frame-Options",
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
    ],
)
def test_the_account_has_the_headers_of_other_pages(visitor, susan, header):
    visitor.log_in(SUSAN)
    front = visitor.send("/").headers.get(header)
    came = visitor.send("/account").headers.get(header)
    expect(
        came and came == front,
        f"Opened / and /account, logged in, and read the header {header}.",
        f"{front} and {came}",
        "the same on both",
    )


@pytest.mark.holds_from("a-page-of-your-own", about="members only")
def test_after_logging_out_the_account_asks_again(visitor, susan):
    visitor.log_in(SUSAN)
    visitor.see("/account")
    visitor.log_out()
    page = visitor.open("/account")
    expect(
        page.path.startswith("/login"),
        "Logged in, opened /account, logged out, and opened it again.",
        f"{page.path}, status {page.status}",
        "the login page",
    )
