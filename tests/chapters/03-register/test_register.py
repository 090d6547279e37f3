"""Chapter 3: people come in by themselves, and no two are alike."""

import threading
from concurrent.futures import ThreadPoolExecutor
from unicodedata import normalize
from urllib.parse import urlencode, urljoin

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, MARIA, NOBODY, SUSAN
from tests.chapters.visitor import HOST

IN_AT_ONCE = "who registers is logged in then and need not log in"


def errors_of(site, **typed):
    """What the registration form says of what was typed."""
    return form_of(site, **typed).errors


def form_of(site, **typed):
    """The registration form after somebody has typed."""
    form_class = site.part("forms", "RegistrationForm")
    sent = ANNA.registration | typed
    data = MultiDict({k: v for k, v in sent.items() if v is not None})
    with site.app.test_request_context(method="POST", data=data):
        form = form_class(meta={"csrf": False})
        form.validate()
        return form


# A registration form


@pytest.mark.since("a-registration-form", about="form of registration")
@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"username": "a.b-c_9"},
        {"username": "x" * 64},
        {"email": "anna+news@sub.example.com"},
        {"email": "änna@example.com"},
        {"password": " " * 15, "password2": " " * 15},
        {
            "password": "passwörter sind lang",
            "password2": "passwörter sind lang",
        },
        {"password": "p" * 500, "password2": "p" * 500},
    ],
    ids=str,
)
def test_the_form_accepts(site, typed):
    errors = errors_of(site, **typed)
    expect(
        not errors, f"Registered as anna, with {typed}.", errors, "no error"
    )


@pytest.mark.since("a-registration-form", about="form of registration")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[
            ("username", v)
            for v in (None, "", " ", "a b", "a@b", "аnna", "x\n\0")
        ],
        ("username", "x" * 65),
        *[
            ("email", v)
            for v in (None, "", "anna", "anna@", "a@b", "a@b@c.com")
        ],
        *[("email", v) for v in ("anna@localhost", "anna@some.test")],
        ("email", "x" * 110 + "@example.com"),
        *[("password", v) for v in (None, "", "only 14 long..")],
        *[("password2", v) for v in (None, "", ANNA.password + " ")],
    ],
)
def test_the_form_refuses(site, field, value):
    errors = errors_of(site, **{field: value})
    expect(
        field in errors,
        f"Registered as anna, but with the {field} {value!r}.",
        f"errors for {list(errors)}",
        f"an error for {field}",
    )


@pytest.mark.since("a-registration-form", about="form of registration")
def test_a_password_needs_no_digit_and_no_capital(site):
    password = "onlysmallletters"
    errors = errors_of(site, password=password, password2=password)
    expect(
        not errors,
        f"Registered with the password {password!r}.",
        errors,
        "no error: length is the only rule",
    )


@pytest.mark.since("a-registration-form", about="form of registration")
def test_a_password_has_fifteen_characters_or_more(site):
    for length, right in ((14, False), (15, True), (64, True), (500, True)):
        password = ("fünf lange Wörter " * 30)[:length]
        errors = errors_of(site, password=password, password2=password)
        expect(
            ("password" not in errors) == right,
            f"Registered with a password of {length} characters.",
            f"errors for {list(errors)}",
            "no error for password" if right else "an error for password",
        )


@pytest.mark.since("a-registration-form", about="form of registration")
def test_a_name_ends_where_its_letters_end(site):
    """The `$` of a pattern also matches before a line break at the end."""
    form = form_of(site, username="anna\n")
    expect(
        form.errors.get("username") or form.data["username"] == "anna",
        "Registered as anna, but with the username 'anna\\n'.",
        "no error, and the line break is kept",
        "an error for username: `\\Z` is the very end of a text, `$` is not",
    )


@pytest.mark.since("a-registration-form", about="form of registration")
@pytest.mark.parametrize(
    "password",
    [
        "microblogmicroblog",
        "MicroblogMicroblog",
        "annaannaannaanna",
        "anna@example.com",
        "Anna@Example.COM",
        "microblogANNAmicroblog",
    ],
)
def test_a_name_or_an_address_is_no_password(site, password):
    errors = errors_of(site, password=password, password2=password)
    expect(
        any(errors.get("password", [])),
        f"Registered as anna, but with the password {password!r}.",
        f"errors for {list(errors)}",
        "an error for password: it is made of names and addresses alone",
    )


