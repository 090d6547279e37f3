"""Links of every chain that a form is filled in for."""

import re
from difflib import get_close_matches

import flask_wtf
import wtforms

from course.evidence.chain import CHAINS, Link, chain
from tests.chapters.evidence import (
    TEMPLATES,
    opens,
    page,
    undefined,
)


@chain("any")
def whatever(facts):
    """The way of the last thing that was done, by what is on record."""
    looked = re.match(r"Looked .*`(\w+)`", str(facts.error))
    if looked and facts.visits:
        yield from has_form(facts, facts.visits[-1], looked[1])
    posts = [v for v in facts.visits if v.method == "POST"]
    if any("password2" in visit.was_sent for visit in posts):
        yield from CHAINS["register"](facts)
    for visit in (*reversed(posts), *reversed(facts.visits)):
        for name, field in FORMS.items():
            if visit.form(field) or field in visit.was_sent:
                yield from CHAINS[name](facts)
                return
    yield from page(facts)


FORMS = {"register": "password2", "log in": "password"}


def has_form(facts, visit, field):
    """Links: the page has a form with this field, a token and a button."""
    name = f"form on {visit.path}"
    form = visit.form(field)
    if form is None:
        yield Link(name, False, *no_field(facts, visit, field))
        return
    yield Link(name, True)
    if form.get("method", "get").lower() != "post":
        said = 'the form has no method="post", so that it is sent with GET'
        yield Link("sent by POST", False, said, facts.drawn_at(visit, "<form"))
    yield from has_token(facts, visit, form)
    yield from has_button(facts, visit, form)


def no_field(facts, visit, field):
    """That a page has no such field, what it has, and where."""
    shown = form_of(visit)
    there = sorted(
        {
            tag["name"]
            for tag in visit.soup.find_all(["input", "select", "textarea"])
            if tag.get("name") and tag["name"] != "csrf_token"
        }
    )
    has = f"it has {', '.join(there)}" if there else "it has no field at all"
    if shown is not None and field in shown:
        page = visit.last("page").template.name
        said = (
            f"{type(shown).__name__} has {field}, and {page} does not show "
            f"it; {has}"
        )
        return said, facts.template_place(visit, "<form")
    if shown is not None:
        near = get_close_matches(field, [f.name for f in shown], 1, 0.4)
        place = facts.line_with(rf"class {type(shown).__name__}\b")
        said = f"{type(shown).__name__} has no field {field}"
        if near:
            place = facts.part_of(type(shown), near[0]) or place
            said += f"; it has {near[0]}"
        return said, place
    if nameless := visit.soup.find(unnamed):
        said = f"an input has no name, so that no browser sends it: {nameless}"
        return said, facts.template_place(visit, r"<input(?![^>]*name=)")
    given = visit.last("page")
    said = f"the page has no field {field}; {has}"
    if given and undefined(visit, "form"):
        said = "the template uses `form`, and the view gave it no such name"
        return said, undefined(visit, "form").place
    return said, facts.template_place(visit)


def unnamed(tag):
    kinds = ("submit", "button", "reset", "image")
    is_field = tag.name in ("input", "textarea", "select")
    return is_field and not tag.get("name") and tag.get("type") not in kinds


def form_of(visit):
    """The form object that a page was drawn with, or None."""
    shown = visit and visit.last("page")
    values = shown.context.values() if shown else ()
    return next((v for v in values if isinstance(v, wtforms.Form)), None)


def has_token(facts, visit, form):
    field = form.find(attrs={"name": "csrf_token"})
    if field is not None and field.get("value"):
        yield Link("token", True)
        return
    shown = form_of(visit)
    if shown is not None and not isinstance(shown, flask_wtf.FlaskForm):
        said = (
            f"{type(shown).__name__} is no FlaskForm, which is what brings "
            "the token"
        )
        place = facts.line_with(rf"class {type(shown).__name__}\b")
    else:
        said = "the form has no field csrf_token: {{ form.hidden_tag() }}"
        place = facts.template_place(visit, "<form")
    yield Link("token", False, said, place)


def has_button(facts, visit, form):
    pressed = [
        tag
        for tag in form.find_all(["button", "input"])
        if (tag.name == "button" and tag.get("type", "submit") == "submit")
        or (tag.name == "input" and tag.get("type") in ("submit", "image"))
    ]
    said = "the form has no button that sends it"
    yield Link(
        "button", bool(pressed), said, facts.template_place(visit, "<form")
    )


def filled_in(facts, field):
    """Links from the page with a form to the view; the Visit that sent it.

    Where nothing was sent they end at the form, and there is no Visit.
    """
    sent = facts.sent(field)
    shown = facts.shown(sent)
    if shown is not None:
        yield from opens(facts, shown)
        yield from has_form(facts, shown, field)
    if sent is not None:
        yield from accepts(facts, sent)
    return sent


