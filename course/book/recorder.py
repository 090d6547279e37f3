"""A plugin of pytest that writes down which step each test belongs to.

`pytest -p course.book.recorder --record=FILE` writes one JSON object for
each test with a `since` mark. With `--turning=2`, what the slides of chapter
2 tell is run: each test of its steps, before its step and at it, and at a
refactoring every test that has to stay green.
"""

import json
from pathlib import Path

import pytest

from ..matrix import COURSE

RECORD = pytest.StashKey[dict]()


def pytest_addoption(parser):
    parser.addoption("--record", help="write the tests of each step here")
    parser.addoption("--turning", type=int, help="run those of a chapter")


def pytest_configure(config):
    config.stash[RECORD] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    items[:] = [item for item in items if item.get_closest_marker("since")]
    for item in items:
        entry_of(item)
    if chapter := config.getoption("--turning"):
        items[:] = [item for item in items if is_shown(item, chapter)]


def entry_of(item):
    """What is written of a test: one entry for all of its cases."""
    entries, mark = item.config.stash[RECORD], item.get_closest_marker("since")
    new = {
        "file": item.path.name,
        "name": item.originalname,
        "since": mark.args[0],
        "until": mark.kwargs.get("until"),
        "because": mark.kwargs.get("because"),
        "runs": {},
    }
    return entries.setdefault((item.path, item.originalname), new)


def is_shown(item, chapter):
    course, state = item.config.stash[COURSE], item.callspec.params["state"]
    since = course.state(entry_of(item)["since"])
    if state <= since:
        return since.chapter == chapter
    return state.chapter == chapter and course.steps[state].is_refactoring


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    """Note what a case said where it failed, or None."""
    if call.when == "call" or call.excinfo:
        said = str(call.excinfo.value) if call.excinfo else None
        state = str(item.callspec.params["state"])
        entry_of(item)["runs"].setdefault(state, []).append(said)


def pytest_sessionfinish(session):
    if path := session.config.getoption("--record"):
        entries = list(session.config.stash[RECORD].values())
        Path(path).write_text(json.dumps(entries, indent=1), encoding="utf-8")