@pytest.mark.since("a-registration-form", about="form of registration")
@pytest.mark.parametrize(
    "password",
    ["my microblog is my castle", "anna and the bicycle", "havannahavanna!"],
)
def test_a_name_may_stand_in_a_password(site, password):
    errors = errors_of(site, password=password, password2=password)
    expect(
        not errors,
        f"Registered as anna, with the password {password!r}.",
        errors,
        "no error: there is more in it than names",
    )


@pytest.mark.since("a-registration-form", about="form of registration")
@pytest.mark.parametrize("name", ["micro", "og", "microblogmicroblog"])
def test_a_name_that_is_a_part_of_the_sites_name_hides_nothing(site, name):
    password = "microblogmicroblog"
    errors = errors_of(
        site, username=name, password=password, password2=password
    )
    expect(
        any(errors.get("password", [])),
        f"Registered as {name}, with the password {password!r}.",
        f"errors for {list(errors)}",
        "an error for password: take the longest word out first",
    )


@pytest.mark.since("a-registration-form", about="fields of registration")
def test_the_form_leaves_a_password_as_it_was_typed(site):
    typed = " Correct Horse Battery "
    form = form_of(site, password=typed, password2=typed)
    expect(
        form.data["password"] == typed,
        f"Typed “{typed}” as the password of RegistrationForm.",
        f"form.password.data is {form.data['password']!r}",
        "the same: nothing trims a password",
    )


@pytest.mark.since("a-registration-form", about="fields of registration")
def test_the_fields_tell_a_password_manager_what_they_are(site, visitor):
    form = form_of(site)
    values = [autocomplete_of(site, visitor, form, name) for name in COMPLETE]
    expect(
        values == list(COMPLETE.values()),
        f"Read the `autocomplete` of {', '.join(COMPLETE)}.",
        values,
        list(COMPLETE.values()),
    )


COMPLETE = {
    "username": "username",
    "email": "email",
    "password": "new-password",
    "password2": "new-password",
}


def autocomplete_of(site, visitor, form, name):
    """What a field of the form says, or the page's where there is one."""
    if site.has_page("/register"):
        return visitor.see("/register").field(name).get("autocomplete")
    drawn = BeautifulSoup(str(form[name]()), "html.parser")
    return drawn.find(attrs={"name": name}).get("autocomplete")


@pytest.mark.since("a-registration-form", about="fields of registration")
def test_the_fields_have_labels_of_words(site):
    for field in map(form_of(site).__getitem__, COMPLETE):
        text = field.label.text
        expect(
            isinstance(text, str) and text.strip(),
            f"Read the label of {field.name} in RegistrationForm.",
            f"{text!r}",
            "words: the first argument of a field is its label",
        )


@pytest.mark.since("a-registration-form", about="requirements")
def test_the_requirements_bring_what_checks_an_address(site):
    if "email-validator" not in site.required():
        site.must_require("WTForms", extra="[email]")


# One shape


@pytest.mark.since("one-shape", about="one shape")
@pytest.mark.parametrize("field", ["username", "email"])
def test_the_form_tidies_a_name_and_an_address(site, field):
    typed = getattr(ANNA, field)
    form = form_of(site, **{field: f" {typed.title()} "})
    expect(
        form.data[field] == typed,
        f"Typed “ {typed.title()} ” as the {field} of RegistrationForm.",
        f"form.{field}.data is {form.data[field]!r}",
        f"{typed!r}: filters=[tidy] takes the spaces and the capitals",
    )


