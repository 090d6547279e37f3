"""The chain of a login, and of those that stay out."""

from flask_login import AnonymousUserMixin

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    TEMPLATES,
    opens,
)
from tests.chapters.forms import not_asked
from tests.chapters.logins import log_in, only_new


@chain("log in")
def log_in_and_on(facts):
    """Whoever has the password is in, and is led on by a redirect."""
    yield from log_in(facts)
    sent = facts.sent("password")
    page = sent and sent.last("page")
    went = sent and sent.last("redirect")
    lost = [v for v in facts.visits if v.answer and v.answer.status == 404]
    if went and lost:
        said = f"no page has the address {lost[0].path}"
        if went.given["location"] in facts.app.view_functions:
            said += "; it is the name of a view, and url_for() gives its "
            said += "address"
        yield Link("led on", False, said, went.place)
        return
    if page and sent.last("log in") and not sent.last("redirect"):
        said = f"the view answers a login with {page.template.name}, not with "
        said += "a redirect: a reload would send the password again"
        yield Link("led on", False, said, page.place)


@chain("new session")
def new_session(facts):
    """Nothing that was in the session before the login is in it after."""
    yield from log_in(facts)
    sent = facts.sent("password")
    if sent is None:
        return
    yield from only_new(sent, sent.last("log in"))


@chain("nobody")
def nobody(facts):
    """Nobody has a name that a page could print."""
    for event in facts.record.of("undefined"):
        if not isinstance(event.of, AnonymousUserMixin):
            continue
        place = facts.line_with(rf"\.{event.name}\b", TEMPLATES)
        said = f"{event.name} is printed, and nobody has one"
        yield Link("asked first", False, said, place)
        return


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
        if visit.last("check form") is None:
            return Link("form asked", False, *not_asked(facts, visit))
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
        asked = sent[-1].last("sql")
        place = checked and asked and asked.place
        yield Link("one cost", False, text, place)


def text_of_errors(visit):
    """What a page says of errors, as far as its form and messages do."""
    check = visit.last("check form")
    form = check.given["self"] if check else ()
    said = [str(e) for field in form for e in field.errors]
    return " ".join([*said, *(m.message for m in visit.of("message"))])


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


@chain("already in")
def already_in(facts):
    """Whoever is logged in is led on from a form for strangers."""
    yield from log_in(facts)
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    said = "the view shows the form to somebody who is logged in"
    yield Link("led on", False, said, facts.view_place(visit.path))
