"""The chain of a login, and those of staying out, logging out and `next`."""

import re
import sys

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    error_beside,
    filled_in,
    has_form,
    not_there,
    opens,
    page,
    parameters_of,
    undefined,
)

FRONT = ("/", "/index")


@chain("log in")
def log_in(facts):
    """From the form to the greeting: whoever has the password is in."""
    sent = yield from filled_in(facts, "password")
    if sent is None:
        return
    yield from user_found(facts, sent)
    yield from password_right(facts, sent)
    yield from logged_in(facts, sent)
    yield from recognised(facts)


def user_found(facts, sent):
    """The database was asked for the name, and had somebody."""
    name = sent.was_sent.get("username", "")
    rows = sent.of("row")
    if rows:
        yield Link("user found", True)
        return
    asked = [e for e in sent.of("sql") if "FROM" in e.statement]
    place = facts.view_place(sent.path)
    said = "nobody was looked for in the database"
    if asked:
        values = ", ".join(map(repr, parameters_of(asked[-1])))
        place = asked[-1].place
        said = f"looked for {values or 'anybody'}: nobody; typed was {name!r}"
    yield Link("user found", False, said, place)


def password_right(facts, sent):
    """The stored hash was asked about what was typed, and said yes."""
    typed = sent.was_sent.get("password")
    checks = sent.of("check hash")
    if not checks:
        said, place = not_checked(facts, sent)
        yield Link("password right", False, said, place)
        return
    last = checks[-1]
    stored, given = last.given["pwhash"], last.given["password"]
    if last.answer:
        yield Link("password right", True)
    elif stored == typed:
        said = (
            "check_password_hash was given the password first; the stored "
            "hash comes first"
        )
        yield Link("password right", False, said, last.place)
    elif given != typed:
        said = f"typed was {typed!r}, and checked was {given!r}"
        yield Link("password right", False, said, last.place)
    else:
        said = "check_password_hash said no to the right password"
        yield Link("password right", False, said, last.place)


def not_checked(facts, sent):
    """What was done in place of asking check_password_hash."""
    made = sent.last("make hash")
    if made is not None:
        said = (
            "the password was hashed again, with a new salt, which never "
            "gives the same; check_password_hash was not called"
        )
        return said, made.place
    own = [e for e in sent.of("call") if e.name == "check_password"]
    if not own:
        return "check_password was not called", facts.view_place(sent.path)
    said = f"check_password answered {own[-1].answer!r} and asked no hash"
    return said, facts.line_with(r"def check_password\b")


def logged_in(facts, sent):
    """login_user was called, said yes, and the id is in the session."""
    calls = sent.of("log in")
    place = facts.view_place(sent.path)
    if not calls:
        said = "login_user was not called"
        written = facts.line_with(r"\blogin_user\b(?!.*import)")
        if written and "import" not in written.text:
            said += ", though the password was right"
            place = written
        yield Link("login_user", False, said, place)
        return
    call = calls[-1]
    if not call.answer:
        said = f"login_user said {call.answer!r}: the user is not active"
        yield Link("login_user", False, said, call.place)
        return
    yield Link("login_user", True)
    if sent.session.get("_user_id"):
        yield Link("id in session", True)
        return
    cleared = after(sent, call, "clear", "log out")
    said = "the id is not in the session at the end of the request"
    if cleared is not None:
        said = "the session was emptied after login_user"
    spot = cleared.place if cleared is not None else call.place
    yield Link("id in session", False, said, spot)


@chain("new session")
def new_session(facts):
    """Nothing that was in the session before the login is in it after."""
    yield from log_in(facts)
    sent = facts.sent("password")
    if sent is None:
        return
    before, now = sent.asked.session, sent.session
    kept = [name for name in before if before[name] == now.get(name)]
    if kept:
        said = f"the session still has {', '.join(sorted(kept))} of before"
        yield Link("new session", False, said, sent.last("log in").place)


def after(visit, event, *kinds):
    """The first event of these kinds that came after another, or None."""
    later = visit.events[visit.events.index(event) + 1 :]
    return next((e for e in later if e.kind in kinds and e.place), None)