def accepts(facts, sent):
    """Links: what was sent reached the view, and its form took it."""
    yield from opens(facts, sent)
    if sent.last("redirect") and sent.answer:
        yield from redirects(sent)
    asked = sent.last("check form")
    if asked is None:
        yield Link("form accepts", False, *not_asked(facts, sent))
        return
    form = asked.given["self"]
    errors = {name: list(map(str, form[name].errors)) for name in form.data}
    errors = {name: said for name, said in errors.items() if said}
    if asked.answer or not errors:
        yield Link("form accepts", True)
        return
    field, said = next(iter(errors.items()))
    yield Link("form accepts", False, *why_refused(facts, form, field, said))


def not_asked(facts, sent):
    """Why no form looked at what was sent, and the line."""
    place = facts.line_with(r"validate_on_submit\b(?!\()")
    if place:
        return "validate_on_submit is not called: it needs its ()", place
    said = "the view never asks the form: form.validate_on_submit()"
    if sent.last("ask form"):
        said = "validate_on_submit was called and looked at nothing"
    return said, facts.view_place(sent.path)


def redirects(sent):
    """Links: the view made a redirect, and returned it."""
    went, shown = sent.last("redirect"), sent.last("page")
    if went is None:
        said = "the view answers with a page, where it should lead on"
        yield Link("led on", False, said, shown and shown.place)
        return
    location = sent.answer.location if sent.answer else None
    if "<Response" in (location or ""):
        said = "redirect() was given what a redirect() had returned already"
        yield Link("led on", False, said, went.place)
    elif not location and sent.answer and 300 <= sent.status < 400:
        said = "redirect() was given an empty address"
        yield Link("led on", False, said, went.place)
    elif not location:
        said = "redirect() was called, and the view did not return it"
        calls = [e for e in sent.of("call") if e.answer is went.answer]
        place = calls[-1].place if calls else went.place
        yield Link("led on", False, said, place)


def given_next(facts):
    """Links: a template that uses the name `next` was given it."""
    for event in facts.record.of("undefined"):
        if event.values["name"] == "next" and event.of is None:
            said = "the template uses `next`, and nobody gave it that name"
            yield Link("next in the link", False, said, event.place)
            return


def why_refused(facts, form, field, said):
    """The field that a form refused, with its words and its line."""
    names = [in_words(v) for v in form[field].validators]
    typed = str(form[field].data)[:30]
    text = f"{field} {typed!r}: “{' '.join(said)}”"
    text += f", by one of {', '.join(names)}" if names else ""
    for event in facts.record.of("raise"):
        if str(event.error) in said:
            return text, event.place
    return text, facts.part_of(type(form), field)


def in_words(validator):
    """`Length(min=15)`, as one would write a validator."""
    kind = type(validator).__name__
    if kind == "function":
        return validator.__name__
    known = ("min", "max", "fieldname", "regex")
    values = {n: getattr(validator, n, None) for n in known}
    values["regex"] = getattr(values["regex"], "pattern", None)
    shown = [f"{n}={v!r}" for n, v in values.items() if v not in (None, -1)]
    return f"{kind}({', '.join(shown)})"


def error_beside(facts, visit, field):
    """Links: the form comes again, with an error tied to a field."""
    went = visit.last("redirect")
    if went is not None:
        said = "the view redirects, and the form with its errors is lost"
        yield Link("form again", False, said, went.place)
        return
    yield Link("form again", True)
    shown = form_of(visit)
    errors = (
        shown[field].errors if shown is not None and field in shown else ()
    )
    if not errors:
        said = f"form.{field}.errors is empty: no error was put on the field"
        others = {f.name: f.errors for f in shown or () if f.errors}
        for other, errors in others.items():
            said += f"; {other} has “{errors[0]}”"
        made = visit.last("message")
        if made is not None:
            said += f"; “{made.message}” was flashed"
        place = made.place if made else facts.view_place(visit.path)
        yield Link("error", False, said, place)
        return
    yield Link("error", True)
    drawn = facts.line_with(r"\{\{[^}]*errors", TEMPLATES)
    drawn = drawn or facts.drawn_at(visit, rf"\{{\{{ *(field|form\.{field})")
    if str(errors[0]) not in visit.soup.get_text(" "):
        said = f"the page does not show form.{field}.errors"
        yield Link("shown", False, said, drawn or facts.template_place(visit))
        return
    yield Link("shown", True)
    tag = visit.soup.find(attrs={"name": field})
    tie = tag.get("aria-describedby") or tag.get("aria-errormessage")
    place = facts.line_with("aria-describedby", TEMPLATES)
    if not tie:
        said = f"the input {field} has no aria-describedby"
        yield Link("tied", False, said, place or drawn)
    elif tie == tag.get("id"):
        said = f"aria-describedby says {tie!r}, the id of the field itself"
        yield Link("tied", False, said, place or drawn)
    elif not visit.soup.find(id=tie):
        said = f"aria-describedby says {tie!r}, and nothing has that id"
        yield Link("tied", False, said, place or drawn)
