"""Chapter 4: a room for users, a form that checks, messages of a kind."""

import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import flask
import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict

from tests.chapters.expectation import expect
from tests.chapters.page import Page
from tests.chapters.people import ANNA, MARIA, NOBODY, SUSAN
from tests.chapters.visitor import HOST

OF_PEOPLE = ("/login", "/register", "/logout")
WAYS_IN = ("/login", "/register")
FRONT = ("/", "/index")
ELSEWHERE = ["//other.example", "https://other.example/", "/\\other.example"]


@pytest.fixture
def susan(site):
    """Susan, who has an account."""
    site.add(SUSAN)
    return SUSAN


# A room for users


@pytest.mark.holds_from("a-room-for-users", about="room")
def test_what_is_about_people_belongs_to_the_blueprint_users(site):
    for rule in site.app.url_map.iter_rules():
        if rule.rule in OF_PEOPLE:
            expect(
                rule.endpoint.startswith("users."),
                f"Asked whose the address {rule.rule} is.",
                f"its endpoint is {rule.endpoint}",
                'users.…: it belongs to Blueprint("users", …)',
            )
        elif rule.rule in FRONT:
            expect(
                not rule.endpoint.startswith("users."),
                f"Asked whose the address {rule.rule} is.",
                f"its endpoint is {rule.endpoint}",
                "that of another blueprint: the front page is not about "
                "people",
            )


@pytest.mark.holds_from("a-room-for-users", about="room")
@pytest.mark.parametrize("name", ["LoginForm", "RegistrationForm"])
def test_the_forms_of_people_are_in_their_package(site, name):
    module = site.part("users.forms", name).__module__
    expect(
        is_in_the_room(site, module),
        f"Asked which module {name} is from.",
        module,
        "one of the package microblog.users",
    )


def is_in_the_room(site, module):
    return f"{module}.".startswith(f"{site.package.__name__}.users.")


@pytest.mark.holds_from("a-room-for-users", about="room")
@pytest.mark.parametrize("path", ["/login", "/register"])
def test_the_pages_of_people_are_in_their_package(site, visitor, path):
    drawn = []

    def note(sender, template, **rest):
        drawn.append(Path(template.filename))

    with flask.template_rendered.connected_to(note, site.app):
        visitor.see(path)
    room = Path(site.package.__file__).parent / "users"
    found = [template for template in drawn if room in template.parents]
    expect(
        found,
        f"Opened {path} and asked where its template is.",
        ", ".join(p.relative_to(room.parent).as_posix() for p in drawn)
        or "no template drew it",
        "in a folder of microblog/users: template_folder of the blueprint",
    )


@pytest.mark.holds_from("a-room-for-users", about="room")
def test_no_template_hides_another_of_the_same_name(site):
    scaffolds = [site.app, *site.app.blueprints.values()]
    loaders = {s.jinja_loader for s in scaffolds if s.jinja_loader}
    counted = Counter(n for each in loaders for n in each.list_templates())
    twice = [name for name, count in counted.items() if count > 1]
    expect(
        not twice,
        "Listed the templates of the application and of its blueprints.",
        f"{', '.join(twice)}, more than once",
        "each name once: Flask takes the first that it finds",
    )


@pytest.mark.holds_from("a-room-for-users", about="room")
def test_the_name_users_is_that_of_the_package(site):
    name = f"{site.package.__name__}.users"
    found = getattr(site.package, "users", None)
    expect(
        found is not None and found is sys.modules.get(name),
        "Asked what `microblog.users` is.",
        f"{getattr(found, '__name__', found)}",
        "the package: from .users import routes, and not `as users`",
    )


@pytest.mark.holds_from("a-room-for-users", about="members only")
def test_a_page_for_members_asks_strangers_as_before(visitor):
    page = visitor.open("/index?page=2")
    expect(
        page.path.startswith("/login") and page.message,
        "Opened /index?page=2, logged out.",
        f"{page.path}, status {page.status}, message: {page.message}",
        "the login page, and a message: nothing changes for a visitor",
    )


