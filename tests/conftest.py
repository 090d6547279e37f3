"""The program under test, and a browser to visit it with.

Which states a test runs on is told in `course/matrix.py`.
"""

import hashlib
import importlib
import os
import sys
from functools import cache

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from course.loading import load_package
from tests.chapters.expectation import starting
from tests.chapters.site import Site
from tests.sampling import weekly

collect_ignore = weekly("browser/test_clone.py")

NO_PACKAGE = """\
Looked for the package `microblog`.
    came back: there is no microblog/__init__.py
    expected:  a program, in the folder microblog"""


SLOW_FIRST = ["browser", "book", "notebooks", "tool", "states", "chapters"]


def pytest_collection_modifyitems(config, items):
    """Where several workers share the tests, the slow ones come first."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: SLOW_FIRST.index(folder_of(config, item)))


def folder_of(config, item):
    return item.path.relative_to(config.rootpath / "tests").parts[0]


@pytest.fixture(scope="session")
def browser():
    """The Chromium or Chrome of the system, for tests with a real browser.

    Where there is none they are skipped; with BROWSER=required they fail.
    """
    from course.browser import find_browser, open_browser

    path = find_browser()
    if path is None:
        if os.environ.get("BROWSER") == "required":
            pytest.fail("BROWSER=required, and no Chromium or Chrome is here")
        pytest.skip("needs Chromium or Chrome, and none was found")
    with open_browser(path) as browser:
        yield browser


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes():
    """Hash at the smallest cost, as the tests hash a thousand times.

    The programs ask for Werkzeug's default as ever, and the hashes say so.
    """
    scrypt, pbkdf2 = hashlib.scrypt, hashlib.pbkdf2_hmac

    def cheap_scrypt(password, *, n, **rest):
        return scrypt(password, n=2, **rest)

    def cheap_pbkdf2(name, password, salt, iterations, dklen=None):
        return pbkdf2(name, password, salt, 1, dklen)

    hashlib.scrypt, hashlib.pbkdf2_hmac = cheap_scrypt, cheap_pbkdf2
    yield
    hashlib.scrypt, hashlib.pbkdf2_hmac = scrypt, pbkdf2


@pytest.fixture
def hashes(monkeypatch):
    """A list that grows with each slow hash: its name, and what it costs."""
    made = []
    for name in ("scrypt", "pbkdf2_hmac"):
        hasher = getattr(hashlib, name)

        def counted(*args, hasher=hasher, **kwargs):
            cost = [kwargs[n] for n in ("n", "r", "p") if n in kwargs]
            made.append([hasher.__name__, *args[3:], *cost])
            return hasher(*args, **kwargs)

        monkeypatch.setattr(hashlib, name, counted)
    return made


@pytest.fixture(scope="session", autouse=True)
def hasty_databases():
    """Let SQLite not wait for the disk: no test outlives its machine."""

    @event.listens_for(Engine, "connect")
    def hurry(connection, record):
        if type(connection).__module__.startswith("sqlite3"):
            connection.execute("PRAGMA synchronous = OFF").close()
            connection.execute("PRAGMA journal_mode = MEMORY").close()


class Compiled(BytecodeCache):
    """Templates compiled so far, by what they say and where they are."""

    def __init__(self):
        self.kept = {}

    def load_bytecode(self, bucket):
        if kept := self.kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket):
        key = bucket.key, bucket.checksum
        self.kept[key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once():
    """Share compiled templates among the hundreds of applications."""
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": Compiled()}


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once():
    """Share what Werkzeug compiles for a rule among the applications."""
    compiled, kept = Rule._compile_builder, {}

    def compiled_once(rule, append_unknown=True):
        if rule.defaults:
            return compiled(rule, append_unknown)
        key = rule.rule, tuple(rule._trace), append_unknown
        if key not in kept:
            kept[key] = compiled(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compiled_once
    yield
    Rule._compile_builder = compiled


@pytest.fixture(scope="session")
def package_of(request, program_of):
    """A function: the program of a state, imported once.

    It raises an AssertionError where there is none. A workspace's is
    imported as Flask does, last on the path: it can hide nothing of the rest.
    """
    in_workspace = request.config.getoption("--workspace")

    @cache
    def package_of(state):
        folder = program_of(state)
        if not folder or not (folder / "microblog" / "__init__.py").exists():
            raise AssertionError(NO_PACKAGE)
        if not in_workspace:
            return load_package(state, folder)
        sys.path.append(str(folder))
        with starting(folder):
            return importlib.import_module("microblog")

    return package_of


@pytest.fixture
def package(state, package_of):
    return package_of(state)


@pytest.fixture
def site(package, tmp_path):
    """The program of a state, with a database of its own and nobody in it."""
    site = Site(package, f"sqlite:///{tmp_path / 'test.db'}")
    yield site
    site.close()


@pytest.fixture
def another(package):
    """A function that makes a Site of the program; see Site."""
    made = []

    def make(*arguments, **config):
        made.append(Site(package, *arguments, **config))
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def visitor(site):
    """Someone with a browser and no cookies."""
    return site.visitor()
