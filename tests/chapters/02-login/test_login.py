"""Chapter 2: who is there, logging in and out, and where it leads."""

import re
from io import BytesIO
from urllib.parse import urlencode

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from tests.chapters.expectation import expect
from tests.chapters.page import Page, kind_of
from tests.chapters.people import NOBODY, SUSAN, credentials
from tests.chapters.templates import gaps_in
from tests.chapters.visitor import HOST

NO_PASSWORD = NOBODY.but(
    username="no-password", email="no@example.com", password=None
)


@pytest.fixture
def susan(site):
    """Susan, who has an account."""
    site.add(SUSAN)
    return SUSAN


# Load the user


@pytest.mark.since("load-the-user", about="thief's page")
def test_no_page_shows_a_hash_any_more(site, visitor, susan):
    with site.session() as session:
        stored = session.query(site.User).one().password_hash
    visitor.send("/")
    for path in site.addresses():
        expect(
            stored not in visitor.look(path),
            f"Opened {path}.",
            "it shows what is stored",
            "no hash: the thief's page is taken down",
        )


@pytest.mark.since(
    "load-the-user",
    about="recognised",
    until="a-row-for-each-login",
    because="The session holds the token of a login, and no id of a user.",
)
def test_the_id_in_the_session_is_the_user_who_visits(site, visitor):
    site.add(SUSAN)
    with site.session() as session:
        user = session.query(site.User).one()
        name = getattr(user, "get_id", lambda: str(user.id))()
    visitor.plant(_user_id=name)
    visitor.must_be(SUSAN, "Visited with susan's id in the session.")


@pytest.mark.since("load-the-user", about="recognised")
@pytest.mark.parametrize(
    "bad", ["999", "", "not a number", "-1", "1.5", "9" * 30, "9" * 5000]
)
def test_a_stale_or_bad_id_is_nobody_and_no_error(site, visitor, bad):
    site.add(SUSAN)
    visitor.plant(_user_id=bad)
    visitor.must_be(None, f"Visited with the id {bad[:30]!r} in the session.")


@pytest.mark.since("load-the-user", about="recognised")
def test_a_user_who_was_deleted_is_nobody(site, visitor):
    visitor.plant(_user_id=str(site.add(SUSAN)))
    with site.session() as session:
        session.query(site.User).delete()
        session.commit()
    visitor.must_be(None, "Visited as a user who has been deleted since.")


@pytest.mark.since("load-the-user", about="named above")
def test_the_header_says_who_is_logged_in(site, visitor):
    visitor.plant(_user_id=str(site.add(SUSAN)))
    if not site.has_page("/logout"):  # then the navigation is asked for it
        must_be_named_above(site, visitor.see("/"))


def must_be_named_above(site, page):
    with site.session() as session:
        shown = repr(session.query(site.User).one())
    expect(
        SUSAN.username in page.around.replace(shown, ""),
        "Visited as susan and read what stands above the page.",
        f"“{page.around}”",
        "her name: {{ current_user.username }}",
    )


@pytest.mark.since("load-the-user", about="requirements")
def test_the_requirements_name_what_loads_the_user(site):
    site.must_require("Flask-Login")


# Show the form


@pytest.mark.since("show-the-form", about="form shown")
def test_the_login_form_asks_for_a_name_and_a_password(visitor):
    page = visitor.see("/login")
    form = page.form()
    page.identifying_field()
    kind = kind_of(page.field("password"))
    expect(
        kind == "password",
        "Looked how the password is typed.",
        f'type="{kind}": whoever looks over a shoulder can read it',
        "a PasswordField",
    )
    expect(
        form in page.forms,
        "Looked how the form of /login is sent.",
        "with GET: what is typed would stand in the address",
        '<form method="post">',
    )
    page.sent_by(form, password="", remember_me="y")


@pytest.mark.since("show-the-form", about="form shown")
def test_each_form_has_a_token_of_its_own(site):
    first, second = (site.visitor().see("/login").token() for _ in "ab")
    expect(
        first != second,
        "Opened /login in two browsers and read the tokens.",
        f"{first[:20]}… both times",
        "a token that one browser cannot know of another",
    )


@pytest.mark.since("show-the-form", about="field of the form")
def test_a_password_manager_knows_the_fields(visitor):
    page = visitor.see("/login")
    values = [
        page.field(name).get("autocomplete", "").removesuffix(" webauthn")
        for name in ("username", "password")
    ]
    expect(
        values == ["username", "current-password"],
        "Read the `autocomplete` of the login form.",
        values,
        "username and current-password",
    )


