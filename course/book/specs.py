"""What each step's tests say, read from the marks that they run by."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..errors import CourseError
from .inputs import read, state_of_inputs


@dataclass
class Spec:
    """One test: its sentence, and what came back before and after its step.

    `failed_before` and `passed_after` are None where the test was not run.
    """

    name: str
    since: str
    until: str | None
    because: str | None
    failed_before: bool | None = None
    passed_after: bool | None = None
    message: str = ""

    @property
    def sentence(self):
        words = self.name.removeprefix("test_").replace("_", " ")
        return words[0].upper() + words[1:] + "."


class Specs:
    """The tests of a course; those of the chapter `turning` are run.

    What came back is kept in `build/` until a test, a page or the tool
    changes.
    """

    def __init__(self, course, turning=None):
        self.course = course
        self.name = f"turning-{turning.number}" if turning else "collected"
        self.options = (
            ["--turning", str(turning.number)]
            if turning
            else ["--collect-only"]
        )

    @cached_property
    def all(self):
        """Every test with a `since` mark, once, in the order of the files."""
        kept = self.course.root / "build" / "tests" / f"{self.name}.json"
        inputs = state_of_inputs(self.course.root)
        record = json.loads(read(kept) or "{}")
        if record.get("inputs") != inputs:
            record = {"inputs": inputs, "tests": self.record()}
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(record, indent=1), encoding="utf-8")
        return merged(record["tests"])

    def turned_green_by(self, state):
        return [spec for spec in self.all if self.is_at(spec.since, state)]

    def retired_by(self, state):
        return [s for s in self.all if s.until and self.is_at(s.until, state)]

    def is_at(self, text, state):
        return self.course.state(text) == state

    def record(self):
        """What the recorder wrote; CourseError where pytest could not run."""
        with tempfile.TemporaryDirectory() as scratch:
            record = Path(scratch) / "record.json"
            tests = self.course.root / "tests" / "chapters"
            plugin = ["-p", "course.book.recorder", f"--record={record}"]
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "pytest", *plugin),
                    *(*self.options, str(tests)),
                ],
                cwd=self.course.root,
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


def merged(entries):
    """One Spec for each test: its cases, and both of its runs, in one."""
    specs = {}
    for entry in entries:
        spec = specs.setdefault(
            entry["name"],
            Spec(*(entry[k] for k in ("name", "since", "until", "because"))),
        )
        if entry.get("when") == "before":
            failed = not entry["passed"] and spec.failed_before is not False
            spec.failed_before = failed
            spec.message = spec.message or entry["message"]
        elif entry.get("when") == "after":
            passed = entry["passed"] and spec.passed_after is not False
            spec.passed_after = passed
    return list(specs.values())
