"""The matrix: each behaviour test, on every state that it speaks of.

`@pytest.mark.since("2.3")` runs a test on 2.3 and on every later state. On
the state before it must fail, with an AssertionError that has words of its
own: that is how we know that the test sees what the step brought. With
`until="2.4", because="…"` the later step retires it on purpose; the ledger
of retired tests is printed at the end.

`@pytest.mark.holds_from("2.2")` is for what must hold in each state from
that one on, and need not fail before; with `only="snapshots"`, at the ends
of the chapters, with `only="states"` not when a student's workspace is
checked. There, `belongs="2.5"` names the step that it is checked with.
"""

import hashlib
import importlib
import os
import sys
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from sqlalchemy import Engine, event

from course.chapters import Course, State
from course.loading import load_package
from course.states import States

from .site import Site, starting

COURSE = Course()
STATES = States(COURSE)


def pytest_addoption(parser):
    parser.addoption("--state", help="only what this state must do")
    parser.addoption("--workspace", help="of the program in this folder")


def pytest_configure(config):
    """Put a workspace last on the path: it can hide nothing of the rest."""
    if folder := config.getoption("--workspace"):
        PROGRAMS.workspace = folder
        sys.path.append(folder)


@pytest.fixture(scope="session")
def course():
    return COURSE


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


def pytest_generate_tests(metafunc):
    if "state" in metafunc.fixturenames:
        states = chosen_states(metafunc.config, metafunc.definition)
        metafunc.parametrize("state", states)


def chosen_states(config, item):
    """The states to run a test on, as pytest parameters."""
    only = config.getoption("--state")
    mark = mark_of(item)
    chosen = COURSE.states
    if only:
        chosen = [COURSE.state(only)]
    elif mark.kwargs.get("only") == "snapshots":
        chosen = [chapter.last for chapter in COURSE.chapters]
    since, until = span_of(item)
    params = [
        pytest.param(state, id=str(state))
        for state in COURSE.states
        if state in chosen and since <= state and not until <= state
    ]
    if item.get_closest_marker("since") and not only:
        params.insert(0, red(COURSE.before(since)))
    return params


def mark_of(item):
    for name in ("since", "holds_from"):
        if mark := item.get_closest_marker(name):
            return mark
    raise pytest.UsageError(f"{item.name} uses `state`; since which step?")


def span_of(item):
    """The first state of a test, and the one that retires it."""
    mark = mark_of(item)
    until = mark.kwargs.get("until")
    assert not until or mark.kwargs.get("because"), f"{item.nodeid}: because?"
    never = (1000, 0)
    return COURSE.state(mark.args[0]), COURSE.state(until) if until else never


def red(state):
    why = "fails before the step that brings it"
    mark = pytest.mark.xfail(strict=True, raises=AssertionError, reason=why)
    return pytest.param(state, id=f"{state}-red", marks=mark)


def pytest_collection_modifyitems(config, items):
    """With --state, leave out what does not speak of a state.

    Where tests are grouped, one worker has the browser and the others not.
    """
    if config.getoption("dist", None) == "loadgroup":
        for item in items:
            if "browser" in item.fixturenames:
                item.add_marker(pytest.mark.xdist_group("browser"))
    if config.getoption("--state"):
        items[:] = [item for item in items if speaks_of_a_state(item)]


def speaks_of_a_state(item):
    params = getattr(item, "callspec", None) and item.callspec.params
    return isinstance((params or {}).get("state"), State)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if mark := item.get_closest_marker("since"):
        explain(report, item, call, mark)
    return report


def explain(report, item, call, mark):
    """Say where to read; refuse a red that a learner could not read."""
    step = COURSE.steps[COURSE.state(mark.args[0])]
    page = step.page.relative_to(COURSE.root).as_posix()
    if report.failed:
        report.sections.append(("Where to read", page))
    message = str(call.excinfo.value) if call.excinfo else ""
    if hasattr(report, "wasxfail") and message.startswith("assert "):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} has no words of its own:\n{message}"
    if "until" in mark.kwargs:
        entry = (item.originalname, *mark.kwargs.values())
        report.user_properties.append(("retired", entry))


def pytest_terminal_summary(terminalreporter):
    reports = chain.from_iterable(terminalreporter.stats.values())
    ledger = {
        tuple(value)
        for report in reports
        for name, value in getattr(report, "user_properties", [])
        if name == "retired"
    }
    if ledger:
        terminalreporter.section("tests that a later step retires")
    for name, until, because in sorted(ledger, key=lambda row: row[1]):
        terminalreporter.line(f"{until}  {name}\n     {because}")


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


@pytest.fixture(scope="session", autouse=True)
def hasty_databases():
    """Let SQLite not wait for the disk: no test outlives its machine."""

    @event.listens_for(Engine, "connect")
    def hurry(connection, record):
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


class Programs:
    """The packages under test: a state's, or the one in a workspace."""

    workspace = None

    def package(self, state):
        if self.workspace is not None:
            return self.workspace_package()
        return state_package(state)

    def workspace_package(self):
        """Import `microblog` as Flask does; an AssertionError without it."""
        if not (Path(self.workspace) / "microblog" / "__init__.py").exists():
            raise AssertionError(NO_PACKAGE)
        with starting(Path(self.workspace)):
            return importlib.import_module("microblog")


@cache
def state_package(state):
    """The program of a state, imported once; an AssertionError for state 0."""
    if not state.chapter:
        raise AssertionError(NO_PACKAGE)
    return load_package(state, STATES.program(state))


NO_PACKAGE = """\
Looked for the package `microblog`.
    came back: there is no microblog/__init__.py
    expected:  a program, in the folder microblog; step 1.1 makes it"""

PROGRAMS = Programs()
package_of = PROGRAMS.package


@pytest.fixture
def package(state):
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