@pytest.mark.since("show-the-form", about="field of the form")
def test_a_phone_may_write_the_name(visitor, susan):
    asks = visitor.send("/login", "POST").status_code != 405
    field = visitor.see("/login").identifying_field()
    form = field.find_parent("form")
    said = field.get("autocapitalize") or form.get("autocapitalize")
    if field.get("type") == "email" or said in ("none", "off"):
        return
    expect(
        asks,
        "Looked how a phone writes the name.",
        "with a capital, as it begins every text",
        'that the field asks for none: autocapitalize="none"',
    )
    visitor.log_in(SUSAN.but(username=SUSAN.username.capitalize()))
    came = visitor.who()
    visitor.open("/login")
    expect(
        came == SUSAN.username,
        "Logged in as “Susan”: on a phone, a name begins with a capital.",
        f"{came or 'nobody'} is logged in",
        'susan is, or the form asks phones for none: autocapitalize="none"',
    )


@pytest.mark.since("show-the-form", about="field of the form")
def test_each_field_has_a_label(visitor):
    page = visitor.see("/login")
    for name in ("username", "password", "remember_me"):
        expect(
            page.label_of(name),
            f"Looked for the label of {name}.",
            "none",
            f'<label for="{name}">',
        )


@pytest.mark.since("show-the-form", about="field of the form")
def test_labels_are_words(visitor):
    page = visitor.see("/login")
    for name in ("username", "password", "remember_me"):
        text = page.label_words(name)
        expect(
            text and " object at 0x" not in text,
            f"Read the label of {name}.",
            f"“{text}”",
            "words: the first argument of a field is its label",
        )


@pytest.mark.since("show-the-form", about="whole")
def test_the_login_page_is_whole(visitor):
    visitor.see("/login").must_be_whole()


@pytest.mark.since("show-the-form", about="requirements")
def test_the_requirements_name_what_makes_forms(site):
    site.must_require("Flask-WTF")
    site.must_require("WTForms", if_imported="wtforms")


# Log in


@pytest.mark.holds_from("load-the-user", about="nobody")
def test_a_stranger_is_shown_no_name(site, visitor):
    from flask_login import AnonymousUserMixin

    path = "/login" if site.has_page("/login") else "/"
    with gaps_in(site.app, of=AnonymousUserMixin) as gaps:
        visitor.see(path)
    expect(
        not gaps,
        f"Opened {path} as a stranger.",
        f"the page prints {', '.join(map(repr, gaps))} of nobody",
        "that it asks current_user.is_authenticated first",
    )


@pytest.mark.since("log-in")
def test_the_right_name_and_password_log_in(visitor, susan):
    page = visitor.log_in(SUSAN)
    visitor.must_be(SUSAN, "Logged in as susan.")
    expect(
        page.path != "/login" or page.status != 200,
        "Logged in as susan.",
        "the login page again",
        "a redirect to the front page",
    )
    expect(
        page.status == 200,
        "Logged in as susan.",
        f"the browser is sent to {page.path}, which answers {page.status}",
        "a page of this site, such as url_for() gives its address",
    )
    page.must_be_whole()


@pytest.mark.since("log-in", about="refused login")
@pytest.mark.parametrize(
    ("person", "password"),
    [
        (SUSAN, "wrong"),
        (NOBODY, SUSAN.password),
        (SUSAN, SUSAN.password + " "),
    ],
    ids=str,
)
def test_anything_else_does_not_log_in(visitor, susan, person, password):
    page = visitor.log_in(person, password=password)
    visitor.must_be(None, f"Logged in as {person} with {password!r}.")
    expect(
        page.status == 200 and page.form(),
        "Logged in with a wrong password.",
        f"status {page.status}, “{page.text[:60]}”",
        "the form again",
    )


@pytest.mark.since("log-in", about="refused login")
def test_who_has_no_password_does_not_log_in(site, visitor):
    site.add(NO_PASSWORD)
    visitor.log_in(NO_PASSWORD, password="anything")
    visitor.must_be(None, "Logged in as a user who has no password.")


@pytest.mark.since("log-in")
def test_a_password_of_spaces_is_a_password(site, visitor):
    spaces = SUSAN.but(password=" " * 15)
    site.add(spaces)
    visitor.log_in(spaces)
    visitor.must_be(spaces, "Logged in with a password of 15 spaces.")


