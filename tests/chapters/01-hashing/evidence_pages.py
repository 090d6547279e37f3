"""Chains of the head of a page, its words, and the thief's page."""

import re
from pathlib import Path

from jinja2 import nodes

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    not_there,
    opens,
)
from tests.chapters.style import unbroken, unreadable
from tests.chapters.templates import blocks_above, lost_blocks, outside


@chain("head")
def head(facts):
    """What stands in the head of every page, and the files it names."""
    visit = facts.visits[0]
    for each in facts.visits:
        if each.path != "/favicon.ico":
            yield from opens(facts, each)
    yield from inherits(facts, visit)
    soup, text = visit.soup, visit.answer.text
    if not text.lstrip().lower().startswith("<!doctype html"):
        said = f"the page starts with “{text.lstrip()[:30]}”"
        yield Link("doctype", False, said, facts.drawn_at(visit, "<html"))
    if not (soup.html and soup.html.get("lang")):
        said = f"the page says {str(soup.html).partition('>')[0]}>, no lang"
        yield Link("language", False, said, facts.drawn_at(visit, "<html"))
    for name, tag, is_right in HEAD:
        found = soup.find_all(tag)
        if not any(map(is_right, found)):
            has = " ".join(map(str, found)).strip() or f"no <{tag}>"
            said = f"the head has {has[:200]}"
            place = facts.drawn_at(visit, rf"<{tag}\b|</?head")
            yield Link(name, False, said, place)
            return
    icon = next(e for e in soup.find_all("link") if is_icon(e))["href"]
    for each in facts.visits:
        if each.path == icon and each.status == 404:
            said = f"there is nothing at {icon}, where the icon should be"
            place = facts.drawn_at(visit, re.escape(icon))
            yield Link("icon", False, said, place)


def is_icon(link):
    return "icon" in link.get("rel", ()) and link.get("href") is not None


HEAD = [
    (
        "viewport",
        "meta",
        lambda tag: (
            tag.get("name") == "viewport"
            and "device-width" in tag.get("content", "")
        ),
    ),
    ("title", "title", lambda tag: tag.get_text(strip=True)),
    (
        "stylesheet",
        "link",
        lambda tag: "stylesheet" in tag.get("rel", ()) and tag.get("href"),
    ),
    ("icon", "link", is_icon),
]


def inherits(facts, visit):
    """Links: the page is a whole one, by what its template extends."""
    if visit.soup.find("html") is None:
        name = visit.last("page").template.name
        said = f'{name} has no {{% extends "base.html" %}}: no <html>, no head'
        yield Link("extends", False, said, facts.template_place(visit))


@chain("style")
def style(facts):
    """The page can be read in the light and in the dark."""
    yield from head(facts)
    yield from styled(facts, unreadable)


@chain("long words")
def long_words(facts):
    """Long words do not make a phone scroll sideways."""
    yield from styled(facts, unbroken)


def styled(facts, faults):
    """Links: what a function finds wrong in the stylesheets."""
    for path in facts.files("static/**/*.css"):
        for said, line in faults(path.read_text(encoding="utf-8")):
            yield Link("style", False, said, facts.places.at(str(path), line))
            return


@chain("words")
def words(facts):
    """What a template says stands in a block that the page draws."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    if len(facts.templates(visit)) == 1:
        yield from inherits(facts, visit)
    yield from lost(facts)


@chain("blocks")
def lost(facts):
    """Each block of a template has its place in what it extends."""
    templates = facts.app.jinja_env
    for name, block in lost_blocks(templates):
        there = ", ".join(sorted(blocks_above(templates, name))) or "none"
        said = f"no block {block.name} is in what this page extends; "
        path = templates.get_template(name).filename
        place = facts.places.at(path, block.lineno)
        yield Link("block", False, f"{said}there is {there}", place)
        return
    for name, line in outside(templates):
        said = "this stands outside of a block, and is never shown"
        path = templates.get_template(name).filename
        yield Link("in a block", False, said, facts.places.at(path, line))
        return


@chain("links")
def links(facts):
    """A page leads where it should."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    there = [a.get("href") for a in visit.soup.find_all("a")]
    has = ", ".join(repr(h) for h in dict.fromkeys(there)) or "nothing"
    said = f"the links on {visit.path} lead to {has}"
    place = facts.template_place(visit, "<a ") or facts.template_place(visit)
    yield Link("link", False, said, place)


@chain("thief")
def thief(facts):
    """The view hands the users on, and the template shows them."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    asked = [e for e in visit.of("sql") if "FROM" in e.statement]
    if not asked:
        said = "the view asked the database for nothing"
        yield Link("users asked for", False, said, facts.view_place("/"))
        return
    for event in asked:
        if left := re.search(r"\b(WHERE|LIMIT)\b.*", event.statement, re.S):
            said = f"not everybody is asked for: {' '.join(left[0].split())}"
            yield Link("users asked for", False, said, event.place)
            return
    yield Link("users asked for", True)
    yield from handed_on(facts, visit)
    yield from not_there(visit)
    if place := facts.line_with(r"\|\s*safe\b|autoescape", "templates/*.html"):
        said = "escaping is switched off here, so that a name is run"
        yield Link("shown as text", False, said, place)
    for event in visit.of("row"):
        yield from row_shown(facts, visit, vars(event.row))
    yield from said_when_empty(facts, visit)


def handed_on(facts, visit):
    """Links: the template has the names that it uses."""
    missing = [e for e in visit.of("undefined") if e.place and e.of is None]
    if missing:
        name = missing[0].values["name"]
        shown = visit.last("page")
        given = sorted(shown.given - ALWAYS) if shown else []
        has = ", ".join(given) or "nothing"
        said = f"the template uses `{name}`, and the view gave it {has}"
        yield Link("users handed on", False, said, missing[0].place)
        return
    yield Link("users handed on", True)


def row_shown(facts, visit, row):
    """Links: the page shows a user, and what is stored."""
    text, asked = visit.soup.get_text(" "), facts.asked_by(visit)
    name, hashed = row.get("username"), row.get("password_hash")
    loop = facts.drawn_at(visit, r"\{% *for")
    for each in ("username", "password_hash"):
        if each not in asked:
            said = f"nothing in the templates asks for .{each}"
            yield Link(each, False, said, loop)
            return
    if name and name not in text:
        said = f"{name} was handed on, and a condition leaves the row out"
        place = facts.drawn_at(visit, r"\{%-? *if|for .* if ")
        yield Link("row", False, said if place else "", place)
        return
    place = facts.drawn_at(visit, r"\{\{.*password_hash") or loop
    if hashed and hashed not in text:
        whole = range(len(hashed), 7, -1)
        most = next((n for n in whole if hashed[:n] in text), 0)
        said = f"the page has {most} of the {len(hashed)} characters stored"
        yield Link("hash", False, said, place)
    elif "password_hash" in row and hashed is None and "None" in text:
        said = f"password_hash of {name} is None, and the page prints that"
        yield Link("no hash", False, said, place)


def said_when_empty(facts, visit):
    """Links: something on the page depends on whether anybody is there."""
    for path, tree in facts.templates(visit).items():
        for loop in tree.find_all(nodes.For):
            if not loop.else_ and not list(tree.find_all(WHETHER)):
                said = "this loop has no {% else %}, and the page no {% if %}"
                name = Path(path).name
                place = facts.line_with(
                    r"\{%-? *for", f"**/templates/**/{name}"
                )
                yield Link("said when empty", False, said, place)
                return


WHETHER = (nodes.If, nodes.CondExpr)
ALWAYS = {"config", "current_user", "csrf_token", "csrf_meta_tag", "url_for"}