@pytest.mark.since("one-shape", about="one shape")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna@bücher.de", "anna@xn--bcher-kva.de"),
        ("anna@straße.de", "anna@XN--STRAE-OQA.de"),
        ("anna@example.com", "anna@ｅｘａｍｐｌｅ.com"),
        ("anna@example.com", "anna@example。com"),
        ("änna@example.com", normalize("NFD", "änna@example.com")),
        ("änna@bücher.de", " Änna@XN--BCHER-KVA.de "),
    ],
)
def test_one_mailbox_is_one_address(site, one, other):
    forms = [form_of(site, email=typed) for typed in (one, other)]
    kept = [form.data["email"] for form in forms]
    errors = [form.errors["email"] for form in forms if "email" in form.errors]
    expect(
        not errors and kept == [one, one],
        f"Typed {other!a} as the email of RegistrationForm, which is {one}.",
        errors or f"form.email.data is {kept[1]!a}; for {one} it is {kept[0]}",
        f"{one} for both: the `normalized` of email_validator, in a filter",
    )


@pytest.mark.holds_from("one-shape", about="one shape")
def test_what_is_no_address_stays_to_be_mended(site):
    form = form_of(site, email="anna@example")
    expect(
        form.data["email"] == "anna@example",
        "Typed “anna@example”, which is no address, as the email.",
        f"the form keeps {form.data['email']!r}",
        "anna@example: whoever typed it sees it again, with the error",
    )


@pytest.mark.since("one-shape")
def test_the_login_tidies_a_name_as_well(site, visitor):
    site.add(ANNA)
    for name in ("Anna", " anna ", "ANNA"):
        visitor = site.visitor()
        address = ANNA.email.replace("anna", name.strip())
        visitor.log_in(ANNA.but(username=name, email=address))
        visitor.must_be(ANNA, f"Logged in as “{name}”.")


@pytest.mark.since("one-shape")
@pytest.mark.parametrize("chosen", ["NFC", "NFD"])
def test_a_password_is_one_however_its_letters_are_made(site, visitor, chosen):
    """Keyboards differ in what they send for an ü: one character or two."""
    forms = {f: normalize(f, "fünf lange Wörter") for f in ("NFC", "NFD")}
    site.add(ANNA.but(password=forms.pop(chosen)))
    other, password = forms.popitem()
    visitor.log_in(ANNA.but(password=password))
    visitor.must_be(
        ANNA, f"Set a password with an ü in {chosen}, and typed it in {other}."
    )


@pytest.mark.holds_from("one-shape")
def test_a_password_keeps_its_capitals_and_spaces(site):
    user = site.User()
    user.set_password("Correct Horse Battery ")
    others = ["correct horse battery ", "Correct Horse Battery"]
    taken = [other for other in others if user.check_password(other)]
    expect(
        not taken,
        "Set the password “Correct Horse Battery ”, and asked for others.",
        f"{taken} is right as well",
        "wrong: normalize changes how a letter is made, and no more",
    )


@pytest.mark.holds_from("one-shape")
def test_a_password_counts_to_its_last_character(site):
    user = site.User()
    user.set_password("p" * 500)
    expect(
        not user.check_password("p" * 499 + "q"),
        "Set a password of 500 characters, and asked for one that differs in "
        "the last.",
        "it is right as well",
        "wrong: nothing cuts a password off",
    )


@pytest.mark.holds_from("one-shape")
def test_the_requirements_name_what_is_asked_for_the_normal_form(site):
    site.must_require("email-validator", if_imported="email_validator")


# Register


@pytest.mark.since("register")
def test_registering_makes_an_account_that_can_log_in(site, visitor):
    visitor.register(ANNA)
    expect(
        site.count(ANNA) == 1,
        "Registered as anna and looked into the table.",
        f"{site.count()} users, and no anna",
        "anna: db.session.add(user), then db.session.commit()",
    )
    with site.session() as session:
        stored = session.query(site.User).one().password_hash
    expect(
        stored,
        "Registered as anna and looked at her password_hash.",
        "none was kept",
        "the hash: user.set_password(form.password.data)",
    )
    another = site.visitor()
    another.log_in(ANNA)
    another.must_be(ANNA, "Registered as anna and logged in.")


@pytest.mark.since(
    "register",
    until="in-at-once",
    because="whoever registers is logged in at once, and asked for nothing",
)
@pytest.mark.retired_by("straight-in", because=IN_AT_ONCE)
def test_registering_leads_to_the_login(visitor):
    page = visitor.register(ANNA)
    expect(
        page.path == "/login" and page.message,
        "Registered as anna.",
        f"the page {page.path}, message: {page.message}",
        "the login page, and a message",
    )
    visitor.log_in(ANNA, at=page)
    visitor.must_be(ANNA, "Registered as anna and logged in.")


