"""Chains of a login by name or address, and of a page of one's own."""

import re

from course.evidence.chain import CHAINS, Link, chain
from tests.chapters.evidence import (
    BASE,
    TEMPLATES,
    not_there,
    opens,
    parameters_of,
    where_of,
)
from tests.chapters.forms import accepts, form_of
from tests.chapters.logins import log_in, opens_or_redirects


@chain("name or address")
def name_or_address(facts):
    """What was typed is looked for in the one column that it belongs to."""
    sent = facts.sent("password")
    if sent is not None:
        yield from one_column(facts, sent)
    yield from log_in(facts)


def one_column(facts, sent):
    """Links: the first question was for the right column, and no other."""
    typed = sent.was_sent.get("username", "").strip().lower()
    wanted = "email" if "@" in typed else "username"
    for event in sent.of("sql"):
        asked = set(re.findall(r"\b(username|email)\b", where_of(event)))
        if len(asked) == 2:
            said = f"one question was asked of both columns, for {typed!r}: "
            said += "two rows may answer it"
            yield Link("one column", False, said, event.place)
        elif asked and asked != {wanted}:
            said = f"{typed!r} was looked for in the column {min(asked)}"
            yield Link("right column", False, said, event.place)
        if asked:
            return


@chain("field of both")
def field_of_both(facts):
    """The field of the login takes a name and an address, and says so."""
    visit = facts.visits[0]
    yield from opens(facts, visit)
    form = form_of(visit)
    if form is None:
        return
    place = facts.part_of(type(form), "username")
    shown = visit.form() and visit.form().find(attrs={"name": "username"})
    if shown is not None and shown.get("type", "text") != "text":
        said = f'the field has type="{shown["type"]}", which a browser '
        said += "looks at before it sends anything"
        yield Link("text", False, said, place)
    elif "username" in form:
        said = f"the label of username is {form['username'].label.text!r}"
        yield Link("label", False, said, place)


@chain("shape at login")
def shape_at_login(facts):
    """What is typed at the login gets the shape of what was kept."""
    if registered := first_sent(facts, "password2"):
        yield from accepts(facts, registered)
        yield from in_shape(facts, registered, "email")
    sent = facts.sent("password")
    if sent is not None:
        yield from in_shape(facts, sent, "username")
        yield from one_column(facts, sent)
    yield from log_in(facts)


def first_sent(facts, field):
    """The first Visit that sent a form with this field, or None."""
    posts = (v for v in facts.visits if v.method == "POST")
    return next((v for v in posts if field in v.was_sent), None)


@chain("two mailboxes")
def two_mailboxes(facts):
    """An address keeps what tells it from another."""
    if registered := first_sent(facts, "password2"):
        yield from in_shape(facts, registered, "email")
    yield from CHAINS["taken"](facts)


@chain("one account")
def one_account(facts):
    """An address that is registered once more is asked for in its shape."""
    sent = facts.sent("password2")
    if sent is not None:
        yield from in_shape(facts, sent, "email")
    yield from CHAINS["taken"](facts)


def in_shape(facts, sent, name):
    """Links: after its filters, a field holds the address that is kept."""
    check = sent.last("check form")
    kept = re.search(r"kept as (\S+?)[.,;]?\s", str(facts.error))
    if check is None or kept is None or name not in check.given["self"]:
        return
    form = check.given["self"]
    filters = [getattr(f, "__name__", repr(f)) for f in form[name].filters]
    if form[name].data != kept[1]:
        has = f"the filters {', '.join(filters)}" if filters else "no filters"
        said = f"{name} has {has}, and its data is {form[name].data!a}"
        place = facts.part_of(type(form), name)
        asked = [v for e in sent.of("sql") for v in parameters_of(e)]
        if kept[1] not in asked:
            yield Link("one shape", False, said, place)


@chain("by its index")
def by_its_index(facts):
    """The question compares a column as it is kept."""
    yield from log_in(facts)
    sent = facts.sent("password")
    for event in sent.of("sql") if sent else ():
        if wrapped := re.search(r"\b(\w+)\([^)]*\)", where_of(event)):
            said = f"the question asks for {wrapped[0]}, which has no index"
            yield Link("by its index", False, said, event.place)
            return


@chain("account")
def account(facts):
    """The page shows its member, and nobody else."""
    yield from log_in(facts)
    visit = facts.visits[-1]
    yield from opens_or_redirects(facts, visit)
    yield from not_there(visit)
    user = visit.answer.user if visit.answer else None
    for name in ("username", "email"):
        text = (visit.soup.find("main") or visit.soup).get_text()
        value = getattr(user, name, None)
        if value and value not in text:
            said = f"{visit.path} does not say {value}, the {name} of {user}"
            place = facts.template_place(visit, "current_user|user")
            if other := shown_in_its_place(facts, visit):
                said, place = other
            yield Link(
                name, False, said, place or facts.view_place(visit.path)
            )
            return
    stored = getattr(user, "password_hash", None)
    if stored and stored in visit.soup.get_text():
        said = f"{visit.path} shows the password_hash"
        place = facts.template_place(visit, "password_hash|__dict__|vars")
        yield Link("hash", False, said, place)


def shown_in_its_place(facts, visit):
    """That a row was looked up by what the address of the page says."""
    view = facts.view_place(visit.path)
    place = facts.line_with(r"request\.(args|values)", below=view)
    if "?" not in visit.asked.path or place is None:
        return None
    said = f"{visit.asked.path} shows whom its address names"
    return said, place


@chain("way to the account")
def way_to_the_account(facts):
    """Above each page of a member is a link to the account."""
    yield from log_in(facts)
    visit = facts.visits[-1]
    yield from opens_or_redirects(facts, visit)
    links = [a["href"] for a in visit.soup.find_all("a", href=True)]
    place = facts.line_with("users.account|/account", TEMPLATES)
    place = place or facts.line_with(r"current_user\.", BASE)
    if not visit.session.get("_user_id"):
        said = f"a stranger's page has the links {', '.join(links)}"
    else:
        said = f"the page has links to {', '.join(links) or 'nothing'}"
    yield Link("way", False, said, place)