@pytest.mark.since("log-in", about="new session")
def test_nothing_of_the_session_before_is_left_after_the_login(visitor, susan):
    visitor.see("/login")
    visitor.plant(note="from whoever sat here before")
    before = visitor.session
    visitor.log_in(SUSAN)
    after = visitor.session
    left = [name for name in before if before[name] == after.get(name)]
    expect(
        "_user_id" in after and not left,
        "Put something into the session, logged in, and looked again.",
        f"logged in: {'_user_id' in after}; left of before: {left}",
        "logged in, with a new session: session.clear() before login_user",
    )


@pytest.mark.since("log-in", about="refused login")
def test_the_form_keeps_the_name_and_never_the_password(visitor, susan):
    page = visitor.log_in(SUSAN, password="wrong guess")
    name = page.field("username").get("value")
    expect(
        name == SUSAN.username and "wrong guess" not in str(page.soup),
        "Logged in with a wrong password.",
        f"the name {name!r}; password on the page: "
        f"{'wrong guess' in str(page.soup)}",
        "the name kept, the password gone",
    )


@pytest.mark.since("log-in", about="remembered")
@pytest.mark.parametrize("ticked", [True, False])
def test_only_who_ticks_remember_me_is_remembered(visitor, susan, ticked):
    more = {"remember_me": "y"} if ticked else {}
    visitor.log_in(SUSAN, **more)
    visitor.client.delete_cookie("session")
    visitor.must_be(
        SUSAN if ticked else None,
        f"Logged in, {'with' if ticked else 'without'} “Remember me”, closed "
        "the browser and came back.",
    )


@pytest.mark.since("log-in", about="remembered")
def test_no_script_can_read_the_cookies(visitor, susan):
    visitor.log_in(SUSAN, remember_me="y")
    for name in ("session", "remember_token"):
        cookie = visitor.cookie(name)
        expect(
            cookie,
            "Logged in with “Remember me” and looked at the cookies.",
            f"no cookie {name}",
            "login_user(user, remember=True) sets it",
        )
        expect(
            cookie.http_only,
            f"Logged in and looked at the cookie {name}.",
            "a script on the page could read it",
            "HttpOnly",
        )


@pytest.mark.since("log-in", about="message")
def test_a_message_is_shown_once(visitor, susan):
    first = visitor.log_in(SUSAN).message
    first = first or visitor.see("/").message
    second = visitor.see("/").message
    expect(
        first and not second,
        "Logged in, and opened the front page again.",
        f"{first}, then {second}",
        'a message with role="status", then none',
    )


@pytest.mark.since("log-in", about="already in")
def test_who_is_logged_in_is_not_asked_to_log_in(visitor, susan):
    visitor.log_in(SUSAN)
    page = visitor.open("/login")
    expect(
        page.path in ("/", "/index"),
        "Opened /login while logged in.",
        page.path,
        "the front page",
    )


# Fail well


@pytest.mark.since("fail-well", about="refused login")
@pytest.mark.parametrize(
    ("person", "password"),
    [(SUSAN, "wrong guess"), (NOBODY, SUSAN.password)],
    ids=str,
)
def test_a_refused_login_says_so_beside_its_field(
    visitor, susan, person, password
):
    page = visitor.log_in(person, password=password)
    expect(
        page.error_of("password"),
        f"Logged in as {person} with {password!r}.",
        "no error beside the password",
        "the form again, with an error tied to the password by "
        "aria-describedby",
    )
    page.must_be_whole()


@pytest.mark.since("fail-well", about="same answer")
def test_a_wrong_password_and_an_unknown_name_look_the_same(visitor, susan):
    page = visitor.log_in(SUSAN, password="wrong guess")
    wrong, said = page.text, page.error_of("password")
    unknown = visitor.log_in(NOBODY, password="wrong guess").text
    expect(
        said and wrong == unknown,
        "Logged in with a wrong password, then with an unknown name.",
        f"“{wrong}” and “{unknown}”",
        "the same page for both, with one message",
    )


@pytest.mark.since("fail-well", about="same answer")
@pytest.mark.parametrize("unknown", [NOBODY, NO_PASSWORD], ids=str)
def test_an_unknown_name_costs_as_much_as_a_wrong_password(
    site, visitor, susan, hashes, unknown
):
    site.add(NO_PASSWORD)
    hashes.clear()
    visitor.log_in(SUSAN, password="wrong guess")
    wrong = hashes[:]
    hashes.clear()
    visitor.log_in(unknown, password="wrong guess")
    expect(
        len(wrong) == 1 and wrong == hashes,
        f"Noted slow hashes: a wrong password, then the name {unknown}.",
        f"{wrong}, then {hashes}",
        "the same, once each: the clock must not tell who has an account",
    )


