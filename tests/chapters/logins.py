"""Links of every chain that somebody logs in for."""

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    TEMPLATES,
    opens,
    parameters_of,
)
from tests.chapters.forms import (
    filled_in,
)


def log_in(facts):
    """From the form to the greeting: whoever has the password is in."""
    sent = yield from filled_in(facts, "password")
    if sent is None:
        return
    yield from user_found(facts, sent)
    yield from password_right(facts, sent)
    yield from logged_in(facts, sent)
    yield from row_kept(facts, sent)
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
    found = sent.last("row")
    if found and vars(found.row).get("password_hash", "") is None:
        return "the user that was found has no password_hash", found.place
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
        yield from form_says_yes(facts, sent)
        said = "login_user was not called"
        written = facts.line_with(r"\blogin_user\(")
        if written and sent.of("check hash"):
            said += ", though the password was right"
            place = written
        yield Link("login_user", False, said, place)
        return
    call = calls[-1]
    if not call.answer:
        said = f"login_user said {call.answer!r}: the user is not active"
        place = facts.line_with(ACTIVE) or call.place
        yield Link("login_user", False, said, place)
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


def row_kept(facts, sent):
    """Links, where logins are rows: one was written, and committed."""
    call = sent.last("log in")
    if call is None or facts.model("Login") is None:
        return
    made = writes(sent, "INSERT INTO login")
    if not made:
        said = "login_user was called, and no row was written for the login"
        yield Link("row", False, said, call.place)
    elif after_all(sent, made[-1], "commit") is None:
        said = "the row of the login was written, and never committed"
        yield Link("row", False, said, made[-1].place)
    else:
        yield Link("row", True)


def writes(visit, start):
    """The statements of a visit that begin so."""
    plain = [(e, e.statement.replace('"', "")) for e in visit.of("sql")]
    return [event for event, text in plain if text.startswith(start)]


def after_all(visit, event, kind):
    """The first event of a kind that came after another, or None."""
    later = visit.events[visit.events.index(event) + 1 :]
    return next((e for e in later if e.kind == kind), None)


def form_says_yes(facts, sent):
    """Links: where a form has a validate of its own, it answered True."""
    own = [e for e in sent.of("call") if e.name == "validate"]
    if own and not own[-1].answer:
        form = own[-1].given["self"]
        said = f"validate of {type(form).__name__} answered {own[-1].answer!r}"
        if own[-1].answer is None:
            said += ": it has no `return`"
        place = facts.part_of(type(form), "validate")
        for call in facts.calls_in(own[-1]):
            if facts.fell_through(call) and not facts.is_statement(
                call.place, call.name
            ):
                said, place = facts.why_none(call)
        yield Link("form says yes", False, said, place)


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
        yield from loaded_nobody(facts, load, here)
    elif isinstance(load.answer, facts.model("User") or ()) and not hasattr(
        load.answer, "is_authenticated"
    ):
        said = "the class User does not inherit from UserMixin"
        yield Link("user", False, said, facts.line_with(r"^class User\b"))
    elif not hasattr(load.answer, "is_authenticated"):
        said = (
            f"the loader was asked for {here!r} and answered "
            f"{load.answer!r}, which is no user"
        )
        yield Link("user loader", False, said, loader_place(facts))
    elif not load.answer.is_authenticated:
        said = "is_authenticated of the user is False"
        if not load.answer.is_active:
            said += ", as is_active is"
        yield Link("the user", False, said, facts.line_with(ACTIVE))
    else:
        yield Link("user loader", True)


def loaded_nobody(facts, load, here):
    """Links: why the loader answered None when it was asked for an id."""
    told = [e for e in facts.record.of("call") if e.name == "get_id"]
    if facts.within(load).of("row") or facts.fell_through(load):
        yield Link("user loader", False, *facts.why_none(load))
    elif gone := facts.deleted(here, load):
        yield Link("row of the login", False, *gone)
    elif told and told[-1].answer == here:
        said = f"get_id of the user answers {here!r}, and the loader, asked "
        said += "for that, None"
        yield Link("get_id", False, said, facts.line_with("def get_id"))
    else:
        said = f"the loader was asked for {here!r} and answered None"
        yield Link("user loader", False, said, loader_place(facts))


ACTIVE = r"^ +(def +)?(is_active|is_authenticated)\b"


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


def shown_next(facts, sent):
    """Links: the page that comes next draws the messages."""
    made = sent.last("message")
    later = facts.visits[facts.visits.index(sent) + 1 :]
    visit = next((v for v in later if v.last("page")), None)
    if visit is None or made is None:
        return
    drawn = facts.line_with("get_flashed_messages", TEMPLATES)
    name = visit.last("page").template.name
    if "get_flashed_messages" not in facts.asked_by(visit):
        said = f"“{made.message}” was flashed, and {name} and what it extends "
        said += "never call get_flashed_messages()"
        if drawn:
            said += f"; only {drawn.file} does"
        place = drawn or facts.drawn_at(visit, "<main|<body")
        yield Link("shown", False, said, place)
    elif str(made.message) not in visit.soup.get_text():
        said = f"“{made.message}” was flashed, and the page does not say it"
        yield Link("shown", False, said, drawn)
    elif not visit.soup.find(role=["status", "alert"]):
        said = 'the message is shown, in nothing with role="status"'
        yield Link("shown", False, said, drawn)


def only_new(sent, call):
    """Links: nothing of the session before a login is in it after."""
    before, now = sent.asked.session, sent.session
    kept = [n for n in before if before[n] == now.get(n) and n != "_id"]
    if kept:
        said = f"the session still has {', '.join(sorted(kept))} of before"
        yield Link("new session", False, said, call.place)
