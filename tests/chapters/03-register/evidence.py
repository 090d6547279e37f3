"""Chains of registering: the row that is made, and where it leads."""

from course.evidence.chain import CHAINS, Link, chain
from tests.chapters.evidence import opens, written
from tests.chapters.forms import (
    accepts,
    filled_in,
    given_next,
    redirects,
)


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
    typed, hashed = sent.was_sent["password"], made[-1].given["password"]
    if hashed != typed:
        said = f"typed was {typed!r}, and hashed was {hashed!r}"
        set_with = [e for e in sent.of("call") if e.name == "set_password"]
        given = set_with and hashed in set_with[-1].given.values()
        place = set_with[-1].place if given else made[-1].place
        yield Link("of the password", False, said, place)
        return
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
    yield from row_as_typed(facts, sent, made[-1])


def row_as_typed(facts, sent, made):
    """Links: the row holds the hash, and what the form gave."""
    row, check = written(sent.events), sent.last("check form")
    if made.answer not in row.values():
        said = f"the row has password_hash {row.get('password_hash')!r:.24}, "
        said += "and the hash that was made is not in it"
        set_with = [e for e in sent.of("call") if e.name == "set_password"]
        place = set_with[-1].place if set_with else made.place
        yield Link("hash kept", False, said, place)
        return
    form = check.given["self"] if check else {}
    for field in ("username", "email"):
        known = field in row and field in form
        if known and row[field] != form[field].data:
            said = f"form.{field}.data is {form[field].data!r}, and kept was "
            place = facts.line_with(r"request\.form\b")
            place = place or facts.line_with(r"^(?!class).*\bUser\(")
            yield Link("as typed", False, f"{said}{row[field]!r}", place)
            return


@chain("on from registering")
def on_from_registering(facts):
    """Whoever has registered is led to the login of this site."""
    sent = facts.visit("/register", "POST")
    if sent is None:
        yield from register(facts)
        return
    yield from accepts(facts, sent)
    yield from redirects(sent)
    went, where = sent.last("redirect"), sent.answer.location
    if not where.startswith(("/login", "/index", "/?")) and where != "/":
        said = f"the view led to {where}, and nothing judged that"
        yield Link("led on", False, said, went.place)
        return
    yield from CHAINS["message"](facts)


@chain("next by registering")
def next_by_registering(facts):
    """Whoever registers on the way does not lose the page asked for."""
    for visit in facts.visits:
        for link in opens(facts, visit):
            if not link.ok and not visit.last("unauthorized"):
                yield link
    yield from given_next(facts)
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
                        rf"href=.*{path.strip('/')}", f"**/templates/{name}"
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