@pytest.mark.since("fail-well", about="refused login")
@pytest.mark.parametrize("left_out", ["username", "password"])
def test_a_field_left_empty_is_named(visitor, susan, left_out):
    page = visitor.log_in(SUSAN, **{left_out: ""})
    expect(
        page.status == 200 and page.error_of(left_out),
        f"Logged in with no {left_out}.",
        f"status {page.status} and no error beside {left_out}",
        "the form with an error beside that field",
    )


@pytest.mark.holds_from("fail-well", about="only opened")
def test_a_form_that_was_only_opened_has_no_error(visitor):
    page, nothing = visitor.see("/login"), {"username": "", "password": ""}
    page.must_not_complain_as(visitor.log_in(NOBODY, **nothing), nothing)


@pytest.mark.since("fail-well", about="refused login")
def test_the_form_insists_on_a_password(visitor, susan):
    empty = visitor.log_in(SUSAN, password="").error_of("password")
    page = visitor.log_in(SUSAN, password="wrong guess")
    wrong = page.error_of("password")
    insists = page.field("password").has_attr("required")
    expect(
        empty and (insists or empty != wrong),
        "Logged in with no password, then with a wrong one.",
        f"“{empty}” each time",
        "an error that says what is missing: InputRequired()",
    )


@pytest.mark.since("fail-well", about="cursor")
@pytest.mark.parametrize(
    ("name", "password", "field"),
    [
        (SUSAN.username, "wrong guess", "password"),
        (SUSAN.username, "", "password"),
        ("", "wrong guess", "username"),
        ("", "", "username"),
    ],
)
def test_the_cursor_waits_in_the_first_field_that_is_wrong(
    visitor, susan, name, password, field
):
    page = visitor.log_in(SUSAN, username=name, password=password)
    waits = [each.get("name") for each in page.form().find_all(autofocus=True)]
    expect(
        waits == [field],
        f"Logged in as {name!r} with the password {password!r}.",
        f"the cursor waits in {' and '.join(waits) or 'no field'}",
        f"it waits in {field}: the attribute autofocus",
    )


@pytest.mark.since("fail-well", about="cursor")
def test_the_cursor_waits_in_the_first_field_of_a_new_form(visitor):
    page = visitor.see("/login")
    waits = [each.get("name") for each in page.form().find_all(autofocus=True)]
    expect(
        waits == [page.identifying_field()["name"]],
        "Opened /login.",
        f"the cursor waits in {' and '.join(waits) or 'no field'}",
        "it waits in the first field: the attribute autofocus",
    )


# Log out


@pytest.mark.since("log-out", about="log out")
def test_the_button_logs_out(visitor, susan):
    visitor.log_in(SUSAN)
    visitor.log_out()
    visitor.must_be(None, "Logged in and pressed the button that logs out.")


@pytest.mark.since("log-out", about="asked for the token")
def test_a_link_or_a_picture_cannot_log_out(visitor, susan):
    visitor.log_in(SUSAN)
    status = visitor.send("/logout").status_code
    visitor.must_be(SUSAN, "Followed a link to /logout.")
    expect(
        status == 405,
        "Opened /logout as a link does, with GET.",
        f"status {status}",
        "405: only POST logs out",
    )


@pytest.mark.since("log-out", about="asked for the token")
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_another_site_cannot_log_out(visitor, susan, token):
    visitor.log_in(SUSAN)
    data = {} if token is None else {"csrf_token": token}
    response = visitor.send("/logout", "POST", data)
    visitor.must_be(SUSAN, f"Posted to /logout with the token {token!r}.")
    expect(
        response.status_code == 400,
        f"Posted to /logout with the token {token!r}.",
        f"status {response.status_code}",
        "400",
    )


@pytest.mark.since("log-out", about="log out")
def test_who_was_remembered_stays_out_after_logging_out(visitor, susan):
    visitor.log_in(SUSAN, remember_me="y")
    visitor.log_out()
    visitor.must_be(None, "Ticked “Remember me”, logged in, logged out.")


@pytest.mark.since("log-out", about="log out")
def test_nothing_of_the_session_is_left_to_the_next_person(visitor, susan):
    visitor.log_in(SUSAN)
    visitor.plant(basket="susan's")
    visitor.log_out()
    with visitor.client.session_transaction() as session:
        left = dict(session)
    expect(
        "basket" not in left and "_user_id" not in left,
        "Logged out and looked into the session.",
        left,
        "nothing of susan's",
    )


