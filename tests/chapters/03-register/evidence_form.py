"""Chains of the form of registration, and of what is taken."""

import re

from flask_wtf import FlaskForm

from course.evidence.chain import CHAINS, Link, chain
from tests.chapters.evidence import (
    opens,
    parameters_of,
    where_of,
)
from tests.chapters.forms import (
    accepts,
    form_of,
    has_form,
    in_words,
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
    yield from is_flask_form(facts, form)
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


def is_flask_form(facts, form):
    if not isinstance(form, FlaskForm):
        name = type(form).__name__
        said = f"{name} is no FlaskForm, which is what takes what was sent"
        place = facts.line_with(rf"class {name}\b")
        yield Link("the kind of form", False, said, place)


@chain("fields of registration")
def fields_of_registration(facts):
    """What each field says of itself, and does to what is typed."""
    for visit in facts.visits:
        yield from opens(facts, visit)
        for name in COMPLETE:
            if visit.path == "/register" and visit.form(name) is None:
                yield from has_form(facts, visit, name)
    check = facts.record.last("check form")
    form = check.given["self"] if check else form_of(facts.visits[-1])
    yield from is_flask_form(facts, form)
    for name, value in COMPLETE.items():
        if name not in form:
            yield from not_refused(facts, form, name)
            return
        has = (form[name].render_kw or {}).get("autocomplete")
        text, place = form[name].label.text, facts.part_of(type(form), name)
        if has != value and "autocomplete" in str(facts.error):
            said = f"{name} has autocomplete={has!r}, not {value!r}"
            yield Link("autocomplete", False, said, place)
            return
        if not isinstance(text, str) or not text.strip():
            said = f"the label of {name} is {text!r:.60}: the first argument "
            yield Link("label", False, said + "is the label", place)
            return


@chain("one shape")
def one_shape(facts):
    """What was typed went through filters; what they made of it."""
    yield from facts.raised()
    check = facts.record.last("check form")
    wanted = re.search(r"as the (\w+) of", str(facts.error))
    if check is None or wanted is None:
        return
    form, name = check.given["self"], wanted[1]
    if name not in form:
        yield from not_refused(facts, form, name)
        return
    filters = [getattr(f, "__name__", repr(f)) for f in form[name].filters]
    has = f"the filters {', '.join(filters)}" if filters else "no filters"
    said = f"{name} has {has}, and its data is {form[name].data!a}"
    place = facts.part_of(type(form), name)
    yield Link("tidied", False, said, place)


COMPLETE = {
    "username": "username",
    "email": "email",
    "password": "new-password",
    "password2": "new-password",
}


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
    place = facts.part_of(type(form), field)
    yield Link("form refuses", False, said, place)


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
            kind = type(form)
            place = facts.part_of(kind, f"validate_{wanted[1]}")
            if outside := facts.line_with(rf"^def validate_{wanted[1]}\b"):
                said += "; this function stands outside of the class"
            place = place or outside or facts.class_of(form)
            yield Link("asked", False, said, place)
            return
    if event := refused_by_database(sent):
        yield from after_the_error(facts, sent, form, event)
        return
    for event in sent.of("sql"):
        for field in ("username", "email"):
            typed = form[field].data if field in form else None
            asked = parameters_of(event)
            of_it = f".{field} =" in where_of(event)
            if of_it and typed not in asked:
                values = ", ".join(map(repr, asked))
                said = f"asked for the {field} {values}; typed was {typed!r}"
                yield Link("asked", False, said, event.place)
                return
    yield from CHAINS["table"](facts)


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
    refused = re.search(r"failed: \w+\.(\w+)", str(event.error))
    blamed = [name for name in form.data if form[name].errors]
    went = next((e for e in later if e.kind == "redirect"), None)
    if "undo" not in kinds:
        said = "the session was not rolled back after the IntegrityError"
        yield Link("rolled back", False, said, event.place)
    elif "check form" not in kinds and not form.errors:
        said = "after the IntegrityError the form has no error to show"
        yield Link("said", False, said, event.place)
    elif went is not None:
        said = "after the IntegrityError the view led on, to "
        said += went.given["location"]
        yield Link("form again", False, said, went.place)
    elif refused and blamed and refused[1] not in blamed:
        said = f"the database refused the {refused[1]}, and the form has an "
        said += f"error for {' and '.join(blamed)}"
        place = facts.line_with(r"\.errors", below=event.place) or event.place
        yield Link("said", False, said, place)
