"""Chains of chapter 1: settings, and the table of users."""

import re
from difflib import get_close_matches
from importlib.metadata import packages_distributions

from sqlalchemy import inspect

from course.evidence.chain import Link, chain
from tests.chapters.site import contradicted, is_requirement


@chain("settings")
def settings(facts):
    """What `config` and the environment hold reaches the application."""
    yield from asked_of_the_environment(facts)
    yield from defaults(facts)
    place = facts.line_with(r"config\.(from_mapping|update)\(\s*config\b")
    names = [*SET, *re.findall(r"with (\w+)=", told(facts))]
    later = [
        (
            name,
            facts.line_with(
                rf"[\"']?{name}[\"']?\]? *(:|=(?!=))", below=place
            ),
        )
        for name in names
        if place
    ]
    for name, line in [(n, p) for n, p in later if p]:
        said = (
            f"`config` is taken in on line {place.line}, and this line sets "
            f"{name} after it, which then wins"
        )
        yield Link("`config` wins", False, said, line)
    if "SQLALCHEMY" in str(facts.error) or "DATABASE_URL" in str(facts.error):
        yield from database(facts)
    if place is None and facts.line_with(r"def create_app"):
        said = "create_app never looks at `config`"
        where = facts.line_with(r"def create_app")
        yield Link("`config` is read", False, said, where)


SET = ("SECRET_KEY", "SQLALCHEMY_DATABASE_URI")


def asked_of_the_environment(facts):
    """Links: what the test set was asked for by its name."""
    wanted = re.search(
        r"Set (\w+) in the environment|Set (\w+) to", told(facts)
    )
    name = wanted and (wanted[1] or wanted[2])
    asked = [e for e in facts.record.of("environment") if e.place]
    names = [e.given["key"] for e in asked]
    names = [n for n in names if not str(n).startswith("FLASK_")]
    if name and name not in names:
        has = ", ".join(map(repr, names)) or "nothing"
        said = f"the environment is asked for {has}, and not for {name}"
        setting = name.replace("DATABASE_URL", "SQLALCHEMY_DATABASE_UR")
        place = facts.line_with(setting) or (asked and asked[-1].place)
        yield Link(name, False, said, place or None)


def defaults(facts):
    """Links: what stands in for a setting that nobody made."""
    for event in facts.record.of("environment"):
        name, default = event.given["key"], event.given["default"]
        given = event.answer or default or (facts.app and facts.app.secret_key)
        if name == "SECRET_KEY" and not given:
            said = "nobody set SECRET_KEY, and .get has no second argument"
            yield Link("a default", False, said, event.place)
    address = facts.app and facts.app.config.get("SQLALCHEMY_DATABASE_URI")
    asked = facts.record.of("environment")
    if address and not re.search(r"///?(?!:memory:)[^/:]", str(address)):
        asked = [e for e in asked if e.given["default"] == address]
        if asked:
            said = f"{address!r} is no file: it is gone with the program"
            yield Link("a file", False, said, asked[-1].place)


@chain("shown in the shell")
def shown_in_the_shell(facts):
    """The class says how it is shown."""
    model = facts.model("User")
    place = facts.line_with(r"def __repr__|^class User\b")
    if model is not None and "__repr__" not in vars(model):
        said = "the class User has no __repr__ of its own"
        if outside := facts.line_with(r"^def __repr__"):
            said += "; this one stands outside of it"
        yield Link("__repr__", False, said, outside or place)
        return
    call = [e for e in facts.record.of("call") if e.name == "__repr__"]
    if call:
        said = f"__repr__ answers {call[-1].answer!r}"
        yield Link("__repr__", False, said, place)


