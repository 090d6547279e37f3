"""A program under test: one application, its table of users, its visitors."""

import re
import shutil
import sys
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import Flask, got_request_exception
from packaging.requirements import InvalidRequirement, Requirement

from course.loading import load_file
from course.places import told

from .expectation import expect, starting
from .visitor import Visitor


class Site:
    """One application made by a program's factory.

    Errors become the page that a visitor would see; `last_error` keeps the
    place that the last one came from.
    """

    def __init__(self, package, database=None, **config):
        self.package = package
        self.last_error = self.cause = None
        settings = {"TESTING": True, "PROPAGATE_EXCEPTIONS": False}
        if database:
            settings["SQLALCHEMY_DATABASE_URI"] = database
        self.app = self.started(settings | config)
        got_request_exception.connect(self.note_error, self.app)

    @property
    def root(self):
        """The folder that holds the package."""
        return Path(self.package.__file__).parent.parent

    def started(self, settings):
        factory = getattr(self.package, "create_app", None)
        expect(
            factory,
            "Looked for `create_app` in microblog/__init__.py.",
            "there is none",
            "the factory: def create_app(config=None)",
        )
        with starting(self.root):
            app = factory(settings)
        expect(
            isinstance(app, Flask),
            "Called create_app().",
            f"{app!r}",
            "the application: the factory ends with `return app`",
        )
        return app

    def close(self):
        if "sqlalchemy" in self.app.extensions:
            with self.app.app_context():
                self.db.engine.dispose()

    def note_error(self, sender, exception, **extra):
        self.cause = exception
        self.last_error = told(exception, self.root)

    def part(self, module, name):
        """A name from one of the program's modules, wherever it is."""
        for each in self.modules(f"{self.package.__name__}.{module}"):
            found = getattr(sys.modules.get(each), name, None)
            if found is not None:
                return found
        raise AssertionError(
            f"Looked for `{name}` in microblog/{module}.py.\n"
            "    came back: there is none\n"
            f"    expected:  the {name} that the step describes"
        )

    def modules(self, first):
        """The names of the program's modules, the likeliest first."""
        yield first
        package = self.package.__name__
        yield from [m for m in sys.modules if m.startswith(f"{package}.")]
        yield package

    @property
    def db(self):
        return self.part("models", "db")

    @property
    def User(self):
        return self.part("models", "User")

    @contextmanager
    def session(self):
        """A database session, inside an application context."""
        with self.app.app_context():
            yield self.db.session

    def add(self, person):
        """Put a person into the table; return the id."""
        user = self.User(username=person.username, email=person.email)
        if person.password is not None:
            self.method(user, "set_password")(person.password)
        with self.session() as session:
            session.add(user)
            session.commit()
            return user.id

    def method(self, user, name):
        found = getattr(user, name, None)
        expect(
            found,
            f"Looked for User.{name}.",
            "there is none",
            f"a method of the class User: user.{name}(password)",
        )
        return found

    def count(self, person=None):
        """How many users there are, or how many are this person."""
        with self.session() as session:
            users = session.query(self.User)
            if person:
                users = users.filter_by(username=person.username)
            return users.count()

    def visitor(self):
        return Visitor(self)

    def required(self):
        """What requirements.txt says, in small letters with hyphens."""
        path = self.root / "requirements.txt"
        text = path.read_text("utf-8") if path.is_file() else ""
        return text.lower().replace("_", "-")

    def must_be_readable(self):
        """pip can read each line of requirements.txt."""
        for line in self.required().splitlines():
            expect(
                is_requirement(line),
                "Read requirements.txt as pip does.",
                f"“{line}”, which it refuses",
                "a name and a version, such as Flask~=3.1",
            )
            name, here = contradicted(line)
            expect(
                not name,
                "Compared requirements.txt with what is installed here.",
                f"“{line}”, and your program is checked with {name} {here}",
                f"a version that {here} is one of",
            )

    def addresses(self):
        """The addresses that a link can lead to, and that need no more."""
        rules = self.app.url_map.iter_rules()
        return sorted(
            {r.rule for r in rules if "GET" in r.methods and not r.arguments}
        )

    def has_page(self, path):
        return any(r.rule == path for r in self.app.url_map.iter_rules())

    def must_require(self, name, if_imported=None, extra=""):
        """requirements.txt names a distribution that the program needs."""
        if if_imported and not self.imports(if_imported):
            return
        self.must_be_readable()
        wanted = re.escape((name + extra).lower())
        expect(
            re.search(rf"(?m)^\s*{wanted}(?![\w-])", self.required()),
            f"Looked for {name}{extra} in requirements.txt.",
            ", ".join(self.required().split()) or "nothing in it",
            f"a line that starts with {name}{extra}",
        )

    def imports(self, module):
        """Whether a module of the program imports something of a library."""
        files = Path(self.package.__file__).parent.rglob("*.py")
        pattern = rf"(?m)^\s*(import|from) {module}\b"
        return any(re.search(pattern, f.read_text("utf-8")) for f in files)


def contradicted(line):
    """The name and version that is installed here, where a line refuses it."""
    try:
        wanted = Requirement(line.strip())
        here = version(wanted.name)
    except (InvalidRequirement, PackageNotFoundError):
        return None, None
    refused = not wanted.specifier.contains(here, prereleases=True)
    return (wanted.name, here) if refused else (None, None)


def is_requirement(line):
    """Whether pip can read a line; options and addresses are left alone."""
    plain = re.split(r"\s#|^#|\s--|\\\\$", line.strip())[0].strip()
    if not plain or plain.startswith("-") or re.search("[/@]", plain):
        return True
    try:
        Requirement(plain)
    except InvalidRequirement:
        return False
    return True


class Alone(Site):
    """A program that is started as `flask run` does, told nothing."""

    def started(self, settings):
        with starting(self.root):
            return self.package.create_app()


@contextmanager
def moved(package, folder):
    """A package imported anew, from a copy of its folder.

    What it writes beside itself is written there. Until the block ends, its
    name is the copy's.
    """
    source = Path(package.__file__).parent
    left = shutil.ignore_patterns("instance", "__pycache__")
    shutil.copytree(source.parent, folder, ignore=left, dirs_exist_ok=True)
    hidden = forgotten(source.name)
    try:
        with starting(folder):
            yield load_file(source.name, folder / source.name / "__init__.py")
    finally:
        forgotten(source.name)
        sys.modules.update(hidden)


def forgotten(name):
    """Take a package's modules from those that are imported."""
    own = [m for m in sys.modules if f"{m}.".startswith(f"{name}.")]
    return {module: sys.modules.pop(module) for module in own}