@chain("recognised")
def recognised(facts):
    """The loader was asked with the id, and its user is the visitor."""
    visit = facts.visit(method="GET")
    if visit is not None:
        yield from opens_or_redirects(facts, visit)
    here = visit and visit.asked.session.get("_user_id")
    manager = getattr(facts.app, "login_manager", None)
    if manager is None:
        said = "login_manager.init_app(app) was not called for this app"
        place = facts.line_with(r"LoginManager\(")
        yield Link("login manager", False, said, place)
        return
    if here is None:
        return
    loads = visit.of("load user")
    loader = manager._user_callback
    if loader is None:
        said = "no user loader is registered: @login_manager.user_loader"
        yield Link("user loader", False, said, loader_place(facts))
        return
    if not loads:
        return
    load = loads[-1]
    if load.answer is None:
        said = f"the loader was asked for {here!r} and answered None"
        yield Link("user loader", False, said, loader_place(facts))
    elif not hasattr(load.answer, "is_authenticated"):
        said = (
            f"the loader was asked for {here!r} and answered "
            f"{load.answer!r}, which is no user"
        )
        yield Link("user loader", False, said, loader_place(facts))
    else:
        yield Link("user loader", True)


def loader_place(facts):
    manager = getattr(facts.app, "login_manager", None)
    loader = getattr(manager, "_user_callback", None)
    if loader is not None:
        return facts.places.place_of_function(loader)
    return facts.line_with(r"def load_user|LoginManager\(")


def opens_or_redirects(facts, visit):
    for link in opens(facts, visit):
        if not link.ok and visit.last("unauthorized") and not visit.error:
            return
        yield link


@chain("stay out")
def stay_out(facts):
    """Nobody is let in: what let somebody in all the same."""
    for visit in reversed(facts.visits):
        if call := visit.last("log in"):
            yield let_in(facts, visit, call)
            return


def let_in(facts, visit, call):
    """The broken link of a login that should not have been."""
    checks = visit.of("check hash")
    typed = visit.was_sent.get("password")
    token = visit.last("check token")
    if token is None and visit.method == "POST":
        said = "login_user was called, and nothing asked for the form's token"
        return Link("token", False, said, call.place)
    if not checks:
        said = "login_user was called, and no password was checked"
        return Link("password", False, said, call.place)
    check = checks[-1]
    if check.answer and check.given["password"] != typed:
        said = (
            f"typed was {typed!r}, and checked was "
            f"{check.given['password']!r}: it was changed on the way"
        )
        place = facts.line_with(r"password.*strip|strip.*password")
        return Link("password", False, said, place or check.place)
    if not check.answer:
        said = "the password was wrong, and login_user was called all the same"
        return Link("password", False, said, call.place)
    return Link("password", False, "", call.place)


@chain("log out")
def log_out(facts):
    """The button's post reached the view, and nothing of the login is left."""
    sent = facts.visit("/logout")
    if sent is None:
        shown = facts.visits[-1] if facts.visits else None
        if shown is not None:
            yield from opens(facts, shown)
            said = "no form on the page posts to /logout"
            place = facts.line_with(r"logout", "templates/**/*.html")
            yield Link("button", False, said, place)
        return
    yield from opens(facts, sent)
    if not sent.of("log out"):
        said = "logout_user was not called"
        yield Link("logout_user", False, said, facts.view_place("/logout"))
        return
    yield Link("logout_user", True)
    if sent.session.get("_user_id"):
        said = "the id is still in the session after logging out"
        yield Link("session", False, said, sent.last("log out").place)
        return
    cleared = after(sent, sent.last("log out"), "clear")
    if cleared is not None and cleared.place.text:
        forgot = not any("remember_token=;" in c for c in sent.answer.cookies)
        if forgot and sent.asked.session:
            said = (
                "session.clear() comes after logout_user(), and throws away "
                "its note to remove the remember cookie"
            )
            yield Link("remember cookie", False, said, cleared.place)
            return
    left = {k for k in sent.session if not k.startswith("_")}
    kept = left - {"csrf_token"} & set(sent.asked.session)
    if kept:
        said = f"the session still has {', '.join(sorted(kept))}"
        yield Link("session", False, said, facts.view_place("/logout"))