@chain("requirements")
def requirements(facts):
    """Each line can be read by pip, and what is imported is named."""
    path = facts.root / "requirements.txt"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        if not is_requirement(line):
            said = "pip cannot read this line: a name, then ~= and a version"
            place = facts.places.at(str(path), number)
            yield Link("read by pip", False, said, place)
            return
        name, here = contradicted(line)
        if name:
            said = f"{name} {here} is here, and this line refuses it"
            place = facts.places.at(str(path), number)
            yield Link("installed", False, said, place)
            return
    wanted = re.search(r"Looked for ([\w-]+)(\[\w+\])?", told(facts))
    has = ", ".join(lines) or "nothing"
    for package, names in packages_distributions().items():
        place = facts.line_with(rf"^\s*(from|import) {package}\b")
        if place and wanted and wanted[1] in names and not wanted[2]:
            said = f"{package} comes with {wanted[1]}; requirements.txt has "
            yield Link("named", False, said + has, place)
            return
    if wanted and wanted[2]:
        said = f"Email() needs what {wanted[0].split()[-1]} brings; "
        place = facts.line_with(r"\bEmail\(")
        said += f"requirements.txt has {has}"
        yield Link("named", False, said, place)


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
    """The tables are made and kept, with the columns that are asked for."""
    sql = facts.record.of("sql")
    if not any("CREATE TABLE" in e.statement for e in sql):
        yield Link("tables made", False, *no_tables(facts))
        return
    yield Link("tables made", True)
    for event in sql:
        words = event.statement.split()
        if event.place and words[0] in ("DROP", "DELETE"):
            said = f"“{' '.join(words)}” was sent as the program started"
            yield Link("rows kept", False, said, event.place)
            return
    counts_on = any("AUTOINCREMENT" in e.statement for e in sql)
    if "anna has the id" in told(facts) and not counts_on:
        said = "the table was made without AUTOINCREMENT"
        place = facts.line_with(r"^class User\b")
        yield Link("an id is used once", False, said, place)
        return
    yield from columns(facts)


def no_tables(facts):
    call = facts.record.last("make tables")
    if call is not None:
        said = "db.create_all() was called on a db that knows no table"
        return said, call.place
    said = "create_app made no table: db.create_all() was not called"
    return said, facts.line_with(r"def create_app")


# For each column: the room that it has to have, and whether it is unique.
COLUMNS = {
    "username": (64, True),
    "email": (120, True),
    "password_hash": (0, False),
}


def columns(facts):
    """Links: each column that the page asks for is there as it says."""
    model = facts.model("User")
    if model is None:
        return
    there = inspect(model).columns
    for name, asked in COLUMNS.items():
        place = facts.part_of(model, name)
        if name not in there:
            said = (
                f"User has no column {name}; it has {', '.join(there.keys())}"
            )
            near = get_close_matches(name, there.keys(), 1, 0.5)
            line = rf"^ +{near[0]} *[:=]" if near else r"class User\b"
            yield Link(f"column {name}", False, said, facts.line_with(line))
            return
        for said in faults_of(there[name], *asked):
            yield Link(f"column {name}", False, f"{name} {said}", place)
            return
        yield Link(f"column {name}", True)


def faults_of(column, room, unique):
    """What a column has that is not as it should be, in words."""
    length = getattr(column.type, "length", None)
    if length is not None and length < room:
        yield f"has room for {length} characters, and {room} are asked for"
    if unique and column.nullable:
        yield "may stay empty: the database takes a user without one"
    if not unique and not column.nullable:
        yield "may not stay empty: a user has no password at first"
    if unique and not is_unique(column):
        yield f"takes the same value twice{why_twice(column)}"


def why_twice(column):
    """What stands where unique=True should, if something does."""
    for constraint in column.table.constraints:
        names = [c.name for c in constraint.columns]
        is_unique = type(constraint).__name__ == "UniqueConstraint"
        if is_unique and column.name in names:
            return f": only {' and '.join(names)} together are unique"
    if column.index:
        return ": an index alone refuses nothing"
    return ": it has no unique=True"


def is_unique(column):
    owner = column.table
    alone = [
        [c.name for c in constraint.columns]
        for constraint in owner.constraints
        if type(constraint).__name__ == "UniqueConstraint"
    ]
    alone += [[c.name for c in i.columns] for i in owner.indexes if i.unique]
    return bool(column.unique) or [column.name] in alone