@pytest.mark.holds_from("a-room-for-users", about="stale as before")
def test_a_stale_form_is_explained_as_before(visitor):
    stale = visitor.open("/login", "POST", {"csrf_token": "wrong"})
    odd = visitor.send("/login", "POST", json={"username": "susan"})
    said = Page(odd.get_data(as_text=True), "/login").main.get_text()
    expect(
        stale.status == 400 and stale.main.get_text() != said,
        "Posted to /login with the token 'wrong', and then what is no form.",
        f"status {stale.status}, “{stale.text[:80]}” both times",
        "a page of its own for a form that went stale, as before",
    )


@pytest.mark.holds_from("a-room-for-users", about="as before")
def test_nothing_that_a_visitor_does_fails_after_the_move(site, susan):
    visitor = site.visitor()
    visitor.log_in(SUSAN, at=visitor.open("/index?page=2"))
    visitor.open("/register")
    page = visitor.open("/login")
    if page.way_out:
        visitor.log_out()
        visitor.log_in(SUSAN)
    registers(site.visitor())


# The form checks


def asked(site, person, **more):
    """(the login form, its answer) after somebody has typed."""
    form_class = site.part("users.forms", "LoginForm")
    typed = {"username": person.username, "password": person.password}
    data = MultiDict(typed)
    with site.app.test_request_context(method="POST", data=data):
        form = form_class(meta={"csrf": False})
        return form, form.validate(**more)


@pytest.mark.since("the-form-checks", about="login form")
@pytest.mark.parametrize(
    "person", [SUSAN.but(password="a guess"), NOBODY], ids=["wrong", "unknown"]
)
def test_the_login_form_refuses_whom_it_does_not_know(site, susan, person):
    form, answer = asked(site, person)
    expect(
        not answer and form.errors.get("password"),
        f"Asked LoginForm about {person} with the password "
        f"{person.password!r}.",
        f"validate() says {answer!r}, with errors {form.errors}",
        "False, with an error for password",
    )


@pytest.mark.since("the-form-checks", about="login form")
def test_the_login_form_holds_the_user(site, susan):
    form, answer = asked(site, SUSAN)
    found = getattr(form, "user", None)
    expect(
        answer and isinstance(found, site.User),
        "Asked LoginForm about susan with her password.",
        f"validate() says {answer!r}, form.user is {found!r}",
        "True, and the user susan in form.user",
    )


@pytest.mark.holds_from("the-form-checks", about="login form")
@pytest.mark.parametrize("left_out", ["username", "password"])
def test_a_login_form_with_an_empty_field_asks_nobody(
    site, susan, hashes, left_out
):
    hashes.clear()
    form, answer = asked(site, SUSAN.but(**{left_out: ""}))
    expect(
        not answer and not hashes and list(form.errors) == [left_out],
        f"Asked LoginForm about a login without {left_out}.",
        f"validate() says {answer!r}, errors for {list(form.errors)}, "
        f"{len(hashes)} slow hashes",
        f"False, an error for {left_out} alone, and nothing hashed",
    )


@pytest.mark.holds_from("the-form-checks", about="login form")
def test_the_login_form_asks_the_validators_that_it_is_handed(site, susan):
    from wtforms import ValidationError

    def refuse(form, field):
        raise ValidationError("Not today.")

    _, answer = asked(site, SUSAN, extra_validators={"username": [refuse]})
    expect(
        answer is False,
        "Asked LoginForm with extra_validators that refuse everybody.",
        f"validate() says {answer!r}",
        "False: hand them on, super().validate(extra_validators)",
    )


@pytest.mark.holds_from("the-form-checks", about="asked once")
def test_a_right_password_is_hashed_once(visitor, susan, hashes):
    hashes.clear()
    visitor.log_in(SUSAN)
    expect(
        len(hashes) == 1,
        "Logged in as susan, and counted the slow hashes.",
        f"{len(hashes)}",
        "one: the view logs in the user whom the form holds",
    )


