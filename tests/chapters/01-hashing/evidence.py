"""Chains of chapter 1: settings, tables, hashes, and the thief's page."""

import re

from sqlalchemy import inspect

from course.evidence.chain import Link, chain
from tests.chapters.evidence import not_there, opens


@chain("settings")
def settings(facts):
    """What `config` and the environment hold reaches the application."""
    yield from asked_of_the_environment(facts)
    place = facts.line_with(r"config\.(from_mapping|update)\(\s*config\b")
    lines = [
        facts.line_with(rf"[\"']?{name}[\"']?\]? *[=:]")
        for name in ("SECRET_KEY", "SQLALCHEMY_DATABASE_URI")
    ]
    later = [p for p in lines if p and place and p.file == place.file]
    later = [p for p in later if p.line > place.line]
    if later:
        name = "SECRET_KEY" if "SECRET" in later[0].text else "the address"
        said = (
            f"`config` is taken in on line {place.line}, and this line sets "
            f"{name} after it, which then wins"
        )
        yield Link("`config` wins", False, said, later[0])
    if "SQLALCHEMY" in str(facts.error) or "DATABASE_URL" in str(facts.error):
        yield from database(facts)
    if place is None and facts.line_with(r"def create_app"):
        said = "create_app never looks at `config`"
        where = facts.line_with(r"def create_app")
        yield Link("`config` is read", False, said, where)


def asked_of_the_environment(facts):
    """Links: what the test set was asked for by its name."""
    wanted = re.search(
        r"Set (\w+) in the environment|Set (\w+) to", told(facts)
    )
    name = wanted and (wanted[1] or wanted[2])
    asked = [e for e in facts.record.of("environment") if e.place]
    names = [e.given["key"] for e in asked]
    if name and asked and name not in names:
        said = f"the environment is asked for {', '.join(map(repr, names))}"
        said += f", and not for {name}"
        yield Link(name, False, said, asked[-1].place)


def told(facts):
    return str(facts.error)


def database(facts):
    """DATABASE_URL is read, and the tables are made."""
    written = facts.line_with(r"SQLALCHEMY_DATABASE_URI")
    if not facts.line_with("DATABASE_URL"):
        said = "nothing here reads DATABASE_URL"
        yield Link("DATABASE_URL", False, said, written)
    yield from table(facts)


@chain("table")
def table(facts):
    """The tables are made, with the columns that the page asks for."""
    sql = [e.statement.lstrip() for e in facts.record.of("sql")]
    if not any(s.startswith("CREATE TABLE") for s in sql):
        call = facts.record.last("make tables")
        said = "create_app made no table: db.create_all() was not called"
        place = facts.line_with(r"def create_app")
        if call is not None:
            said = "db.create_all() was called on a db that knows no table"
            place = call.place
        yield Link("tables made", False, said, place)
        return
    counts_on = any("AUTOINCREMENT" in s for s in sql)
    if "anna has the id" in told(facts) and not counts_on:
        said = "the table was made without AUTOINCREMENT"
        place = facts.line_with(r"^class User\b")
        yield Link("an id is used once", False, said, place)
        return
    model = facts.model("User")
    if model is None:
        return
    columns = inspect(model).columns
    for name in ("username", "email"):
        if name in columns and not is_unique(columns[name]):
            said = f"the column {name} takes the same value twice"
            place = facts.line_with(rf"^ +{name} *[:=]")
            yield Link(f"{name} is unique", False, said, place)
            return


def is_unique(column):
    owner = column.table
    alone = [
        [c.name for c in constraint.columns]
        for constraint in owner.constraints
        if type(constraint).__name__ == "UniqueConstraint"
    ]
    alone += [[c.name for c in i.columns] for i in owner.indexes if i.unique]
    return bool(column.unique) or [column.name] in alone