@pytest.mark.since("log-out", about="message")
def test_logging_out_says_so(visitor, susan):
    visitor.log_in(SUSAN)
    visitor.see("/")
    message = visitor.log_out().message
    expect(
        message and message.get_text(strip=True),
        "Pressed the button that logs out and read the next page.",
        f"no message in it: {message}",
        'a message with role="status": flash("…") before the redirect',
    )


@pytest.mark.since("log-out", about="asked for the token")
def test_a_form_that_went_stale_has_a_page_with_words(visitor, susan):
    visitor.log_in(SUSAN)
    page = visitor.open("/logout", "POST", {"csrf_token": "wrong"})
    said = page.main.get_text(" ", strip=True)
    heading = page.main.find(["h1", "h2", "h3"])
    expect(
        page.soup.find("link", rel="stylesheet")
        and heading
        and len(said) > len(heading.get_text(" ", strip=True)),
        "Pressed a button of a page that was open for too long.",
        f"“{said}”",
        "a heading, and what to do",
    )
    page.must_be_whole()
    visitor.see("/").must_be_whole()


@pytest.mark.since("log-out", about="navigation")
def test_the_navigation_shows_the_way_in_or_the_way_out(site, visitor, susan):
    page = visitor.see("/login")
    expect(
        page.links_to("/login") and not page.way_out,
        "Looked for the way in, logged out.",
        f"{len(page.links_to('/login'))} links to /login; a button that logs "
        f"out: {page.way_out is not None}",
        "a link to log in, and no button that logs out",
    )
    visitor.log_in(SUSAN)
    page = visitor.see("/")
    expect(
        page.way_out and not page.links_to("/login"),
        "Looked for the way out, logged in.",
        f"{len(page.links_to('/login'))} links to /login; a button that logs "
        f"out: {page.way_out is not None}",
        "a button that logs out, and no link to log in",
    )
    must_be_named_above(site, page)


@pytest.mark.since("log-out", about="cookies")
def test_other_sites_cannot_use_the_cookies(visitor, susan):
    response = visitor.answer_to_login(SUSAN, remember_me="y")
    for cookie in response.headers.getlist("Set-Cookie"):
        expect(
            "SameSite=Lax" in cookie,
            "Logged in and read the cookies that were set.",
            re.sub("=[^;]*", "=…", cookie, count=1),
            "SameSite=Lax",
        )


@pytest.mark.holds_from("log-out", about="settings")
def test_settings_in_config_win_over_samesite(site, another):
    names = ("SESSION_COOKIE_SAMESITE", "REMEMBER_COOKIE_SAMESITE")
    strict = dict.fromkeys(names, "Strict")
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    config = another(database, **strict).app.config
    for name in strict:
        expect(
            config[name] == "Strict",
            f"Called create_app with {name}='Strict' in `config`.",
            f"{config[name]!r}",
            "what `config` holds wins: set the default above the line that "
            "takes `config` in",
        )


@pytest.mark.since("log-out", about="asked for the token")
@pytest.mark.parametrize("path", ["/login", "/logout"])
@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_form_that_went_stale_says_what_to_do(visitor, path, token):
    data = {} if token is None else {"csrf_token": token}
    page = visitor.open(path, "POST", data)
    expect(
        page.status == 400 and page.soup.find("link", rel="stylesheet"),
        f"Posted to {path} with the token {token!r}.",
        f"status {page.status}, “{page.text[:80]}”",
        "status 400 and a page of this site that says what to do",
    )


# Members only


@pytest.mark.since("members-only", about="members only")
@pytest.mark.parametrize("path", ["/", "/index"])
def test_the_front_page_asks_a_stranger_to_log_in(visitor, path):
    page = visitor.open(path)
    expect(
        page.path.startswith("/login") and page.message,
        f"Opened {path}, logged out.",
        f"{page.path}, status {page.status}, message: {page.message}",
        "the login page, and a message",
    )


@pytest.mark.holds_from("members-only", about="members only")
def test_who_is_remembered_sees_the_front_page(visitor, susan):
    visitor.log_in(SUSAN, remember_me="y")
    visitor.client.delete_cookie("session")
    page = visitor.open("/")
    expect(
        page.status == 200 and page.path in ("/", "/index"),
        "Ticked “Remember me”, logged in, came back the next day, opened /.",
        f"{page.path}, status {page.status}",
        "the front page: @login_required takes who is remembered",
    )