# In at once


@pytest.mark.since("in-at-once", about="in at once")
def test_whoever_registers_is_in_at_once(site, visitor):
    page = visitor.register(ANNA)
    expect(
        page.status == 200 and page.path in FRONT and page.message,
        "Registered as anna.",
        f"the page {page.path}, status {page.status}, message: {page.message}",
        "the front page, with a message",
    )
    visitor.must_be(ANNA, "Registered as anna.")


@pytest.mark.since("in-at-once", about="in at once")
def test_a_new_member_is_led_to_the_page_first_asked_for(visitor):
    page = visitor.open("/index?page=2&q=a%26b")
    links = page.links_to("/register")
    expect(
        links,
        "Opened /index?page=2 as a stranger, looked for a way to register.",
        f"no link on {page.path}",
        "a link to /register",
    )
    page = visitor.register(ANNA, at=links[0])
    expect(
        page.path == "/index?page=2&q=a%26b",
        "Opened /index?page=2&q=a%26b as a stranger, and registered.",
        page.path,
        "the page first asked for",
    )


@pytest.mark.since("in-at-once", about="in at once")
@pytest.mark.parametrize("target", ELSEWHERE)
def test_registering_leads_to_no_other_site(visitor, target):
    page = visitor.see("/register?" + urlencode({"next": target}))
    form = page.form("password2")
    data = page.sent_by(form, **ANNA.registration)
    answer = visitor.send(page.target_of(form), "POST", data)
    came = answer.headers.get("Location", "no page").removeprefix(HOST)
    expect(
        came in FRONT,
        f"Registered with next={target!r}.",
        f"led to {came!r}",
        "the front page: a browser would leave this site",
    )


@pytest.mark.since("in-at-once", about="in at once")
def test_nothing_of_the_session_before_is_left_after_registering(visitor):
    visitor.see("/register")
    visitor.plant(note="from whoever sat here before")
    before = visitor.session
    visitor.register(ANNA)
    after = visitor.session
    left = [name for name in before if before[name] == after.get(name)]
    expect(
        "_user_id" in after and not left,
        "Put something into the session, registered, and looked again.",
        f"logged in: {'_user_id' in after}; left of before: {left}",
        "logged in, with a new session: session.clear() before login_user",
    )


@pytest.mark.holds_from("in-at-once", about="in at once")
def test_whoever_registers_is_not_remembered(visitor):
    visitor.register(ANNA)
    expect(
        not visitor.cookie("remember_token"),
        "Registered, and looked for the cookie remember_token.",
        "it is there, and nobody ticked “Remember me”",
        "none: login_user(user)",
    )


@pytest.mark.holds_from("in-at-once", about="stay out")
@pytest.mark.parametrize(
    "typed",
    [
        {"username": SUSAN.username},
        {"email": SUSAN.email},
        {"password2": "something else"},
    ],
    ids=["name", "email", "password2"],
)
def test_a_refused_registration_logs_nobody_in(visitor, susan, typed):
    visitor.register(ANNA, **typed)
    visitor.must_be(None, f"Registered as anna, but with {typed}.")


@pytest.mark.since("in-at-once", about="led on already")
@pytest.mark.parametrize("path", ["/login", "/register"])
def test_who_is_in_already_is_led_to_the_page_asked_for(visitor, susan, path):
    came = visitor.log_in(SUSAN)
    expect(
        came.path in FRONT,
        "Logged in.",
        came.path,
        "the front page: return way_on()",
    )
    at = f"{path}?" + urlencode({"next": "/index?page=2"})
    page = visitor.open(at)
    expect(
        page.path == "/index?page=2",
        f"Logged in, and opened {at}.",
        page.path,
        "that page: return way_on()",
    )


