"""A plugin of pytest that writes down which step each test belongs to.

`pytest -p course.book.recorder --record=FILE` writes one JSON object for
each test with a `since` mark. With `--turning=2`, only what turns green in
chapter 2 runs, at the state before its step and at the step itself.
"""

import json
from pathlib import Path

import pytest

from ..matrix import COURSE

RECORD = pytest.StashKey[list]()


def pytest_addoption(parser):
    parser.addoption("--record", help="write the tests of each step here")
    parser.addoption("--turning", help="run what turns green in a chapter")


def pytest_configure(config):
    config.stash[RECORD] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    chapter = config.getoption("--turning")
    items[:] = [i for i in items if i.get_closest_marker("since")]
    config.stash[RECORD] += [entry_of(item) for item in items]
    if chapter:
        items[:] = [item for item in items if turning(item, chapter)]


def turning(item, chapter):
    since = item.config.stash[COURSE].state(entry_of(item)["since"])
    ours = str(since.chapter) == chapter
    return ours and (item.callspec.params["state"] == since or is_red(item))


def is_red(item):
    return "-red" in item.callspec.id


def entry_of(item):
    mark = item.get_closest_marker("since")
    return {
        "name": item.originalname,
        "since": mark.args[0],
        "until": mark.kwargs.get("until"),
        "because": mark.kwargs.get("because"),
    }


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" or not report.passed:
        item.config.stash[RECORD].append(
            entry_of(item)
            | {
                "when": "before" if is_red(item) else "after",
                "passed": report.passed,
                "message": str(call.excinfo.value) if call.excinfo else "",
            }
        )
    return report


def pytest_sessionfinish(session):
    path = session.config.getoption("--record")
    if path:
        text = json.dumps(session.config.stash[RECORD], indent=1)
        Path(path).write_text(text, encoding="utf-8")