@chain("hash")
def hashing(facts):
    """A password set is hashed, kept, and the stored hash is asked."""
    calls = facts.record.of("call")
    if missing := re.match(r"Looked for User\.(\w+)", told(facts)):
        place = facts.line_with(rf"^def {missing[1]}\b")
        said = f"def {missing[1]} stands outside of the class User"
        yield Link("method", not place, said, place)
        return
    for event in facts.record.of("raise", "check hash", "make hash"):
        error = event.error
        if error is not None:
            said, place = facts.explained(error)
            yield Link("no error", False, said, place or event.place)
            return
    setters = [e for e in calls if e.name == "set_password"]
    made = facts.record.of("make hash")
    if setters:
        made = [e for e in facts.within(setters[-1]) if e.kind == "make hash"]
    if setters and not made:
        user, typed = (setters[-1].given.get(n) for n in ("self", "password"))
        said = "set_password never called generate_password_hash"
        if typed and getattr(user, "password_hash", None) == typed:
            said += ": password_hash holds the password itself"
        yield Link("hashed", False, said, facts.line_with("def set_password"))
        return
    if setters:
        user, hashed = setters[-1].given.get("self"), made[-1].answer
        yield Link("hashed", True)
        kept = getattr(user, "password_hash", None)
        if kept != hashed:
            what = "nothing" if kept is None else repr(kept)[:24]
            said = f"the hash was made, and password_hash holds {what}"
            yield Link("kept", False, said, made[-1].place)
            return
        yield Link("kept", True)
        typed, hashed = setters[-1].given, made[-1].given["password"]
        values = [v for v in typed.values() if isinstance(v, str)]
        if values and hashed not in values:
            said = f"set_password was given {values[-1]!r}, hashed {hashed!r}"
            yield Link("of the password", False, said, made[-1].place)
            return
    yield from asked(facts, calls)


def asked(facts, calls):
    """Links: check_password asks the stored hash, in the right order."""
    for call in [e for e in calls if e.name == "check_password"]:
        place = facts.line_with(r"def check_password\b")
        inside = facts.within(call)
        checks = [e for e in inside if e.kind == "check hash"]
        if not checks:
            made = [e for e in inside if e.kind == "make hash"]
            said = "check_password never asked check_password_hash"
            if made:
                said = (
                    "the password was hashed again, with another salt, and "
                    "compared; check_password_hash was not asked"
                )
                place = made[0].place
            elif call.given.get("self") is None:
                said = ""
            yield Link("asked", False, said, place)
            return
        check = checks[-1]
        typed = call.given.get("password")
        if check.given["pwhash"] == typed:
            said = (
                "check_password_hash was given the password first; the "
                "stored hash comes first"
            )
            yield Link("asked", False, said, check.place)
            return
        if check.answer is not None and call.answer != check.answer:
            said = (
                f"check_password_hash said {check.answer}, and "
                f"check_password answers {call.answer!r}"
            )
            yield Link("answered", False, said, place)
            return
    yield Link("asked", True)


@chain("thief")
def thief(facts):
    """The view hands the users on, and the template shows them."""
    if not facts.visits:
        return
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    if not [e for e in visit.of("sql") if "FROM" in e.statement]:
        said = "the view asked the database for nothing"
        yield Link("users asked for", False, said, facts.view_place("/"))
        return
    yield Link("users asked for", True)
    missing = [e for e in visit.of("undefined") if e.place and not e.of]
    if missing:
        name = missing[0].values["name"]
        shown = visit.last("page")
        given = sorted(shown.given - ALWAYS) if shown else []
        has = ", ".join(given) or "nothing"
        said = f"the template uses `{name}`, and the view gave it {has}"
        yield Link("users handed on", False, said, missing[0].place)
        return
    yield Link("users handed on", True)
    yield from not_there(visit)
    if place := facts.line_with(r"\|\s*safe\b|autoescape", "templates/*.html"):
        said = "escaping is switched off here, so that a name is run"
        yield Link("shown as text", False, said, place)


ALWAYS = {"config", "current_user", "csrf_token", "csrf_meta_tag", "url_for"}