@pytest.mark.since("members-only", about="members' page")
def test_the_front_page_greets_by_name_and_shows_posts(visitor, susan):
    visitor.log_in(SUSAN)
    page = visitor.see("/")
    if page.message:
        page.message.extract()
    expect(
        SUSAN.username in page.main.get_text(),
        "Logged in as susan and read the front page.",
        f"her name is not in it: “{page.main.get_text(' ', strip=True)}”",
        "a greeting with her name",
    )
    elsewhere = visitor.open("/logout", "POST")
    around = prose_of(elsewhere)
    posts = [
        text
        for text in prose_of(page)
        if text not in around and SUSAN.username not in text
    ]
    expect(
        sum(len(text.split()) > 2 for text in posts) > 1,
        "Logged in as susan and read the front page.",
        f"beside the greeting it says {posts or 'nothing'}",
        "what the others wrote: the view hands the posts over, and the page "
        "shows each",
    )
    page.must_be_whole()


HEADS = ["h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "button", "a"]


def prose_of(page):
    """What the page says, but for short headings, links and buttons."""
    texts = page.main.find_all(string=str.strip)
    prose = [
        t for t in texts if not t.find_parent(HEADS) or len(t.split()) > 3
    ]
    return [text.strip() for text in prose]


# Back to where you were: more of it in test_next.py


@pytest.mark.since("back-to-where-you-were", about="next")
def test_login_leads_to_the_page_first_asked_for(visitor, susan):
    asked = visitor.open("/index?page=2&q=a%26b").path
    page = visitor.log_in(SUSAN, at=asked)
    expect(
        page.path == "/index?page=2&q=a%26b",
        "Opened /index?page=2&q=a%26b logged out, and logged in.",
        page.path,
        "the page first asked for",
    )


@pytest.mark.since("back-to-where-you-were", about="next")
def test_the_page_first_asked_for_survives_a_wrong_password(visitor, susan):
    asked = "/login?next=/index?page=2"
    page = visitor.log_in(SUSAN, at=asked, password="wrong")
    page = visitor.log_in(SUSAN, at=page)
    expect(
        page.path == "/index?page=2",
        "Was sent to log in, mistyped the password, then got it right.",
        page.path,
        "the page first asked for",
    )


ELSEWHERE = [
    "//other.example",
    "https://other.example/",
    "https:other.example",
    "http:///other.example",
    "////other.example",
    "/\\other.example",
    "\\/other.example",
    "/\t/other.example",
    "/\n/other.example",
    "\t//other.example",
    " //other.example",
    "javascript:alert(1)",
    "//[::1",
    "//other.example:99999",
    "//localhost.other.example/",
    "https://localhost@other.example/",
    "https://other.example/localhost",
    "//other.example/?localhost",
]


@pytest.mark.since("back-to-where-you-were", about="next")
def test_a_target_on_another_site_is_not_followed(site, susan):
    here = led_to(site, "/index?page=2")
    expect(
        here == "/index?page=2",
        "Logged in at /login?next=/index?page=2.",
        f"led to {here}",
        "that page: what is refused is only what leads elsewhere",
    )
    for target in ELSEWHERE:
        came = led_to(site, target)
        expect(
            came in ("/", "/index"),
            f"Logged in with next={target!r}.",
            f"led to {came!r}",
            "the front page: a browser would leave this site",
        )


@pytest.mark.holds_from(
    "log-in", belongs="back-to-where-you-were", about="next"
)
def test_who_is_logged_in_is_sent_to_no_other_site_either(visitor, susan):
    visitor.log_in(SUSAN)
    for target in ELSEWHERE:
        answer = visitor.send("/login?" + urlencode({"next": target}))
        came = answer.headers.get("Location", "/").removeprefix(HOST)
        expect(
            came in ("/", "/index"),
            f"Logged in already, opened /login with next={target!r}.",
            f"led to {came!r}",
            "the front page: a browser would leave this site",
        )


def led_to(site, target):
    """The path that a login with this `next` redirects to, or the address."""
    at = "/login?" + urlencode({"next": target})
    answer = site.visitor().answer_to_login(SUSAN, at)
    came = answer.headers.get("Location", "no page")
    return came.removeprefix(HOST)


@pytest.mark.holds_from(
    "log-in", belongs="back-to-where-you-were", about="next"
)
@pytest.mark.parametrize("at", ["/login", "/login?next=", "/login?nxt=/x"])
def test_without_a_page_asked_for_login_leads_to_the_front(visitor, susan, at):
    page = visitor.log_in(SUSAN, at=at)
    expect(
        page.path in ("/", "/index"),
        f"Logged in at {at}.",
        page.path,
        "the front page",
    )


@pytest.mark.holds_from("log-in", about="stay out")
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_another_site_cannot_log_a_visitor_in(visitor, susan, token):
    data = credentials(visitor.see("/login"), SUSAN)
    data |= {} if token is None else {"csrf_token": token}
    visitor.open("/login", "POST", data)
    visitor.must_be(None, f"Posted to /login with the token {token!r}.")


@pytest.mark.holds_from("log-out", belongs="log-out", about="new session")
def test_a_token_from_before_the_login_is_good_for_nothing(visitor, susan):
    token = visitor.see("/login").token()
    visitor.log_in(SUSAN)
    visitor.send("/logout", "POST", {"csrf_token": token})
    visitor.must_be(SUSAN, "Posted to /logout with a token from before.")


# What the browser may keep


@pytest.mark.since("what-the-browser-may-keep", about="headers")
def test_the_page_of_a_member_is_not_kept(visitor, susan):
    visitor.log_in(SUSAN)
    for path in ("/", "/index?page=2"):
        said = visitor.send(path).headers.get("Cache-Control", "nothing")
        expect(
            "no-store" in said,
            f"Opened {path}, logged in, and read the header Cache-Control.",
            f"{said}: after logging out, Back shows the page again",
            "no-store",
        )


@pytest.mark.holds_from("what-the-browser-may-keep", about="headers")
def test_what_is_the_same_for_everyone_may_be_kept(visitor):
    sheet = visitor.see("/login").soup.find("link", rel="stylesheet")
    answer = visitor.send(sheet["href"])
    said = answer.headers.get("Cache-Control", "")
    answer.close()
    expect(
        "no-store" not in said,
        f"Opened {sheet['href']} and read the header Cache-Control.",
        said,
        "leave to keep it: the style sheet is fetched with every page",
    )


@pytest.mark.since("what-the-browser-may-keep", about="headers")
@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("X-Frame-Options", "DENY|SAMEORIGIN"),
        ("Content-Security-Policy", "frame-ancestors '(none|self)'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin|strict-origin"),
    ],
)
def test_every_answer_has_the_headers_that_stop_an_attack(
    visitor, susan, header, wanted
):
    visitor.log_in(SUSAN)
    for path in ("/", "/no-such-page", "/static/style.css"):
        answer = visitor.send(path)
        said = answer.headers.get(header, "nothing")
        answer.close()
        expect(
            re.search(wanted, said, re.IGNORECASE),
            f"Opened {path} and read the header {header}.",
            said,
            wanted.replace("|", " or ").replace("'(none or self)'", "'none'"),
        )