@chain("members only")
def members_only(facts):
    """A page asks a stranger to log in, and says so."""
    visit = facts.visits[0]
    yield from opens_or_redirects(facts, visit)
    if visit.last("unauthorized") is None:
        yield Link("login_required", False, *not_asked(facts, visit.path))
        return
    yield Link("login_required", True)
    manager = facts.app.login_manager
    if manager.login_view == visit.asked.endpoint:
        said = f"login_view is {manager.login_view!r}, the page that asks"
        place = facts.line_with("login_view *=")
        yield Link("login_view", False, said, place)
        return
    if not manager.login_view:
        said = "login_manager.login_view is not set"
        place = facts.line_with(r"LoginManager\(")
        yield Link("login_view", False, said, place)
    elif manager.login_view not in facts.app.view_functions:
        known = ", ".join(sorted(facts.app.view_functions))
        said = (
            f"there is no endpoint {manager.login_view!r}; there are {known}"
        )
        place = facts.line_with("login_view *=")
        yield Link("login_view", False, said, place)


def not_asked(facts, path):
    """Why login_required did not ask."""
    view = facts.view(path)
    if facts.app.config.get("LOGIN_DISABLED"):
        said = "LOGIN_DISABLED is set: login_required lets everybody in"
        return said, facts.line_with("LOGIN_DISABLED")
    module = getattr(view, "__module__", "")
    named = getattr(sys.modules.get(module), view.__name__, None)
    place = facts.places.place_of_function(view)
    if getattr(named, "__wrapped__", None) is view:
        above = facts.line_with(r"@login_required")
        said = (
            "login_required stands above the route, which then takes the "
            "view without it"
        )
        return said, above or place
    return "the view has no @login_required", place


@chain("refused login")
def refused_login(facts):
    """A wrong login lets nobody in, and says so beside the field."""
    yield from stay_out(facts)
    sent = facts.sent("password")
    yield from (log_in(facts) if sent is None else opens(facts, sent))
    for name in ("username", "password"):
        if sent is not None and not sent.was_sent.get(name):
            yield from error_beside(facts, sent, name)
            return
    if sent is not None:
        yield from error_beside(facts, sent, "password")


@chain("same answer")
def same_answer(facts):
    """An unknown name and a wrong password are answered alike."""
    sent = [v for v in facts.visits if v.method == "POST"]
    for visit in sent:
        yield from opens(facts, visit)
    said = [text_of_errors(visit) for visit in sent[-2:]]
    if len(said) == 2 and said[0] != said[1]:
        place = facts.line_with(said[1][:20]) if said[1] else None
        text = f"the first says “{said[0]}”, the other “{said[1]}”"
        yield Link("one message", False, text, place)
    costs = [len(v.of("check hash", "make hash")) for v in sent[-2:]]
    if len(costs) == 2 and costs[1] == 0:
        text = "for the second nothing was hashed, so that it answers sooner"
        checked = sent[-2].last("call")
        place = checked and facts.called("check_password")
        yield Link("one cost", False, text, place)


def text_of_errors(visit):
    """What a page says of errors, as far as its form and messages do."""
    check = visit.last("check form")
    form = check.given["self"] if check else ()
    said = [str(e) for field in form for e in field.errors]
    return " ".join([*said, *(m.message for m in visit.of("message"))])


@chain("cursor")
def cursor(facts):
    """One field of the form has the attribute autofocus, the right one."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    yield from has_form(facts, visit, "password")
    waits = [tag.get("name") for tag in visit.soup.find_all(autofocus=True)]
    said = "no field has the attribute autofocus"
    if waits:
        said = f"{' and '.join(waits)} has the attribute autofocus"
    place = facts.line_with("autofocus", "templates/**/*.html")
    place = place or facts.template_place(visit, "<form")
    yield Link("cursor", False, said, place)


@chain("form shown")
def form_shown(facts):
    """The login page is there, with a form that a browser can send."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    yield from has_form(facts, visit, "password")
    form = visit.form()
    place = facts.template_place(visit, "<form")
    if form.get("method", "get").lower() != "post":
        said = 'the form has no method="post", and a browser sends it with GET'
        yield Link("by POST", False, said, place)
        return
    kind = form.find(attrs={"name": "password"}).get("type", "text")
    if kind != "password":
        said = f'the field password has type="{kind}"'
        place = facts.line_with("^ +password *=")
        yield Link("hidden", False, said, place)
        return
    yield from has_form(facts, visit, "remember_me")


