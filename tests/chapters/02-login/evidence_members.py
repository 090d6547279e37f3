"""Chains of pages for members, and of the page asked for."""

import re
import sys
from urllib.parse import parse_qs, urlsplit

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    not_there,
    opens,
    written,
)
from tests.chapters.logins import (
    log_in,
    opens_or_redirects,
    shown_next,
)

FRONT = ("/", "/index")


@chain("members only")
def members_only(facts):
    """A page asks a stranger to log in, and says so."""
    turned = [v for v in facts.visits if v.last("not fresh")]
    named = re.search(r"[Oo]pened (/[\w/]*)", str(facts.error))
    visit = turned[0] if turned else named and facts.visit(named[1])
    visit = visit or facts.visits[0]
    yield from opens_or_redirects(facts, visit)
    if not visit.last("unauthorized", "not fresh"):
        yield Link("login_required", False, *not_asked(facts, visit.path))
        return
    yield Link("login_required", True)
    manager = facts.app.login_manager
    if manager.login_view == visit.asked.endpoint:
        said = f"login_view is {manager.login_view!r}, the page that asks"
        place = facts.line_with("login_view *=")
        yield Link("login_view", False, said, place)
        return
    if visit.last("not fresh"):
        said = "fresh_login_required asks who is remembered to log in again"
        yield Link("remembered", False, said, facts.line_with("@fresh_"))
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
    elif not manager.login_message:
        said = f"login_manager.login_message is {manager.login_message!r}"
        place = facts.line_with(r"login_message *=")
        yield Link("login_message", False, said, place)
    yield from shown_next(facts, visit)


def not_asked(facts, path):
    """Why login_required did not ask."""
    view = facts.view(path)
    for rule in facts.app.url_map.iter_rules():
        if rule.rule == path and "GET" in rule.methods:
            view = facts.app.view_functions[rule.endpoint]
    if facts.app.config.get("LOGIN_DISABLED"):
        said = "LOGIN_DISABLED is set: login_required lets everybody in"
        return said, facts.line_with("LOGIN_DISABLED")
    module = getattr(view, "__module__", "")
    named = getattr(sys.modules.get(module), view.__name__, None)
    place = facts.places.place_of_function(view)
    if getattr(named, "__wrapped__", None) is view:
        lines = range(view.__code__.co_firstlineno, place.line)
        file = view.__code__.co_filename
        marks = [facts.places.at(file, line) for line in lines]
        above = next((m for m in marks if "_required" in m.text), None)
        said = (
            "login_required stands above the route, which then takes the "
            "view without it"
        )
        return said, above or place
    return "the view has no @login_required", place


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
    missing = [e for e in visit.of("undefined") if e.place and e.of is None]
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
    for event in visit.of("undefined"):
        if event.of and isinstance(event.of, dict):
            said = f"the template asks for .{event.values['name']}, and there "
            said += f"is {', '.join(map(str, event.of))}"
            yield Link("posts", False, said, event.place)
            return
    said = "nothing of the others stands under the greeting"
    place = facts.template_place(visit, r"\{% *for") or (
        facts.template_place(visit)
    )
    yield Link("posts", False, said, place)


@chain("next")
def next_page(facts):
    """The page asked for is carried through the form, judged, followed."""
    sent, last = facts.sent("password"), facts.visits[-1]
    end = facts.visits.index(sent) if sent else None
    asked = [v for v in facts.visits[:end] if "next=" in v.asked.path]
    first = facts.visits[0]
    if (
        not asked
        and first.last("unauthorized") is None
        and (first.path not in ("/login", "/register"))
    ):
        yield from members_only(facts)
        return
    yield from log_in(facts)
    if sent is None:
        return
    yield from lost_by_a_form(facts)
    if "next=" in last.asked.path and last.last("redirect") and last != sent:
        went = last.last("redirect")
        said = "somebody who is logged in already was led to "
        said += str(last.answer.location)
        yield Link("already in", False, said, went.place)
        return
    yield Link("next is kept", True)
    went = sent.last("redirect")
    where = sent.answer.location if sent.answer else None
    judged = [e for e in sent.of("call") if looks_at_target(e)]
    for call in reversed(judged):
        yield verdict(facts, sent, call, where)
        return
    said = f"the view led to {where}"
    if not judged and facts.called("next"):
        said += ", and no function judged the page asked for"
    place = went.place if went else facts.view_place(sent.path)
    yield Link("followed", False, said, place)


def lost_by_a_form(facts):
    """Links: a form is sent with the page asked for that it was shown with."""
    for sent in [v for v in facts.visits if v.method == "POST"]:
        shown = facts.shown(sent)
        kept = "next=" in sent.asked.path or "next" in sent.was_sent
        if shown and "next=" in shown.asked.path and not kept:
            said = "the form is sent to an address without ?next=, which "
            place = facts.template_place(shown, "<form[^>]*action")
            yield Link("next is kept", False, said + "loses it", place)
            return


def verdict(facts, sent, call, where):
    """The broken link of a page asked for that was judged and followed."""
    query = parse_qs(urlsplit(sent.asked.path).query, keep_blank_values=True)
    asked = query.get("next", [""])[0] or sent.was_sent.get("next", "")
    given = next(v for v in call.given.values() if isinstance(v, str))
    went = sent.last("redirect")
    if given != asked:
        said = f"asked for was {asked!r}, and {call.name} was given {given!r}"
        return Link("judged", False, said, call.place)
    if bool(call.answer) == (where == asked):
        said = f"{call.name} answered {call.answer}, so that it led to {where}"
        place = facts.line_with(rf"def {call.name}\b")
        return Link("judged", False, said, place or call.place)
    said = f"{call.name} answered {call.answer} for {asked!r}, and the view "
    said += f"led to {where}"
    return Link("followed", False, said, went.place if went else call.place)


def looks_at_target(call):
    """Whether a call was handed an address."""
    values = [v for v in call.given.values() if isinstance(v, str)]
    named = call.name.isidentifier()
    answers = call.answer is None or isinstance(call.answer, bool)
    return named and answers and any("/" in v or ":" in v for v in values)


@chain("thief's page")
def thiefs_page(facts):
    """The page that showed every hash is taken down."""
    stored = written(facts.record).get("password_hash")
    for visit in facts.visits:
        if stored and visit.answer and stored in visit.answer.text:
            said = f"{visit.path} shows what is stored to whoever opens it"
            place = facts.drawn_at(visit, "password_hash")
            place = place or facts.view_place(visit.path)
            yield Link("taken down", False, said, place)
            return
    yield from opens_or_redirects(facts, facts.visits[0])