@pytest.mark.since("register")
def test_a_space_at_the_end_of_a_password_is_part_of_it(site, visitor):
    spaced = ANNA.but(password=ANNA.password + " ")
    site.visitor().register(spaced)
    visitor.log_in(ANNA)
    visitor.must_be(None, "Registered with a space at the end, left it out.")
    visitor.log_in(spaced)
    visitor.must_be(spaced, "Registered and logged in with the same password.")


@pytest.mark.since("register")
def test_a_name_is_one_name_however_it_is_typed(site, visitor):
    typed = ANNA.but(username=" Anna ", email="Anna@Example.com ")
    site.visitor().register(typed)
    visitor.log_in(ANNA.but(username="ANNA", email="ANNA@example.com"))
    visitor.must_be(ANNA, "Registered as “ Anna ”, logged in as “ANNA”.")


@pytest.mark.since("register", about="register")
def test_the_table_has_the_normal_form_of_an_address(site, visitor):
    visitor.register(ANNA, email=" Änna@XN--BCHER-KVA.de ")
    with site.session() as session:
        kept = [user.email for user in session.query(site.User)]
    expect(
        kept == ["änna@bücher.de"],
        "Registered with “ Änna@XN--BCHER-KVA.de ”, looked into the table.",
        kept or "no user",
        "änna@bücher.de: form.email.data, which the filters made",
    )


@pytest.mark.since("register", about="refused registration")
def test_a_refused_registration_keeps_what_was_typed(site, visitor):
    page = visitor.register(ANNA, password2="something else")
    kept = [page.field(n).get("value") for n in ("username", "email")]
    expect(
        page.status == 200
        and kept == [ANNA.username, ANNA.email]
        and page.error_of("password2")
        and ANNA.password not in str(page.soup),
        "Registered with two different passwords.",
        f"status {page.status}, kept {kept}, "
        f"error {page.error_of('password2')!r}",
        "the form, with the name and the address, no password, and an error "
        "beside the second one",
    )
    expect(
        site.count() == 0,
        "Registered with two different passwords.",
        f"{site.count()} users in the table",
        "none",
    )


@pytest.mark.since("register", about="only what the form asks")
def test_a_stranger_cannot_set_what_the_form_does_not_ask(site, visitor):
    token = {"csrf_token": visitor.see("/register").token()}
    more = {"id": "77", "password_hash": "mine"}
    visitor.open("/register", "POST", ANNA.registration | token | more)
    with site.session() as session:
        user = session.query(site.User).one()
        expect(
            user.id != 77 and user.password_hash != "mine",
            "Registered with an id and a password_hash of one's own.",
            f"id {user.id}, hash {user.password_hash[:12]}",
            "both left alone",
        )


@pytest.mark.since("register", about="links")
def test_there_is_a_link_each_way(visitor):
    for here, there in (("/login", "/register"), ("/register", "/login")):
        expect(
            visitor.see(here).links_to(there),
            f"Looked on {here} for the way to {there}.",
            "no link",
            "one",
        )
        odd = [at for at in visitor.page.links_to(there) if "?" in at]
        expect(
            not odd,
            f"Opened {here} with no `next`, and read the links to {there}.",
            f"{odd and odd[0].removeprefix(HOST)}",
            f"{there} alone: request.args.get('next') is None, and left out",
        )


@pytest.mark.since(
    "register",
    about="next by registering",
    until="in-at-once",
    because="registering logs in, and leads there without a login page",
)
@pytest.mark.retired_by("straight-in", because=IN_AT_ONCE)
def test_the_page_first_asked_for_survives_registering(visitor):
    page = visitor.open("/index?page=2")
    links = page.links_to("/register")
    expect(
        links,
        "Opened /index?page=2 as a stranger, looked for a way to register.",
        f"no link on {page.path}",
        "a link to /register",
    )
    page = visitor.register(ANNA, at=links[0])
    page = visitor.log_in(ANNA, at=page)
    expect(
        page.path == "/index?page=2",
        "Opened /index?page=2, registered and logged in.",
        page.path,
        "the page first asked for",
    )


