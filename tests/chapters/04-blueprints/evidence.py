"""Chains of the room for users, of the form that checks, of being in."""

import re
import sys
from urllib.parse import parse_qs, urlsplit

from flask_wtf.csrf import CSRFError

from course.evidence.chain import CHAINS, Link, chain
from tests.chapters.evidence import opens
from tests.chapters.forms import given_next, redirects
from tests.chapters.logins import (
    log_in,
    logged_in,
    only_new,
    opens_or_redirects,
    recognised,
)

ADDRESSES = ("/login", "/register", "/logout")


@chain("room")
def room(facts):
    """What is about people is in the package users, and in its blueprint."""
    yield from named_users(facts)
    yield from of_the_blueprint(facts)
    for visit in facts.visits:
        yield from opens(facts, visit)
    form = re.search(r"which module (\w+) is from", str(facts.error))
    if form and (place := facts.line_with(rf"^class {form[1]}\b")):
        said = f"{form[1]} is in {place.file}"
        yield Link("forms", False, said, place)
        return
    yield from drawn_in_the_room(facts)


def named_users(facts):
    """Links: what the program calls users is the package."""
    for package in facts.places.packages:
        whole = sys.modules.get(package)
        found = getattr(whole, "users", None)
        room = sys.modules.get(f"{package}.users")
        if room is None:
            said = "no module of the program imports a package users"
            place = facts.line_with(r"^from .*\bimport\b.*\broutes\b")
            yield Link("package", False, said, place)
            return
        if found is not room:
            other = getattr(found, "__name__", repr(found))
            said = "in microblog/__init__.py the name users is "
            said += other.replace(package, "microblog")
            place = facts.line_with(r"\bas users\b|^users *=")
            yield Link("package", False, said, place)
            return


def of_the_blueprint(facts):
    """Links: the addresses of people have endpoints of the blueprint."""
    for rule in facts.app.url_map.iter_rules():
        if rule.rule not in ADDRESSES or rule.endpoint.startswith("users."):
            continue
        made = facts.line_with(r"Blueprint\(")
        place = facts.view_place(rule.rule)
        said = f"the endpoint of {rule.rule} is {rule.endpoint!r}"
        if made and place and "." in rule.endpoint:
            name = rule.endpoint.split(".")[0]
            place = facts.line_with(rf"Blueprint\([\"']{name}") or place
        yield Link("blueprint", False, said, place)
        return
    for path in ("/", "/index"):
        view = facts.view(path)
        for name, found in facts.app.view_functions.items():
            if found is view and name.startswith("users."):
                said = f"the endpoint of {path} is {name!r}"
                yield Link("blueprint", False, said, facts.view_place(path))
                return


def drawn_in_the_room(facts):
    """Links: the templates of people are in the package."""
    for visit in facts.visits:
        page = visit.last("page")
        if page and visit.path in ADDRESSES:
            file = facts.places.file_of(page.template.filename)
            if file and "/users/" not in file:
                said = f"{visit.path} is drawn with {file}"
                yield Link("templates", False, said, page.place)
                return


@chain("as before")
def as_before(facts):
    """Each page opens or leads on, as it did before the move."""
    for visit in facts.visits:
        yield from opens_or_redirects(facts, visit)
    sent = facts.sent("password")
    if sent is not None and "password2" not in sent.was_sent:
        yield from logged_in(facts, sent)


@chain("stale as before")
def stale_as_before(facts):
    """The handler of CSRFError came along."""
    owners = {
        owner
        for owner, codes in facts.app.error_handler_spec.items()
        if any(CSRFError in handlers for handlers in codes.values())
    }
    if None in owners:
        return
    said = "no handler of CSRFError is registered"
    place = facts.line_with(r"def stale_form|errorhandler\(400")
    for name in sorted(owners):
        said = f"the handler of CSRFError is for the blueprint {name!r} alone"
        place = facts.line_with(r"\.errorhandler\(") or place
    yield Link("handler", False, said, place)


@chain("login form")
def login_form(facts):
    """The login form has a validate of its own, which says yes or no."""
    check = facts.record.last("check form")
    if check is None:
        own = facts.line_with(r"def validate\(")
        said = "validate never asks FlaskForm: super().validate(…)"
        yield Link("the others asked", False, said, own)
        return
    form = check.given["self"]
    yield from own_validate(facts, form)
    call = own_calls(facts.record)[-1]
    place = facts.part_of(type(form), "validate")
    hashed = facts.record.last("check hash", "make hash")
    if not check.answer and hashed is not None:
        said = "a field was refused, and a password was hashed all the same"
        yield Link("nobody asked", False, said, hashed.place)
    if "extra_validators" in str(facts.error):
        handed = check.given.get("extra_validators")
        said = f"super().validate was handed {handed!r} as extra_validators"
        yield Link("handed on", False, said, check.place)
    yield from right_or_wrong(facts, form, call, place)