# Odd requests


@pytest.mark.since("odd-requests", about="odd request")
def test_a_cookie_that_no_login_made_is_nobody_and_no_error(visitor):
    for name in ("session", "remember_token"):
        for value in ("1|", "|", "é", "1|é", "1|\U0001f511"):
            visitor.client.set_cookie(name, value)
            visitor.must_be(None, f"Came with the cookie {name}={value}.")


NAMELESS = b"--a\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a--\r\n"
MULTIPART = "multipart/form-data; boundary=a"


@pytest.mark.since("odd-requests", about="odd request")
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (MULTIPART, NAMELESS),
        (MULTIPART, NAMELESS.replace(b"-data", b'-data; name="a"', 1)),
        ("application/json", b"[1]"),
        ("application/json", b'{"username": {"a": 1}, "password": "x"}'),
    ],
    ids=["a part without a name", "parts", "a list", "no text"],
)
def test_what_no_form_here_sends_is_refused(visitor, kind, body):
    """A form in another shape than a browser sends a form of this site."""
    token = visitor.see("/login").token()
    answer = visitor.send(
        "/login",
        "POST",
        body,
        content_type=kind,
        headers={"X-CSRFToken": token},
    )
    expect(
        answer.status_code == 415,
        f"Posted {kind.partition(';')[0]} to /login.",
        f"status {answer.status_code}",
        "415: the forms of this site are sent in one way",
    )


@pytest.mark.holds_from("odd-requests", about="odd request")
def test_who_only_opens_a_page_may_say_any_type(visitor):
    answer = visitor.send("/login", content_type="application/json")
    expect(
        answer.status_code == 200,
        "Opened /login, with the header Content-Type: application/json.",
        f"status {answer.status_code}",
        "the page: nothing was sent that could be odd",
    )