@pytest.mark.since("register", about="next by registering")
def test_the_way_back_to_the_login_takes_the_page_along(site, visitor):
    site.add(SUSAN)
    page = visitor.see("/register?" + urlencode({"next": "/index?page=2"}))
    links = page.links_to("/login")
    led = [site.visitor().log_in(SUSAN, at=link).path for link in links]
    expect(
        "/index?page=2" in led,
        "Opened /register?next=/index?page=2, took the link to log in.",
        f"led to {', '.join(led) or 'no link'}",
        "the page first asked for: next=request.args.get('next')",
    )


@pytest.mark.since("register", about="fields of registration")
def test_password_managers_know_a_new_password(visitor):
    page = visitor.see("/register")
    names = ("username", "email", "password", "password2")
    values = [page.field(name).get("autocomplete") for name in names]
    expect(
        values == ["username", "email", "new-password", "new-password"],
        "Read the `autocomplete` of the registration form.",
        values,
        "username, email, new-password, new-password",
    )


@pytest.mark.since("register", about="on from registering")
def test_registering_is_followed_by_a_message_and_no_other_site(site):
    for number, target in enumerate(ELSEWHERE):
        visitor = site.visitor()
        at = "/register?" + urlencode({"next": target})
        page = visitor.see(at)
        name = f"anna{number}"
        new = ANNA.but(username=name, email=f"{name}@example.com")
        data = page.sent_by(page.form("password2"), **new.registration)
        answer = visitor.send(page.target_of(page.form()), "POST", data)
        came = urljoin(HOST, answer.headers.get("Location", "no page"))
        expect(
            came.partition("?")[0] in WAYS_ON,
            f"Registered at /register with next={target!r}.",
            f"led to {came}",
            "a page of this site: the front page, or the login, which judges "
            "`next`",
        )
    message = visitor.see("/login").message
    expect(
        message and message.get_text(strip=True),
        "Registered and read the next page.",
        f"no message in it: {message}",
        'a message with role="status": flash("…") before the redirect',
    )


ELSEWHERE = ["//other.example", "https://other.example/", "/\\other.example"]
WAYS_ON = [HOST + path for path in ("/", "/index", "/login")]


@pytest.mark.since("register", about="only opened")
def test_a_form_of_registration_that_was_only_opened_has_no_error(visitor):
    page, nothing = visitor.see("/register"), dict.fromkeys(COMPLETE, "")
    page.must_not_complain_as(visitor.register(NOBODY, **nothing), nothing)


@pytest.mark.since("register", about="whole")
def test_the_registration_page_is_whole(visitor):
    page = visitor.see("/register")
    page.must_be_whole()
    expect(
        page.soup.find("link", rel="stylesheet"),
        "Looked for the stylesheet in the head of /register.",
        "none",
        'the head of every page: {% extends "base.html" %}',
    )
    visitor.register(ANNA, password2="something else").must_be_whole()


@pytest.mark.holds_from("register")
def test_what_is_typed_as_a_password_is_hidden(visitor):
    for path in ("/login", "/register"):
        page = visitor.see(path)
        for name in ("password", "password2"):
            field = page.soup.find(attrs={"name": name})
            expect(
                field is None or field.get("type") == "password",
                f"Looked at the field {name} of {path}.",
                f"{field}",
                'type="password": a PasswordField',
            )


@pytest.mark.holds_from("register")
def test_what_is_typed_is_never_in_an_address(site, visitor):
    """An address is kept: in the history, in logs, by other sites."""
    pages = [visitor.register(ANNA), site.visitor().log_in(ANNA)]
    expect(
        not any(ANNA.password.split()[0] in page.path for page in pages),
        "Registered and logged in, and read the addresses on the way.",
        [page.path for page in pages],
        "no password in them",
    )


@pytest.mark.since("register", about="already in")
def test_a_member_is_not_asked_to_register(site, visitor):
    site.add(SUSAN)
    visitor.log_in(SUSAN)
    page = visitor.open("/register")
    expect(
        page.path in ("/", "/index"),
        "Opened /register while logged in.",
        f"{page.path}, status {page.status}",
        "the front page",
    )


