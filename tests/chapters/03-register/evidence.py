"""Chains of chapter 3: the form, the registration, and no two alike."""

import inspect
import re
from contextlib import suppress

from course.evidence.chain import CHAINS, Link, chain
from tests.chapters.evidence import (
    accepts,
    filled_in,
    in_words,
    opens,
    parameters_of,
    why_refused,
)


@chain("form of registration")
def form_of_registration(facts):
    """The form takes what the page says it takes, and refuses the rest."""
    for event in facts.record.of("raise"):
        said, place = facts.explained(event.error)
        if place and not isinstance(event.error, ValueError):
            yield Link("the form is asked", False, said, place)
            return
    check = facts.record.last("check form")
    if check is None:
        return
    form = check.given["self"]
    yield from validators_of(facts, form)
    if wanted := re.search(r"an error for (\w+)", str(facts.error)):
        yield from not_refused(facts, form, wanted[1])
        return
    refused = {f.name: list(map(str, f.errors)) for f in form if f.errors}
    for field, said in refused.items():
        text, place = why_refused(facts, form, field, said)
        yield Link("form accepts", False, text, place)
        return
    yield Link("form accepts", True)


@chain("one shape")
def one_shape(facts):
    """What was typed went through filters; what they made of it."""
    yield from facts.raised()
    check = facts.record.last("check form")
    wanted = re.search(r"as the (\w+) of", str(facts.error))
    if check is None or wanted is None:
        return
    form, field = check.given["self"], wanted[1]
    if field not in form:
        yield from not_refused(facts, form, field)
        return
    names = [getattr(f, "__name__", repr(f)) for f in form[field].filters]
    has = f"the filters {', '.join(names)}" if names else "no filters"
    said = f"{field} has {has}, and keeps {form[field].data!a}"
    place = place_of_field(facts, form, field)
    yield Link("form keeps", False, said, place)


def not_refused(facts, form, field):
    """Which validators a field has, where none refused what was typed."""
    if field not in form:
        said = f"{type(form).__name__} has no field {field}"
        place = facts.line_with(rf"class {type(form).__name__}\b")
        yield Link("field", False, said, place)
        return
    names = [in_words(v) for v in form[field].validators]
    has = ", ".join(names) or "no validator"
    said = f"{field} has {has}, and took {str(form[field].data)[:40]!r}"
    place = place_of_field(facts, form, field)
    yield Link("form refuses", False, said, place)


def place_of_field(facts, form, field):
    """The line of a field in the class of its form, or else in any."""
    named = rf"^ +{field} *[:=]"
    with suppress(OSError, TypeError):
        lines, first = inspect.getsourcelines(type(form))
        for number, line in enumerate(lines, first):
            if re.match(named, line):
                file = inspect.getsourcefile(type(form))
                return facts.places.at(file, number)
    return facts.line_with(named)


def validators_of(facts, form):
    """Links: each `validate_x` has a field x, or it never runs."""
    for name in dir(type(form)):
        field = name.removeprefix("validate_")
        known = ("on_submit",)
        if name.startswith("validate_") and field not in (*form, *known):
            if field in form._fields:
                continue
            fields = [f for f in form._fields if f != "csrf_token"]
            said = (
                f"{name} never runs: there is no field {field}; there are "
                f"{', '.join(fields)}"
            )
            yield Link(name, False, said, facts.line_with(rf"def {name}\b"))
            return


@chain("register")
def register(facts):
    """From the form to the new row, with a hash, and on."""
    sent = yield from filled_in(facts, "password2")
    if sent is None:
        return
    yield from row_kept(facts, sent)


def row_kept(facts, sent):
    place = facts.view_place(sent.path)
    inserts = [e for e in sent.of("sql") if e.statement.startswith("INSERT")]
    made = sent.of("make hash")
    if not made:
        said = "set_password was not called: nothing was hashed"
        yield Link("hashed", False, said, place)
        return
    yield Link("hashed", True)
    if not inserts:
        commit = sent.last("commit")
        said = "no row was written: db.session.add(user) is missing"
        if not commit and facts.line_with(r"session\.add\("):
            said = "no row was written: db.session.commit() was not called"
        yield Link("row written", False, said, place)
        return
    yield Link("row written", True)
    if not sent.last("commit"):
        said = "the row was written and never committed"
        yield Link("committed", False, said, inserts[-1].place)
        return
    yield Link("committed", True)