@chain("headers")
def headers(facts):
    """A header is on the answer, as what sets it has it."""
    visit = facts.visits[-1]
    yield from opens_or_redirects(facts, visit)
    asked = re.search(r"read the header ([\w-]+)", str(facts.error))
    place = facts.line_with(r"@.*after_\w*request|\.after_request\(")
    if asked is None or visit.answer is None:
        return
    if place is None:
        said = "no function is called with each answer: @….after_app_request"
        yield Link("after request", False, said)
        return
    value = visit.answer.headers.get(asked[1])
    said = f"the answer to {visit.path} has {asked[1]}: {value}"
    if value is None:
        said = f"the answer to {visit.path} has no header {asked[1]}"
    place = facts.line_with(asked[1]) or place
    yield Link(asked[1], False, said, place)


@chain("odd request")
def odd_request(facts):
    """A request that no page of this site sends is refused, or is nobody's."""
    visit = facts.visits[-1]
    limit = facts.app.config.get("MAX_CONTENT_LENGTH")
    if wanted(facts) == 413 and limit is None:
        said = "MAX_CONTENT_LENGTH is not set: a body of any length is read"
        yield Link("limit", False, said, facts.line_with("def create_app"))
        return
    yield from opens_or_redirects(facts, visit)
    said = f"{visit.method} {visit.path} was answered with {visit.status}"
    place = facts.line_with(r"@.*before_\w*request|\.before_request\(")
    if place is None:
        said += ": no function looks at requests before the views do"
    yield Link("refused", False, said, place or facts.view_place(visit.path))


def wanted(facts):
    """The status that a test expected, or None."""
    found = re.search(r"expected: +(?:status )?(\d{3})\b", str(facts.error))
    return found and int(found[1])


@chain("refused with words")
def refused_with_words(facts):
    """Who is refused is shown a page of this site, with the way on."""
    visit = facts.visits[-1]
    handlers = facts.app.error_handler_spec[None]
    bare = not visit.soup.find("link", rel="stylesheet")
    if visit.error is not None or visit.status != wanted(facts):
        yield from odd_request(facts)
        return
    if bare and not handlers.get(visit.status):
        said = f"no @….app_errorhandler({visit.status}) shows a page"
        place = facts.line_with("errorhandler")
        yield Link("page", False, said, place)
        return
    said = "the page has no link to the front page"
    yield Link("way on", False, said, facts.template_place(visit))