@pytest.mark.holds_from("register", about="asked for the token")
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_another_site_cannot_register_a_visitor(site, visitor, token):
    visitor.see("/register")
    data = ANNA.registration
    data |= {} if token is None else {"csrf_token": token}
    page = visitor.open("/register", "POST", data)
    expect(
        page.status == 400
        and page.soup.find("link", rel="stylesheet")
        and site.count() == 0,
        f"Posted to /register with the token {token!r}.",
        f"status {page.status}, {site.count()} users",
        "status 400, a page that says what to do, and no user",
    )


# No two alike


@pytest.mark.since("no-two-alike", about="taken")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "anna"),
        ("username", "ANNA"),
        ("email", "anna@example.com"),
        ("email", "Anna@example.COM"),
    ],
)
def test_what_is_taken_is_said_beside_its_field(site, visitor, field, value):
    site.add(ANNA)
    page = visitor.register(NOBODY, **{field: value})
    expect(
        page.status == 200 and page.error_of(field),
        f"Registered with {value}, a taken {field}.",
        f"status {page.status}, no error beside it",
        f"the form, with an error beside {field}",
    )


@pytest.mark.since("no-two-alike", about="taken")
def test_one_mailbox_has_one_account(site, visitor):
    site.add(ANNA.but(email="anna@bücher.de"))
    page = visitor.register(NOBODY, email="Anna@xn--bcher-kva.de")
    expect(
        page.status == 200 and page.error_of("email"),
        "Registered with Anna@xn--bcher-kva.de, a taken email: anna has "
        "anna@bücher.de, which is the same mailbox.",
        f"status {page.status}, {site.count()} users, no error beside it",
        "the form, with an error beside email",
    )


@pytest.mark.holds_from("register", belongs="no-two-alike", about="taken")
def test_who_is_not_taken_can_still_register(site, visitor):
    site.add(ANNA)
    page = visitor.register(MARIA)
    again = page.path == "/register" and page.error_of("username")
    expect(
        site.count(MARIA) == 1,
        "Registered as maria while anna has an account.",
        f"maria is not in the table: {again or page.path}",
        "an account for maria: the question is whether *this* name is there",
    )
    another = site.visitor()
    another.log_in(MARIA)
    another.must_be(MARIA, "Registered as maria and logged in.")


@pytest.mark.since("no-two-alike", about="taken")
def test_who_has_the_taken_name_can_still_log_in(site, visitor):
    site.add(ANNA)
    thief = ANNA.but(password="some other password")
    site.visitor().register(thief)
    visitor.log_in(thief)
    visitor.must_be(None, "Registered a taken name, and logged in with it.")
    visitor.log_in(ANNA)
    visitor.must_be(ANNA, "Somebody tried to register anna; anna logged in.")


@pytest.mark.since("no-two-alike", about="taken")
@pytest.mark.parametrize("same", ["username", "email"])
def test_two_at_the_same_moment_make_one_account(site, monkeypatch, same):
    """Both hash their password at once: both have asked, neither has saved."""
    together = threading.Barrier(2, timeout=5)
    set_password = site.User.set_password

    def waiting(user, password):
        together.wait()
        set_password(user, password)

    monkeypatch.setattr(site.User, "set_password", waiting)
    with ThreadPoolExecutor() as threads:
        visitors = [site.visitor() for _ in range(2)]
        other = MARIA.but(**{same: getattr(ANNA, same)})
        both = zip(visitors, (ANNA, other), strict=True)
        visits = [threads.submit(v.register, person) for v, person in both]
    pages = [visit.result() for visit in visits]
    paths = sorted(page.path for page in pages)
    expect(
        paths in [[led, "/register"] for led in ("/", "/index", "/login")]
        and site.count() == 1,
        f"Registered one {same} twice at the same moment, from two threads.",
        f"the pages {paths}, {site.count()} users; the program raised "
        f"{site.last_error}",
        "one account; the other visitor gets the form again",
    )
    (second,) = [page for page in pages if page.path == "/register"]
    expect(
        second.error_of(same),
        f"Came second with the {same} of somebody else.",
        f"the form, but no error beside the {same}",
        "an error that says so: form.validate() asks again",
    )
