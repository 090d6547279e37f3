"""Chains of logins that are rows: what stands for them, and their end."""

import re

from course.evidence.chain import CHAINS, Link, chain
from tests.chapters.evidence import opens, parameters_of
from tests.chapters.logins import (
    after_all,
    loader_place,
    log_in,
    recognised,
    row_kept,
    writes,
)


@chain("token")
def token(facts):
    """What the cookies carry is what get_id answers, at random."""
    yield from log_in(facts)
    told = [e for e in facts.record.of("call") if e.name == "get_id"]
    if not told:
        said = "the class User has no get_id of its own: the cookies carry "
        said += "the number of the user"
        yield Link("get_id", False, said, facts.line_with("^class User"))
        return
    answers = dict.fromkeys(repr(event.answer) for event in told)
    said = f"get_id of the user answered {' and '.join(answers)}"
    yield Link("get_id", False, said, facts.line_with("def get_id"))


@chain("token of a new member")
def token_of_a_new_member(facts):
    """Who registers is logged in as whoever logs in is."""
    yield from opens_all(facts)
    if sent := facts.sent("password2"):
        yield from row_kept(facts, sent)
    yield from CHAINS["in at once"](facts)


@chain("number")
def number(facts):
    """The loader knows tokens, and no numbers of users."""
    for load in facts.record.of("load user"):
        asked = next(iter(load.given.values()), None)
        said = f"the loader was asked for {asked!r} and answered "
        said += repr(load.answer)
        yield Link(
            "user loader", load.answer is None, said, loader_place(facts)
        )


@chain("one statement")
def one_statement(facts):
    """The login and its user come with one statement."""
    yield from log_in(facts)
    visit = facts.visits[-1]
    sent = visit.of("sql")
    if len(sent) > 1:
        said = f"{visit.path} sent {len(sent)} statements; the second is "
        said += in_short(sent[1])
        yield Link("one statement", False, said, sent[1].place)


def in_short(event):
    return f"“{' '.join(event.statement.split())[:60]}…”"


@chain("deleted")
def deleted(facts):
    """Whoever was deleted is loaded no more."""
    yield from opens_all(facts)
    yield from still_in(facts)


def opens_all(facts):
    for visit in facts.visits:
        if visit.error is not None:
            yield from opens(facts, visit)


def still_in(facts):
    """Links: whom the loader answered in the end."""
    loads = facts.record.of("load user")
    if loads and loads[-1].answer is not None:
        said = "the loader was asked once more, and answered "
        said += repr(loads[-1].answer)
        yield Link("user loader", False, said, loader_place(facts))


@chain("ended")
def ended(facts):
    """Logging out deletes the row of this login, and of no other."""
    yield from opens_all(facts)
    sent = facts.visit("/logout", "POST")
    if sent is None:
        yield from log_in(facts)
        return
    yield from one_row_deleted(facts, sent)
    yield from still_in(facts)


def one_row_deleted(facts, sent):
    """Links: a visit deletes the row of its own login, and commits."""
    gone = writes(sent, "DELETE FROM login")
    if not gone:
        yield Link("row", False, *not_deleted(facts, sent))
    elif after_all(sent, gone[-1], "commit") is None:
        said = "the row was deleted, and that was never committed"
        yield Link("row", False, said, gone[-1].place)
    elif "user_id" in gone[-1].statement:
        said = "every row of the user was deleted: "
        said += in_short(gone[-1])
        yield Link("row", False, said, gone[-1].place)
    else:
        yield Link("row", True)


def not_deleted(facts, sent):
    """Why no row was deleted, and where."""
    clear = sent.last("clear")
    asks = clear and clear.place
    asks = asks and facts.line_with(r"\bcurrent_user\b", below=clear.place)
    if asks and asks.line - clear.place.line < 4:
        said = "the session was emptied before current_user was asked for, "
        return said + "and then nobody is there", clear.place
    place = facts.view_place(sent.path)
    return f"{sent.path} deleted no row: the login stays", place


@chain("until when")
def until_when(facts):
    """A login is noted when it is used, and asked whether it is over."""
    yield from opens_all(facts)
    if "expected:  nobody" in str(facts.error):
        yield from still_in(facts)
        return
    sent = facts.sent("password")
    ticked = bool(sent and sent.was_sent.get("remember_me"))
    made = [e for v in facts.visits for e in writes(v, "INSERT INTO login")]
    if ticked and made and row_of(made[-1]).get("remember") in (0, False):
        said = "“Remember me” was ticked, and the row was made with "
        said += f"remember={row_of(made[-1])['remember']!r}"
        yield Link("remember", False, said, made[-1].place)
        return
    loads = facts.record.of("load user")
    if loads and not any(load.answer for load in loads):
        yield from recognised(facts)
    if not any(writes(visit, "UPDATE login") for visit in facts.visits):
        said = "the login was used, and no row was changed: when it was seen "
        said += "last stands as it was"
        yield Link("seen", False, said, loader_place(facts))
        return
    yield from recognised(facts)


def row_of(event):
    """What an INSERT writes, by column."""
    names = re.search(r"\(([^)]*)\)", event.statement)[1].split(", ")
    return dict(zip(names, parameters_of(event), strict=False))


@chain("cookie's age")
def age_of_the_cookie(facts):
    """The cookie of “Remember me” is kept as long as the settings say."""
    yield from log_in(facts)
    name = "REMEMBER_COOKIE_DURATION"
    value = facts.app.config.get(name)
    said = f"app.config has {name} = {value!r}"
    yield Link("setting", False, said, facts.line_with(name))


@chain("settings of logins")
def settings_of_logins(facts):
    """What config says wins over the times that the program has."""
    yield from opens_all(facts)
    wins = facts.line_with(r"from_mapping\(|config\.update\(")
    for name in ("LOGIN_IDLE", "LOGIN_LONGEST", "LOGIN_FRESH"):
        place = facts.line_with(rf"config\[.{name}.\] *=")
        if place and wins and place.is_below(wins):
            said = f"{name} is set after config was taken, and wins over it"
            yield Link("settings", False, said, place)
            return
    yield from still_in(facts)


@chain("noted")
def noted(facts):
    """Once a minute is enough."""
    wrote = [(v, writes(v, "UPDATE login")) for v in facts.visits]
    wrote = [(visit, found[0]) for visit, found in wrote if found]
    if len(wrote) > 1:
        said = f"{len(wrote)} pages of a few minutes wrote to the row: "
        said += in_short(wrote[-1][1])
        yield Link("once a minute", False, said, wrote[-1][1].place)
        return
    yield from one_statement(facts)