@chain("field of the form")
def field_of_the_form(facts):
    """Each field is named for people and for password managers."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    wanted = {"username": "username", "password": "current-password"}
    for name, value in wanted.items():
        found = visit.soup.find(attrs={"name": name})
        if found is None:
            yield from has_form(facts, visit, name)
            return
        is_value = found.get("autocomplete", "")
        if not is_value.startswith(value):
            said = f"the field {name} has autocomplete={is_value!r}"
            place = facts.line_with(rf"^ +{name} *[:=]")
            yield Link("autocomplete", False, said, place)
            return
    for name in (*wanted, "remember_me"):
        found = visit.soup.find(attrs={"name": name})
        if found is None:
            yield from has_form(facts, visit, name)
            return
        named = visit.soup.find("label", attrs={"for": found.get("id")})
        if not (named and found.get("id")) and not found.find_parent("label"):
            said = f"no label is tied to the field {name}"
            place = facts.line_with("<label|label", "templates/**/*.html")
            yield Link("label", False, said, place)
            return


@chain("remembered")
def remembered(facts):
    """Who ticks the box is remembered, and nobody else."""
    sent = facts.sent("password")
    if sent is None:
        yield from log_in(facts)
        return
    yield from log_in(facts)
    call = sent.last("log in")
    if call is None:
        return
    ticked = bool(sent.was_sent.get("remember_me"))
    asked = bool(call.given.get("remember"))
    if ticked != asked:
        said = f"login_user was called with remember={asked}"
        said += ", and the box was " + ("ticked" if ticked else "not ticked")
        yield Link("remember", False, said, call.place)
        return
    yield Link("remember", True)
    for name in ("SESSION_COOKIE_HTTPONLY", "REMEMBER_COOKIE_HTTPONLY"):
        if facts.app.config.get(name) is False:
            said = f"{name} is False: scripts can read the cookie"
            yield Link("cookies", False, said, facts.line_with(name))
            return


@chain("cookies")
def cookies(facts):
    """Other sites cannot use the cookies."""
    yield from log_in(facts)
    for name in ("SESSION_COOKIE_SAMESITE", "REMEMBER_COOKIE_SAMESITE"):
        value = facts.app.config.get(name)
        if value not in ("Lax", "Strict"):
            said = f'app.config has {name} = {value!r}; it is to be "Lax"'
            place = facts.line_with(name) or facts.line_with("def create_app")
            yield Link("SameSite", False, said, place)
            return


@chain("message")
def message(facts):
    """A message is made, and the next page shows it once."""
    yield from log_in(facts) if facts.sent("password") else page(facts)
    made = facts.record.last("message")
    if made is None:
        sent = facts.visit(method="POST") or facts.visits[-1]
        said = "flash was not called"
        yield Link("message", False, said, facts.view_place(sent.path))
        return
    yield Link("message", True)
    drawn = facts.line_with("get_flashed_messages", "templates/**/*.html")
    if drawn is None:
        said = "no template calls get_flashed_messages()"
        place = facts.line_with("<main|<body", "templates/base.html")
        yield Link("shown", False, said, place)
        return
    texts = [v for v in facts.visits if made.message in v.soup.get_text()]
    if texts and not texts[0].soup.find(role=["status", "alert"]):
        said = 'the message is shown, in nothing with role="status"'
        yield Link("shown", False, said, drawn)


@chain("already in")
def already_in(facts):
    """Whoever is logged in is led on from a form for strangers."""
    yield from log_in(facts)
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    said = "the view shows the form to somebody who is logged in"
    yield Link("led on", False, said, facts.view_place(visit.path))


@chain("asked for the token")
def asked_for_the_token(facts):
    """A post without its token is refused, with a page that says why."""
    sent = facts.visit("/logout") or facts.visit(method="POST")
    taken = facts.methods(sent.path)
    if sent.path == "/logout" and "GET" in taken:
        said = f"the view takes {' and '.join(taken)}; only POST logs out"
        yield Link("by POST", False, said, facts.view_place("/logout"))
        return
    if sent.status == 404 or sent.error is not None:
        yield from opens(facts, sent)
        return
    if sent.last("check token") is None:
        said = "nothing asks for the token of a form without a FlaskForm"
        place = facts.called(r"CSRFProtect")
        if "csrf" in facts.app.extensions:
            place = facts.called("exempt") or facts.view_place(sent.path)
        else:
            said += ": CSRFProtect has no init_app(app)"
            place = place or facts.line_with("def create_app")
        yield Link("token asked for", False, said, place)
        return
    yield Link("token asked for", True)
    bare = not sent.soup.find("link", rel="stylesheet")
    if sent.status == 400 and bare:
        said = "no handler of CSRFError shows a page of this site"
        place = facts.called("CSRFError") or facts.called("CSRFProtect")
        yield Link("explained", False, said, place)
        return
    if sent.status != 400:
        said = f"a refused form is answered with status {sent.status}"
        place = facts.called("CSRFError") or facts.called("CSRFProtect")
        yield Link("explained", False, said, place)


@chain("navigation")
def navigation(facts):
    """Every page shows the way in to strangers, the way out to members."""
    for visit in facts.visits:
        yield from opens_or_redirects(facts, visit)
    for visit in facts.visits:
        inside = bool(visit.session.get("_user_id"))
        for event in visit.of("undefined"):
            if event.values["name"] == "current_user":
                yield from recognised(facts)
        if not visit.soup.find("main") and not visit.soup.find("h1"):
            continue
        out = visit.soup.find("form", action=lambda a: a and "logout" in a)
        way_in = visit.soup.find("a", href=lambda a: a and "/login" in a)
        wrong = None
        if inside and (way_in or not out):
            wrong = "a member's page has " + (
                "a link to log in" if way_in else "no button that logs out"
            )
        elif not inside and (out or not way_in):
            wrong = "a stranger's page has " + (
                "the button that logs out" if out else "no link to log in"
            )
        if wrong:
            place = facts.line_with(
                "is_authenticated|is_anonymous|login", "templates/base.html"
            )
            yield Link(f"on {visit.path}", False, wrong, place)
            return


@chain("members' page")
def members_page(facts):
    """The front page greets its member, and shows the others' posts."""
    yield from log_in(facts)
    seen = [
        v
        for v in facts.visits
        if v.path in FRONT and v.session.get("_user_id")
    ]
    visit = seen[-1] if seen else facts.visits[-1]
    yield from opens(facts, visit)
    missing = [e for e in visit.of("undefined") if e.place and not e.of]
    for event in missing:
        name, given = event.values["name"], visit.last("page").given
        has = ", ".join(sorted(given - {"csrf_meta_tag", "csrf_token"}))
        said = f"the template uses `{name}`, and has {has}"
        yield Link("names", False, said, event.place)
        return
    yield from not_there(visit)
    user = visit.answer.user if visit.answer else None
    name = getattr(user, "username", None)
    main = visit.soup.find("main") or visit.soup
    if name and name not in main.get_text():
        said = f"the page does not say {name}"
        yield Link("greeting", False, said, facts.template_place(visit))
        return
    yield Link("greeting", True)
    said = "nothing of the others stands under the greeting"
    place = facts.template_place(visit, r"\{% *for") or (
        facts.template_place(visit)
    )
    yield Link("posts", False, said, place)