def own_calls(record):
    return [e for e in record.of("call") if e.name == "validate"]


def own_validate(facts, form):
    name = type(form).__name__
    if not own_calls(facts.record):
        said = f"{name} has no method validate of its own"
        place = facts.line_with(r"^def validate\(") or facts.class_of(form)
        yield Link("validate", False, said, place)


def right_or_wrong(facts, form, call, place):
    """Links: what validate answered, with what it knew."""
    said = f"validate of {type(form).__name__} answered {call.answer!r}"
    check = facts.record.last("check hash")
    right = bool(check and check.answer)
    if call.answer is None:
        yield Link("answer", False, f"{said}: it has no `return`", place)
    elif right != bool(call.answer):
        word = "right" if right else "wrong"
        said += f", and the password was {word}"
        yield Link("answer", False, said, place)
    elif right and not hasattr(form, "user"):
        said = "the form holds no `user`: self.user = …"
        asks = facts.line_with(r"\bauthenticate\(", below=place)
        yield Link("user", False, said, asks or place)
    elif right:
        said = f"form.user is {form.user!r}"
        at = facts.line_with(r"\buser *=", below=place)
        yield Link("user", False, said, at or place)
    else:
        has = {name: list(map(str, e)) for name, e in form.errors.items()}
        said += f", and the form has the errors {has}"
        yield Link("error", False, said, place)


@chain("asked once")
def asked_once(facts):
    """Nobody looks for the user again whom the form has found."""
    yield from log_in(facts)
    sent = facts.sent("password")
    hashed = sent.of("check hash", "make hash") if sent else []
    if len(hashed) > 1:
        calls = [e for e in sent.of("call") if e.name == "authenticate"]
        said = f"in one login, {len(hashed)} hashes were made"
        place = calls[-1].place if calls else hashed[-1].place
        yield Link("once", False, said, place)


@chain("in at once")
def in_at_once(facts):
    """Registering makes the row, logs in anew, and leads on."""
    sent = facts.sent("password2")
    if sent is not None and sent.last("redirect"):
        yield from redirects(sent)
    for visit in facts.visits:
        if visit.error is not None or visit.status == 404:
            yield from opens(facts, visit)
    if sent is None or not sent.last("log in"):
        yield from CHAINS["register"](facts)
    yield from given_next(facts)
    if sent is None:
        return
    yield from logged_in(facts, sent)
    call = sent.last("log in")
    yield from only_new(sent, call)
    if call.given.get("remember"):
        said = f"login_user was called with remember={call.given['remember']}"
        yield Link("not remembered", False, said, call.place)
        return
    yield from led_on(facts, sent)
    if sent.last("message") is None:
        said = "flash was not called"
        yield Link("message", False, said, facts.view_place(sent.path))
        return
    yield from recognised(facts)


def led_on(facts, sent):
    """Links: the redirect leads to the page asked for, if it is one here."""
    yield from redirects(sent)
    went, where = sent.last("redirect"), sent.answer.location
    asked = asked_for(sent)
    if where in ("/", "/index") and not asked:
        return
    if where != asked or wrongly_followed(facts):
        said = f"asked for was {asked!r}, and the view led to {where!r}"
        yield Link("led on", False, said, went.place)


def asked_for(visit):
    query = parse_qs(urlsplit(visit.asked.path).query, keep_blank_values=True)
    return query.get("next", [""])[0]


def wrongly_followed(facts):
    return "leave this site" in str(facts.error)


@chain("led on already")
def led_on_already(facts):
    """Whoever is logged in is led on as if they had logged in."""
    yield from log_in(facts)
    for visit in facts.visits:
        if "next=" in visit.asked.path and visit.method == "GET":
            yield from opens(facts, visit)
            went = visit.last("redirect")
            said = "the view shows the form to somebody who is logged in"
            place = facts.view_place(visit.path)
            if went is not None:
                said = f"asked for was {asked_for(visit)!r}, and the view led "
                said += f"to {visit.answer.location!r}"
                place = went.place
            yield Link("led on", False, said, place)
            return
