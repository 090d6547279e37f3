"""The program that is taught: the one module that knows what it is.

The rest of the tool works for any program that is cut into steps. A course
of another one has a `program.py` with these names beside its `chapters/`.
"""

import os
import sqlite3
from contextlib import closing, nullcontext, suppress
from datetime import datetime
from typing import NamedTuple

import click

PACKAGE = "microblog"
PRELOAD = [
    "bs4",
    "email_validator",
    "flask_login",
    "flask_sqlalchemy",
    "flask_wtf",
    "sqlalchemy.dialects.sqlite",
]
STEERING = ("FLASK", "SECRET_KEY", "DATABASE_URL", "OPENID")
SHELL = ["-c", "from course.console import open_console; open_console()"]


class Person(NamedTuple):
    username: str
    email: str
    password: str


# Two of them chose the same password: chapter 1 looks at what is stored.
PEOPLE = [
    Person("susan", "susan@example.com", "correct horse battery"),
    Person("david", "david@example.com", "tinker tailor soldier"),
    Person("maria", "maria@example.com", "correct horse battery"),
]


def database_of(place):
    """The file of a program's database; None if it can have none."""
    return place.folder / "microblog.db"


def contents(path):
    """What is in a database, in words."""
    with closing(sqlite3.connect(path)) as database:
        try:
            (n,) = database.execute("SELECT count(*) FROM user").fetchone()
        except sqlite3.DatabaseError:
            return "no table of users in it"
    return f"{n} user" + ("s" if n != 1 else "")


def environment(place):
    """What a process is told that runs a program in a place."""
    from sqlalchemy import URL

    path = database_of(place).as_posix()  # a folder's name may hold % or ?
    return {"DATABASE_URL": str(URL.create("sqlite", database=path))}


def put_aside(path):
    """Give a database another name; the next one starts empty."""
    now = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    return path.rename(path.with_name(f"{path.stem}-{now}{path.suffix}"))


def started_over(place):
    """How many databases of a place were put aside."""
    path = database_of(place)
    return len([*place.folder.glob(f"{path.stem}-*{path.suffix}")])


def cookie_names(mark):
    """Settings for cookies with a mark in their names."""
    mark = mark.replace(".", "_").replace("-", "_")
    return {
        "SESSION_COOKIE_NAME": f"session_{mark}",
        "REMEMBER_COOKIE_NAME": f"remember_{mark}",
    }


def own_settings(place):
    """What a student's factory is told: nothing, until they start over.

    An id that a cookie of before holds is somebody else's then.
    """
    number = started_over(place)
    return cookie_names(str(number)) if number else {}


def settings(place=None):
    """What a factory is told; without a place, to keep nothing.

    In a place, cookies have names of their own, as a browser sends them to
    every program of a host, whatever its port: RFC 6265, section 8.5.
    """
    if place is None:
        kept = {"SQLALCHEMY_DATABASE_URI": "sqlite://"}
        return {} if "DATABASE_URL" in os.environ else kept
    found = {"SQLALCHEMY_DATABASE_URI": environment(place)["DATABASE_URL"]}
    mark = place.prefix.rpartition("/")[2] or place.folder.name
    number = started_over(place)
    found |= cookie_names(f"{mark}.{number}" if number else mark)
    if place.prefix:
        found["SESSION_COOKIE_PATH"] = place.prefix
        found["REMEMBER_COOKIE_PATH"] = place.prefix
    return found


def make(package, place=None, extra=None):
    """The application of an imported program; `extra` settings win.

    With nothing to be told, the factory is called as `flask run` calls it.
    """
    config = settings(place) | (extra or {})
    return package.create_app(config) if config else package.create_app()


def raise_errors(app):
    """Let an error come out of the application, and not become a page."""
    app.config["PROPAGATE_EXCEPTIONS"] = True


def rehearsed(package):
    """An imported program with the people in it, which keeps nothing.

    It is told of a provider, where nobody answers.
    """
    from .provider import settings

    extra = settings("http://localhost:9")
    extra["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    app = make(package, extra=extra)
    if user_of(app):
        with app.app_context():
            add_people(app)
    return app


def services(course, state):
    """What has to run beside a state: a block that gives settings for it."""
    first = course.slugs.get("ask-a-provider")
    if first is None or state < first:
        return nullcontext({})
    from .provider import provider

    return provider()


def prepare(app, place):
    """Make an application's tables, and put the people into empty ones."""
    if db := app.extensions.get("sqlalchemy"):
        with app.app_context():
            make_tables(db, database_of(place))
            add_people(app)
            db.engine.dispose()


def make_tables(db, path):
    """Begin a new file where the old one lacks a column; nothing is lost.

    Until a chapter brings migrations, the factory makes the tables, once.
    """
    for name, table in db.metadata.tables.items():
        columns = db.inspect(db.engine).get_columns(name)
        lacks = set(table.columns.keys()) - {c["name"] for c in columns}
        if lacks:
            db.engine.dispose()
            old = put_aside(path)
            db.create_all()
            what = f"The table `{name}` has no `{min(lacks)}`"
            click.echo(f"{what}: the old database is now {old.name}.")


def shape(app):
    """The tables of an application: whoever has the same can share a file."""
    db = app.extensions.get("sqlalchemy")
    tables = db.metadata.tables.values() if db else []
    return {(t.name, c.name, str(c.type)) for t in tables for c in t.columns}


def user_of(app):
    """The class User of an application, wherever it is; None without one."""
    db = app.extensions.get("sqlalchemy")
    classes = [m.class_ for m in db.Model.registry.mappers] if db else []
    return next((each for each in classes if each.__name__ == "User"), None)


def add_people(app):
    """Add PEOPLE to an empty table of users; call inside the app context.

    Where the program cannot hash yet nobody gets a password; whoever has
    none is given one when it can.
    """
    from sqlalchemy.exc import IntegrityError

    User, session = user_of(app), app.extensions["sqlalchemy"].session
    if User is None:
        return
    if not session.query(User).count():
        named = [{"username": p.username, "email": p.email} for p in PEOPLE]
        session.add_all(User(**names) for names in named)
    for person in PEOPLE if hasattr(User, "set_password") else ():
        user = session.query(User).filter_by(username=person.username).first()
        if user and not user.password_hash:
            user.set_password(person.password)
    with suppress(IntegrityError):  # another process was quicker
        session.commit()
    session.rollback()


def who(course, app):
    """Who can log in, as (name, password); nobody, and why that is."""
    if user_of(app) is None:
        step = course.state("a-table-of-users")
        return [], f"there are no users yet: they come with step {step}"
    if ("/login", "POST") not in {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods
    }:
        step = course.state("log-in")
        return [], f"nobody can yet: that comes with step {step}"
    return [(person.username, person.password) for person in PEOPLE], ""


def scenes(page):
    """Lead a browser to what a picture shows; yield each picture's name."""
    if page.goto("register").status == 404:
        page.goto("./")
    yield "visitor"
    if page.goto("login").status == 200:
        page.get_by_label("Username").fill(PEOPLE[0].username)
        page.get_by_label("Password").fill(PEOPLE[0].password)
        with page.expect_navigation() as sent:
            page.keyboard.press("Enter")
        if sent.value.ok:
            yield "member"


def recording(folder):
    """A block that gives a record of what programs below a folder do."""
    from .evidence.record import recording

    return recording(folder)


def finding(record, error, about):
    """What the record of a failed test proves; see `evidence.chain`."""
    from .evidence.chain import found
    from .evidence.facts import Facts

    return found(about, Facts(record, error))