@chain("next")
def next_page(facts):
    """The page asked for is carried through the form, judged, followed."""
    asked = [v for v in facts.visits if "next=" in v.asked.path]
    first = facts.visits[0]
    if (
        not asked
        and first.last("unauthorized") is None
        and (first.path not in ("/login", "/register"))
    ):
        yield from members_only(facts)
        return
    yield from log_in(facts)
    sent = facts.sent("password")
    if sent is None:
        return
    kept = "next=" in sent.asked.path or "next" in sent.was_sent
    if asked and not kept:
        said = "the form is sent to an address without ?next=, which loses it"
        place = facts.line_with("<form[^>]*action", "templates/login.html")
        yield Link("next is kept", False, said, place)
        return
    yield Link("next is kept", True)
    went = sent.last("redirect")
    where = sent.answer.location if sent.answer else None
    judged = [e for e in sent.of("call") if looks_at_target(e)]
    for call in reversed(judged):
        said = f"{call.name} answered {call.answer}, so that it led to {where}"
        place = facts.line_with(rf"def {call.name}\b")
        yield Link("judged", False, said, place or call.place)
        return
    said = f"the view led to {where}"
    if not judged and facts.called("next"):
        said += ", and no function judged the page asked for"
    place = went.place if went else facts.view_place(sent.path)
    yield Link("followed", False, said, place)


def looks_at_target(call):
    """Whether a call was handed an address."""
    values = [v for v in call.given.values() if isinstance(v, str)]
    named = call.name.isidentifier()
    answers = call.answer is None or isinstance(call.answer, bool)
    return named and answers and any("/" in v or ":" in v for v in values)


@chain("thief's page")
def thiefs_page(facts):
    """The page that showed every hash is taken down."""
    if not facts.visits:
        return
    visit = facts.visits[0]
    yield from opens_or_redirects(facts, visit)
    place = facts.line_with("password_hash", "templates/**/*.html")
    said = "the page still shows what is stored"
    yield Link("taken down", False, said, place or facts.view_place("/"))


@chain("form variable")
def form_variable(facts):
    visit = facts.visits[-1]
    if event := undefined(visit, "form"):
        said = "the template uses `form`, and the view gave it no such name"
        yield Link("form handed on", False, said, event.place)
