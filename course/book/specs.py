"""What each step's tests say, read from the marks that they run by."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..chapters import State
from ..errors import CourseError
from .inputs import TOOL, digest_of_slides, digest_of_tests, read, tests_about


@dataclass
class Spec:
    """One test: its sentence, and what came back where it was run.

    `runs` holds, by state, what each of its cases said: None if it passed.
    """

    file: str
    name: str
    since: State
    until: State | None
    because: str | None
    runs: dict

    @property
    def sentence(self):
        words = self.name.removeprefix("test_").replace("_", " ")
        return words[0].upper() + words[1:] + "."

    def failed(self, state):
        """Whether every case was run at a state, and failed."""
        runs = self.runs.get(str(state), [])
        return bool(runs) and None not in runs

    def passed(self, state):
        """Whether every case was run at a state, and passed."""
        runs = self.runs.get(str(state), [])
        return bool(runs) and set(runs) == {None}

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
        name, inputs = "collected", digest_of_tests(self.course)
        if self.turning:
            name = f"turning-{self.turning.number}"
            inputs = digest_of_slides(self.course, self.turning)
        kept = self.course.root / "build" / "tests" / f"{name}.json"
        record = json.loads(read(kept) or "{}")
        if record.get("inputs") != inputs:
            record = {"inputs": inputs, "tests": self.record()}
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(record, indent=1), encoding="utf-8")
        return [self.spec_of(entry) for entry in record["tests"]]

    def spec_of(self, entry):
        state, until = self.course.state, entry["until"]
        states = {
            "since": state(entry["since"]),
            "until": until and state(until),
        }
        return Spec(**entry | states)

    def turned_green_by(self, state):
        return [spec for spec in self.all if spec.since == state]

    def retired_by(self, state):
        return [spec for spec in self.all if spec.until == state]

    def kept_by(self, state):
        """What passes before a state and has to pass at it too."""
        return [
            spec
            for spec in self.all
            if spec.since < state and not (spec.until and spec.until <= state)
        ]

    def record(self):
        """What the recorder wrote; CourseError where pytest could not run."""
        files = tests_about(self.course, self.turning)
        if not files:
            return []
        options = ["--collect-only"]
        if self.turning:
            options = [f"--turning={self.turning.number}"]
        with tempfile.TemporaryDirectory() as scratch:
            record = Path(scratch) / "record.json"
            plugins = ["-p", "course.matrix", "-p", "course.book.recorder"]
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "pytest", *plugins, *options),
                    *(f"--record={record}", *map(str, files)),
                ],
                cwd=self.course.root,
                env=os.environ
                | {
                    "COURSE_ROOT": str(self.course.root),
                    "PYTHONPATH": str(TOOL.parent),
                },
                capture_output=True,
                encoding="utf-8",
            )
            if not record.is_file():
                raise CourseError(
                    "the tests could not be read. pytest said:\n\n"
                    f"{done.stdout[-2000:]}{done.stderr[-1000:]}\n"
                    "Try: make test"
                )
            return json.loads(record.read_text(encoding="utf-8"))