@chain("taken")
def taken(facts):
    """What is taken is asked for by its own name, and said."""
    refused = [v for v in facts.visits if refused_by_database(v)]
    sent = refused[-1] if refused else facts.sent("password2")
    if sent is None:
        return
    yield from opens(facts, sent)
    check = sent.last("check form")
    if check is None:
        yield from accepts(facts, sent)
        return
    form = check.given["self"]
    yield from validators_of(facts, form)
    if wanted := re.search(r"a taken (\w+)", str(facts.error)):
        asked = [e for e in sent.of("sql") if f".{wanted[1]} =" in e.statement]
        ran = [e for e in sent.of("call") if e.name == f"validate_{wanted[1]}"]
        if ran and asked:
            said = f"{ran[-1].name} ran and raised no ValidationError"
            place = facts.line_with(rf"def {ran[-1].name}\b")
            yield Link("refused", False, said, place)
            return
        if not asked:
            said = f"nobody asked the database for the {wanted[1]} typed"
            place = facts.line_with(rf"class {type(form).__name__}\b")
            yield Link("asked", False, said, place)
            return
    if event := refused_by_database(sent):
        yield from after_the_error(facts, sent, form, event)
        return
    for event in sent.of("sql"):
        for field in ("username", "email"):
            typed = form[field].data if field in form else None
            where = re.search(r"WHERE (.*)", event.statement, re.S)
            asked = parameters_of(event)
            of_it = where and f".{field} =" in where[1]
            if of_it and typed not in asked:
                values = ", ".join(map(repr, asked))
                said = f"asked for the {field} {values}; typed was {typed!r}"
                yield Link("asked", False, said, event.place)
                return


def refused_by_database(visit):
    """The event of an IntegrityError, or None."""
    for event in visit.of("raise"):
        if type(event.error).__name__ == "IntegrityError":
            return event
    return None


def after_the_error(facts, sent, form, event):
    """What the view did once the database had refused."""
    later = sent.events[sent.events.index(event) :]
    kinds = {e.kind for e in later}
    if "undo" not in kinds:
        said = "the session was not rolled back after the IntegrityError"
        yield Link("rolled back", False, said, event.place)
    elif "check form" not in kinds and not form.errors:
        said = "after the IntegrityError the form has no error to show"
        yield Link("said", False, said, event.place)


@chain("next by registering")
def next_by_registering(facts):
    """Whoever registers on the way does not lose the page asked for."""
    for visit in facts.visits:
        for link in opens(facts, visit):
            if not link.ok and not visit.last("unauthorized"):
                yield link
    for visit in facts.visits:
        asked = "next=" in visit.asked.path
        went = visit.last("redirect")
        if asked and went and visit.method == "POST" and visit.status < 400:
            where = visit.answer.location or ""
            if where.startswith("/login") and "next=" not in where:
                said = f"the redirect to {where} has no next"
                yield Link("next handed on", False, said, went.place)
                return
        for path in {"/register", "/login"} - {visit.path}:
            for tag in visit.soup.select("main a[href]"):
                at, _, query = tag["href"].partition("?")
                if at == path and asked and "next=" not in query:
                    page = visit.last("page")
                    name = page.template.name if page else "base.html"
                    place = facts.line_with(
                        rf"href=.*{path.strip('/')}", f"templates/{name}"
                    )
                    said = f"the link to {path} on {visit.path} has no next"
                    yield Link("next in the link", False, said, place)
                    return
    yield from CHAINS["next"](facts)


@chain("only what the form asks")
def only_what_the_form_asks(facts):
    """What a stranger adds to the form does not reach the row."""
    yield from register(facts)
    place = facts.called(r"request\.form") or facts.called(r"\*\*")
    said = "the row is made from all that was sent"
    yield Link("row", False, said if place else "", place)
