"""What each step's tests say, and a pytest plugin that writes it down.

`pytest -p course.book.specs --record=FILE` writes one JSON object for each
test with a `since` mark. With `--turning=2`, what the slides of chapter 2
tell is run: each test of its steps, before its step and at it, and at a
refactoring every test that has to stay green.
"""

import gc
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from ..chapters import Worked
from ..errors import CourseError
from ..matrix import COURSE
from .inputs import TOOL, digest_of, kept_up, tests_about

RECORD = pytest.StashKey[dict]()


@dataclass
class Spec:
    """One test: its sentence, and what came back where it was run.

    `since` and `until` are slugs; `runs` holds, by state, what each of its
    cases said: None if it passed.
    """

    name: str
    since: str
    until: str | None
    because: str | None
    runs: dict

    @property
    def sentence(self):
        words = self.name.removeprefix("test_").replace("_", " ")
        return words[0].upper() + words[1:] + "."

    def failed(self, state):
        """Whether every case was run at a state, and failed."""
        return None not in self.runs.get(str(state), [None])

    def passed(self, state):
        """Whether every case was run at a state, and passed."""
        return set(self.runs.get(str(state), [])) == {None}

    def said(self, state):
        """What it said where it failed."""
        return next(filter(None, self.runs.get(str(state), [])), "")


class Specs:
    """The tests of a course; those that tell of chapter `turning` are run.

    What came back is kept in `build/` until a test, a page or the tool
    changes.
    """

    def __init__(self, course, turning=None):
        self.course = course
        self.turning = turning

    @cached_property
    def all(self):
        """Every test with a `since` mark, once, in the order of the files."""
        name = self.turning.number if self.turning else "all"
        record = self.course.root / "build" / "tests" / f"{name}.json"
        digest = digest_of(self.course, self.turning)
        kept_up(record, digest, lambda: self.write(record))
        found = json.loads(record.read_text(encoding="utf-8"))
        return [Spec(**values) for values in found]

    def turned_green_by(self, state):
        return [x for x in self.all if self.course.state(x.since) == state]

    def retired_by(self, state):
        slug = self.course.steps[state].slug
        return [spec for spec in self.all if spec.until == slug]

    def kept_by(self, state):
        """What passes before a state and has to pass at it too."""
        at = self.course.state
        alive = [x for x in self.all if not x.until or state < at(x.until)]
        return [spec for spec in alive if at(spec.since) < state]

    def write(self, record):
        """Run pytest. Raises CourseError where it could not be."""
        record.unlink(missing_ok=True)
        files = tests_about(self.course, self.turning) or [TOOL]  # has none
        plugins = ["-p", "course.matrix", "-p", "course.book.specs"]
        plugins += ["-p", "no:unraisableexception"]
        options = ["--collect-only"]
        if self.turning:
            options = [f"--turning={self.turning.number}"]
        root, tool = str(self.course.root), str(TOOL.parent)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", *plugins, *options),
                *(f"--record={record}", *map(str, files)),
            ],
            cwd=root,
            env=os.environ | {"COURSE_ROOT": root, "PYTHONPATH": tool},
            capture_output=True,
            encoding="utf-8",
        )
        if not record.is_file():
            raise CourseError(
                "the tests could not be read. pytest said:\n\n"
                f"{done.stdout[-2000:]}{done.stderr[-1000:]}\n"
                "Try: make test"
            )


def pytest_addoption(parser):
    parser.addoption("--record", help="write the tests of each step here")
    parser.addoption("--turning", type=int, help="run those of a chapter")


def pytest_configure():
    gc.disable()  # the process ends soon, and it took a fifth of the time


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    config.stash[RECORD] = {}
    items[:] = [item for item in items if spec_of(item)]
    if chapter := config.getoption("--turning"):
        items[:] = [item for item in items if is_shown(item, chapter)]


def spec_of(item):
    """What is written of a test: one Spec for all of its cases, or None."""
    if mark := item.get_closest_marker("since"):
        why = {name: mark.kwargs.get(name) for name in ("until", "because")}
        new = Spec(item.originalname, mark.args[0], runs={}, **why)
        key = item.path, item.originalname
        return item.config.stash[RECORD].setdefault(key, new)


def is_shown(item, chapter):
    course, state = item.config.stash[COURSE], item.callspec.params["state"]
    since = course.state(spec_of(item).since)
    if isinstance(state, Worked):
        return False
    if state <= since:
        return since.chapter == chapter
    return state.chapter == chapter and course.steps[state].is_refactoring


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    """Note what a case said where it failed, or None."""
    if call.when == "call" or call.excinfo:
        said = str(call.excinfo.value) if call.excinfo else None
        state = str(item.callspec.params["state"])
        spec_of(item).runs.setdefault(state, []).append(said)


def pytest_sessionfinish(session):
    found = session.config.stash.get(RECORD, {}).values()
    text = json.dumps([vars(spec) for spec in found], indent=1)
    Path(session.config.option.record).write_text(text, encoding="utf-8")