@pytest.mark.holds_from("in-at-once", about="led on already")
@pytest.mark.parametrize("target", ELSEWHERE)
def test_who_is_in_already_registers_on_no_other_site(visitor, susan, target):
    visitor.log_in(SUSAN)
    answer = visitor.send("/register?" + urlencode({"next": target}))
    came = answer.headers.get("Location", "no page").removeprefix(HOST)
    expect(
        came in FRONT,
        f"Logged in already, opened /register with next={target!r}.",
        f"led to {came!r}",
        "the front page: a browser would leave this site",
    )


# Messages of a kind


def arrives_as_a_stranger(visitor):
    return visitor.open("/")


def logs_in(visitor):
    return visitor.log_in(SUSAN)


def logs_out(visitor):
    visitor.log_in(SUSAN)
    visitor.see("/")
    return visitor.log_out()


def registers(visitor):
    return visitor.register(ANNA)


def logs_in_again(visitor):
    visitor.log_in(SUSAN)
    visitor.see("/")
    return visitor.open("/login")


def registers_as_a_member(visitor):
    visitor.log_in(SUSAN)
    visitor.see("/")
    return visitor.open("/register")


def sends_a_stale_form(visitor):
    return visitor.open("/login", "POST", {"csrf_token": "wrong"})


def sends_what_is_too_long(visitor):
    return visitor.open("/login", "POST", {"username": "x" * 1_000_000})


KINDS = [
    (arrives_as_a_stranger, "warning", "alert"),
    (logs_in, "success", "status"),
    (logs_out, "success", "status"),
    (registers, "success", "status"),
    (logs_in_again, "warning", "alert"),
    (registers_as_a_member, "warning", "alert"),
    (sends_a_stale_form, "danger", "alert"),
    (sends_what_is_too_long, "danger", "alert"),
]


@pytest.mark.since("messages-of-a-kind", about="kind")
@pytest.mark.parametrize(("deed", "kind", "role"), KINDS)
def test_a_message_has_its_kind_and_its_role(visitor, susan, deed, kind, role):
    message = deed(visitor).message
    did = deed.__name__.replace("_", " ")
    expect(
        message and message.get_text(strip=True),
        f"Somebody {did}.",
        f"no message: {message}",
        f'one of the kind {kind}, with role="{role}"',
    )
    classes = classes_around(message)
    expect(
        kind in classes and message.get("role", "status") == role,
        f"Somebody {did}, and read “{message.get_text(' ', strip=True)}”.",
        f'role="{message.get("role")}", the classes {sorted(classes)}',
        f'the kind {kind} among the classes, and role="{role}"',
    )


def classes_around(message):
    """The classes of a message, and of what it is in, up to the page."""
    found = set(message.get("class", ()))
    for parent in message.parents:
        if parent.name in ("main", "body"):
            break
        found |= set(parent.get("class", ()))
    return found


@pytest.mark.since("messages-of-a-kind", about="closed")
def test_a_message_can_be_closed(visitor, susan):
    page = visitor.log_in(SUSAN)
    way = way_to_close(page.message) if page.message else None
    expect(
        way,
        "Logged in, and looked for a way to close the message.",
        f"none beside it: {page.message}",
        "one for mouse and keyboard: <details open> with a <summary>, or a "
        "<button>",
    )
    expect(
        way.get_text(strip=True) or way.get("aria-label"),
        "Read what closes the message.",
        f"{way}",
        "a word, such as Close",
    )


def way_to_close(message):
    """What a keyboard can reach that stands with a message, or None."""
    for around in (message, *message.parents):
        if around.name in ("main", "body", "[document]"):
            return None
        for control in around.find_all(["summary", "button", "a", "input"]):
            if does_something(control):
                return control
    return None


def does_something(control):
    if control.name == "summary":
        return control.find_parent("details", open=True)
    if control.name == "a":
        return control.get("href") is not None
    if control.get("type") == "checkbox":
        return True
    attributes = ("popovertarget", "commandfor", "onclick", "form")
    return (
        any(control.has_attr(name) for name in attributes)
        or control.find_parent("form")
        or control.find_parent("html").find("script")
    )


