"""Chains of messages, of the navigation, and of who is shown in it."""

import re

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    BASE,
    TEMPLATES,
    not_there,
    opens,
)
from tests.chapters.forms import given_next
from tests.chapters.logins import log_in, opens_or_redirects, recognised

WORDS = ("success", "warning", "danger")


@chain("kind")
def kind(facts):
    """A message is flashed with its kind, and drawn with its role."""
    last = facts.visits[-1]
    for visit in facts.visits:
        if visit.error is not None or visit.status == 404:
            yield from opens(facts, visit)
    wanted = re.search(r"kind (\w+)", str(facts.error))[1]
    if last.status >= 400:
        yield from of_the_page(facts, last, wanted)
        return
    made = facts.record.last("message")
    if made is None or made in behind(facts):
        said = "flash was not called"
        went = [v for v in facts.visits if v.last("redirect")] or [last]
        yield Link("message", False, said, facts.view_place(went[-1].path))
        return
    yield from flashed_as(facts, made, wanted)
    yield from drawn_as(facts, last, wanted)


def behind(facts):
    """The messages that a page has shown before the last deed began."""
    shown = [v for v in facts.visits[:-1] if v.last("page")]
    if not shown:
        return []
    end = facts.record.index(shown[-1].last("page"))
    return facts.record[:end]


def flashed_as(facts, made, wanted):
    """Links: the message was flashed with the kind that it is of."""
    text, found = str(made.message), made.category
    place = made.place or facts.line_with(r"login_message_category|login_view")
    if text in WORDS:
        said = f"flash was given {text!r} as its text, and the text as kind"
        yield Link("kind", False, said, place)
    elif found == "message":
        said = f"“{text}” was flashed without a kind"
        if "log in to access" in text:
            said = f"“{text}” comes from Flask-Login, and has no kind: "
            said += "login_message_category is not set"
        yield Link("kind", False, said, place)
    elif found != wanted:
        said = f"“{text}” was flashed as {found!r}"
        yield Link("kind", False, said, place)


def of_the_page(facts, visit, wanted):
    """Links: a page that refuses something says so in a message."""
    place = facts.template_place(visit, "<h1") or facts.template_place(visit)
    if visit.soup.find(role=["alert", "status"]) is None:
        said = f"the page with the status {visit.status} draws no message"
        yield Link("message", False, said, place)
        return
    yield from drawn_as(facts, visit, wanted)


def drawn_as(facts, visit, wanted):
    """Links: the page draws the kind as a class, and the role."""
    place = facts.line_with("role=", TEMPLATES)
    tag = visit.soup.find(role=["alert", "status"])
    if tag is None:
        said = "the page shows the message in nothing that has a role"
        yield Link("role", False, said, place)
        return
    around = [tag, *tag.parents]
    classes = {name for each in around for name in each.get("class", ())}
    if tag.get_text(strip=True) in WORDS:
        said = f"the macro draws the text {tag.get_text(strip=True)!r}, which "
        said += "is a kind: it was handed the two the other way round"
        called = facts.line_with(r"\{\{ *message\(", BASE)
        yield Link("text", False, said, called or place)
        return
    if wanted not in classes:
        said = f"the message is drawn with the classes {sorted(classes)}"
        if "get_flashed_messages" in facts.asked_by(visit):
            drawn = facts.line_with(r"get_flashed_messages\(\)", TEMPLATES)
            place = drawn or place
        yield Link("class", False, said, place)
        return
    said = f'a message of the kind {wanted} is drawn with role="{tag["role"]}"'
    yield Link("role", False, said, place)


@chain("text")
def text(facts):
    """What a message says is text, and no HTML."""
    yield from opens(facts, facts.visits[-1])
    said = "`safe` tells Jinja that the text is HTML already"
    place = facts.line_with(r"\|\s*safe\b", TEMPLATES)
    yield Link("escaped", False, said if place else "", place)


@chain("closed")
def closed(facts):
    """Beside a message stands what closes it, for mouse and keyboard."""
    yield from log_in(facts)
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    place = facts.line_with("role=", TEMPLATES)
    fold = visit.soup.find("details")
    if fold is not None and not fold.has_attr("open"):
        said = "the message is folded away: its <details> is not `open`"
        at = facts.line_with("<details", TEMPLATES)
        yield Link("open", False, said, at)
        return
    main = visit.soup.find("main") or visit.soup
    if button := main.find("button"):
        said = f"nothing happens when {button} is pressed: it is in no form, "
        said += "and the page has no script"
        at = facts.line_with("<button", TEMPLATES)
        yield Link("button", False, said, at)
        return
    said = "beside the message stands no <summary>, no button and no link"
    if odd := main.find(onclick=True):
        said = f"a keyboard cannot reach <{odd.name} onclick=…>"
    yield Link("way to close", False, said, place)


@chain("ways in")
def ways_in(facts):
    """The navigation has both ways in for strangers, none for members."""
    for visit in facts.visits:
        yield from opens_or_redirects(facts, visit)
    yield from given_next(facts)
    pages = [v for v in facts.visits if v.last("page")]
    place = facts.line_with("is_authenticated|is_anonymous", TEMPLATES)
    for visit in pages:
        links = links_around(visit)
        inside = bool(visit.session.get("_user_id"))
        for path in ("/login", "/register"):
            found = [at for at in links if at.partition("?")[0] == path]
            at = facts.line_with(rf"users\W{path[1:]}\b|{path}\b", BASE)
            if inside and found:
                said = f"a member's page has the link {found[0]}"
                yield Link("ways in", False, said, at or place)
                return
            if not inside and not found:
                said = f"above {visit.path} there is no link to {path}"
                yield Link("ways in", False, said, place)
                return
            if empty := [each for each in found if each.endswith("next=")]:
                said = f"the link {empty[0]} above {visit.path} has a next "
                said += "with nothing behind it"
                yield Link("next left out", False, said, next_of(facts, at))
                return
            lost = [each for each in found if "next=" not in each]
            if "next=" in visit.asked.path and lost:
                said = f"the link {lost[0]} above {visit.asked.path} has no "
                yield Link("next handed on", False, said + "next", at)
                return


def next_of(facts, link):
    """Where the template asks for `next`; else the place of the link."""
    return facts.line_with(r"args\.next|args\[", BASE) or link


def links_around(visit):
    """Where the links lead that are not in the main part of a page."""
    links = visit.soup.find_all("a", href=True)
    return [a["href"] for a in links if not a.find_parent("main")]


@chain("who is here")
def who_is_here(facts):
    """The header shows the name and the address of its member."""
    yield from log_in(facts)
    yield from recognised(facts)
    visit = facts.visit(method="GET")
    yield from not_there(visit)
    asked = facts.asked_by(visit)
    place = facts.drawn_at(visit, r"current_user\.") or (
        facts.drawn_at(visit, "<header|<body")
    )
    for name in ("username", "email"):
        if name not in asked:
            said = f"no template behind this page asks for .{name}"
            yield Link("shown", False, said, place)
            return
    user = visit.answer.user
    around = [t for t in visit.soup.find_all(string=True) if outside(t)]
    for name in ("username", "email"):
        if getattr(user, name) not in " ".join(around):
            said = f"above the page, {getattr(user, name)} is not shown"
            yield Link("shown", False, said, place)
            return


def outside(text):
    return not text.find_parent("main") and not text.find_parent("head")
