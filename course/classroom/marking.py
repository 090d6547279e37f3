"""What the checks say of one hand-in, and of a whole class."""

import os
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..check.examination import LIMIT, Examination, check
from ..check.process import EVERY, Runner
from ..check.report import printable, sentence
from .plain import Unreadable
from .table import tasks_of

TOTAL = {"steps": 60, "exercises": 30}  # seconds for one hand-in


@dataclass
class Mark:
    """One line of the table: what is done, and what fails first.

    `done` are the slugs of steps and of exercises.
    """

    name: str
    done: set = field(default_factory=set)
    first: str = ""
    changed: datetime | None = None


class Marker:
    """Marks hand-ins of a chapter, one after the other.

    What checks them is warm from one to the next, and made anew when one of
    them broke it.
    """

    def __init__(self, course, chapter, hidden=None):
        self.course, self.chapter = course, chapter
        self.settings = {"hidden": hidden}
        self.steps = self.exercises = None

    def mark(self, hand_in):
        """The Mark of a hand-in; whatever is wrong with it is said there."""
        mark = Mark(printable(hand_in.name))
        try:
            with tempfile.TemporaryDirectory(
                ignore_cleanup_errors=True
            ) as scratch:
                self.fill(mark, hand_in, Path(scratch).resolve())
        except Unreadable as error:
            mark.first = printable(str(error))
        except Exception as error:  # of any kind: the others are waiting
            mark.first = f"not checked: {printable(str(error))[:300]}"
            self.stop()
        return mark

    def fill(self, mark, hand_in, scratch):
        workspace, mark.changed = hand_in.workspace(
            self.course, self.chapter, scratch
        )
        self.start()
        worked = self.exercises_done(workspace, scratch)
        outcome = check(
            workspace,
            most=1,
            limit=LIMIT,
            runner=self.steps,
            worked=[exercise.slug for exercise in worked],
            brief=True,
            total=TOTAL["steps"],
        )
        done = [*worked, *outcome.passed(self.chapter)]
        mark.done = {step.slug for step in done}
        if outcome.here:
            failure, step = outcome.failures[0], outcome.here
            title = self.course.steps[step].title
            said = printable(sentence(failure.test))
            mark.first = f"step {step} {title}: {said}"

    def exercises_done(self, workspace, scratch):
        """The exercises whose checks pass. One that hangs ends the rest."""
        if not self.exercises:
            return []
        program = scratch / "for-exercises"
        program.mkdir()
        workspace.copy_to(program)
        order = {"program": str(program), "most": 1, "limit": LIMIT}
        order |= {"first": None, "total": TOTAL["exercises"]}
        outcome = Examination(order, self.exercises).outcome
        return [e for e in self.chapter.exercises if e.number in outcome.done]

    def start(self):
        if not self.steps:
            about = self.course, self.chapter.number
            self.steps = Runner(*about, **self.settings)
            if tasks_of(self.chapter):
                self.exercises = Runner(*about, EVERY, **self.settings)

    def stop(self):
        for runner in filter(None, (self.steps, self.exercises)):
            runner.stop()
        self.steps = self.exercises = None


def marks(course, chapter, found, hidden=None):
    """Yield the Mark of each hand-in, as many at once as there are cores."""
    own, started = threading.local(), []

    def mark(hand_in):
        if not hasattr(own, "marker"):
            own.marker = Marker(course, chapter, hidden)
            started.append(own.marker)
        return own.marker.mark(hand_in)

    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        yield from pool.map(mark, found)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for marker in started:
            marker.stop()