@pytest.mark.since("odd-requests", about="odd request")
def test_a_file_where_a_text_should_be_is_refused(visitor):
    token = visitor.see("/login").token()
    data = {"csrf_token": token, "password": "x", "remember_me": "y"}
    data["username"] = BytesIO(b"susan"), "susan.txt"
    answer = visitor.send("/login", "POST", data)
    expect(
        400 <= answer.status_code < 500,
        "Sent a file as the username.",
        f"status {answer.status_code}",
        "415: no form of this site sends a file",
    )


@pytest.mark.since("odd-requests", about="odd request")
@pytest.mark.parametrize(
    "referrer", ["https://[", "https://[::1", "https://localhost:99999/"]
)
def test_a_form_that_comes_from_no_address_is_refused(visitor, referrer):
    """Over https, Flask-WTF reads the Referer."""
    token = visitor.see("/login").token()
    answer = visitor.send(
        "/login",
        "POST",
        {"csrf_token": token, "username": "susan", "password": "x"},
        base_url="https://localhost",
        headers={"Referer": referrer},
    )
    expect(
        answer.status_code == 400,
        f"Posted to /login over https, with the Referer {referrer}.",
        f"status {answer.status_code}",
        "400",
    )


@pytest.mark.holds_from("odd-requests", about="odd request")
@pytest.mark.parametrize(
    "host", ["xn--a", "xn--a.example", "a..b", "." * 300, "[", "a b", ""]
)
def test_a_host_that_is_none_is_no_error(site, host):
    """Python 3.13 reads some of them in another way than 3.12 did."""
    for path in ("/", "/login", "/no-such-page"):
        environ = create_environ(path)
        environ["HTTP_HOST"] = host
        rest, status, _ = run_wsgi_app(site.app, environ)
        b"".join(rest)
        expect(
            not status.startswith("500"),
            f"Opened {path} with the Host {host[:20]!r}.",
            f"{status}: {site.last_error}",
            "400, or a page",
        )


@pytest.mark.since("odd-requests", about="odd request")
def test_a_request_that_is_too_long_is_refused(visitor):
    data = {"username": "susan", "password": "x" * 1_000_000}
    status = visitor.send("/login", "POST", data).status_code
    expect(
        status == 413,
        "Posted a password of a million characters to /login.",
        f"status {status}",
        "413: MAX_CONTENT_LENGTH is set",
    )


@pytest.mark.holds_from("odd-requests", about="odd request")
def test_a_long_password_is_not_too_long(site, visitor):
    long = SUSAN.but(password="x" * 5000)
    site.add(long)
    visitor.log_in(long)
    visitor.must_be(long, "Logged in with a password of 5,000 characters.")


@pytest.mark.holds_from("odd-requests")
def test_a_limit_in_config_wins(site, another):
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    config = another(database, MAX_CONTENT_LENGTH=1234).app.config
    expect(
        config["MAX_CONTENT_LENGTH"] == 1234,
        "Called create_app with MAX_CONTENT_LENGTH=1234 in `config`.",
        config["MAX_CONTENT_LENGTH"],
        "what `config` holds wins: set the default above the line that "
        "takes `config` in",
    )


@pytest.mark.since("odd-requests", about="refused with words")
@pytest.mark.parametrize("status", [400, 413, 415])
def test_who_is_refused_is_shown_the_way_on(visitor, status):
    odd = {
        400: {"headers": {"Referer": "https://["}},
        413: {"data": {"username": "x" * 1_000_000}},
        415: {"json": {"username": "susan"}},
    }[status]
    url = "https://localhost/login"
    token = visitor.see("/login").token()
    odd.setdefault("headers", {})["X-CSRFToken"] = token
    visitor.client.set_cookie("remember_token", "1|é")
    answer = visitor.client.post(url, **odd)
    page = Page(answer.get_data(as_text=True), url, answer.status_code)
    expect(
        page.status == status
        and page.soup.find("link", rel="stylesheet")
        and page.main.find(["h1", "h2", "h3"])
        and {"/", "/index"} & {a.get("href") for a in page.main("a")},
        "Sent what is too long."
        if status == 413
        else "Sent what no form here sends.",
        f"status {page.status}, “{page.text[:80]}”",
        f"status {status} and a page of this site, with a heading and a link "
        "to the front page",
    )
    page.must_be_whole()