@pytest.mark.holds_from("messages-of-a-kind", about="closed")
def test_no_script_of_another_site_is_loaded(visitor, susan):
    for path in ("/login", "/register"):
        for script in visitor.see(path).soup.find_all("script", src=True):
            came = urlsplit(urljoin(HOST, script["src"])).netloc
            expect(
                came == urlsplit(HOST).netloc,
                f"Opened {path} and read where its scripts come from.",
                script["src"],
                "this site: to close a message takes no library",
            )


@pytest.mark.holds_from("messages-of-a-kind", about="text")
def test_a_message_is_text(visitor):
    visitor.plant(_flashes=[("warning", "<b>bold</b>")])
    message = visitor.see("/login").message
    expect(
        message and "<b>bold</b>" in message.get_text(),
        "Flashed the text “<b>bold</b>”.",
        f"{message}",
        "the signs as they are: Jinja escapes what a macro is given",
    )


@pytest.mark.since("messages-of-a-kind", about="ways in")
@pytest.mark.parametrize("path", ["/login", "/register"])
def test_the_navigation_offers_both_ways_in(visitor, path):
    around = navigation_of(visitor.see(path))
    lacks = [each for each in WAYS_IN if not around(each)]
    expect(
        not lacks,
        f"Looked at the navigation of {path}, logged out.",
        f"no link to {' and none to '.join(lacks)}",
        "a link to log in and one to register",
    )
    odd = [at for each in WAYS_IN for at in around(each) if "?" in at]
    expect(
        not odd,
        f"Opened {path} with no `next`, and read the links above.",
        f"{odd and odd[0].removeprefix(HOST)}",
        "/login and /register alone: request.args.get('next') is None, and "
        "url_for leaves it out",
    )


@pytest.mark.since("messages-of-a-kind", about="ways in")
@pytest.mark.parametrize("path", ["/login", "/register"])
def test_the_navigation_takes_the_page_asked_for_along(site, visitor, path):
    page = visitor.open("/index?page=2")
    (link, *_) = navigation_of(page)(path) or [None]
    expect(
        link,
        f"Opened /index?page=2 logged out, looked above for {path}.",
        "no link",
        "one that takes `next` along",
    )
    site.add(SUSAN)
    if path == "/login":
        came = visitor.log_in(SUSAN, at=link)
    else:
        came = visitor.register(ANNA, at=link)
    expect(
        came.path == "/index?page=2",
        f"Opened /index?page=2 logged out, took the link above to {path}.",
        f"{link}, which led to {came.path}",
        "the page first asked for: url_for(…, next=request.args.get('next'))",
    )


@pytest.mark.holds_from("messages-of-a-kind", about="ways in")
def test_the_navigation_offers_a_member_no_way_in(visitor, susan):
    visitor.log_in(SUSAN)
    around = navigation_of(visitor.see("/"))
    found = [path for path in WAYS_IN if around(path)]
    expect(
        not found,
        "Logged in, and looked at the navigation.",
        f"a link to {' and to '.join(found)}",
        "neither: {% if current_user.is_authenticated %}",
    )


def navigation_of(page):
    """A function: the links to a path that stand around the page."""
    soup = BeautifulSoup(page.html, "html.parser")
    if main := soup.find("main"):
        main.extract()
    return Page(str(soup), page.url).links_to


@pytest.mark.since("messages-of-a-kind", about="who is here")
def test_the_header_shows_who_is_logged_in_with_the_address(site, visitor):
    person = MARIA.but(email="m.jones@example.com")
    site.add(person)
    visitor.log_in(person)
    around = visitor.see("/").around
    expect(
        person.username in around and person.email in around,
        "Logged in as maria and read what stands above the page.",
        f"“{around}”",
        "her name, and m.jones@example.com: {{ current_user.email }}",
    )
