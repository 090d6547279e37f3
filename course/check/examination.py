"""What the tests say of a workspace's program, put together."""

import re
from dataclasses import dataclass, field

from ..chapters import State
from ..places import last_place

GRACE = 2  # seconds more, for a program that stopped the alarm


@dataclass(frozen=True)
class Failure:
    """One test that failed, told in a learner's words."""

    test: str
    message: str
    trace: str = ""


@dataclass
class Outcome:
    """What a check found.

    `here` is the first step that is not done, or None when all are. When a
    chapter's own steps are done, it can be one of an earlier chapter, which
    worked once; when they are not, `also` is.
    """

    done: list = field(default_factory=list)
    here: State | None = None
    failures: list = field(default_factory=list)
    planned: dict = field(default_factory=dict)
    also: State | None = None
    printed: str = ""


class Examination:
    """One process and what it says, put together into an Outcome."""

    def __init__(self, order, runner, own=True):
        self.order, self.runner = order, runner
        self.outcome = Outcome()
        self.step, self.test, self.known = None, "", {}
        scratch = f"{order['scratch']}-{'own' if own else 'earlier'}"
        runner.order(**order | {"own": own, "scratch": scratch})

    def __iter__(self):
        """Take in what the process says, until it ends."""
        for event in self.runner.heard(self.order["limit"] + GRACE):
            getattr(self, f"on_{event.pop('event')}")(**event)
            yield
        self.outcome.printed = self.runner.printed

    def on_planned(self, step, test):
        names = self.outcome.planned.setdefault(step, [])
        if test not in names:
            names.append(test)

    def on_test(self, step, test):
        self.step, self.test = step, test

    def on_done(self, step):
        self.outcome.done.append(state_of(step))

    def on_failed(self, step, test, message, trace):
        self.fail(step, Failure(test, message, trace))

    def fail(self, step, failure):
        self.outcome.here = state_of(step)
        known = {f.message for f in self.outcome.failures}
        named = {f.test for f in self.outcome.failures}
        if failure.message not in known and failure.test not in named:
            self.outcome.failures.append(failure)

    def on_exit(self, place):
        self.known["ended"] = place

    def on_removed(self, place):
        self.known["removed"] = place

    def on_broken(self, trace):
        raise RuntimeError(f"the tests themselves do not run:\n{trace}")

    def on_end(self):
        finished = {str(state) for state in self.outcome.done}
        if not self.outcome.here and finished != set(self.outcome.planned):
            self.on_lost("")
        self.explain_a_removed_database()

    def explain_a_removed_database(self):
        if place := self.known.get("removed"):
            for number, failure in enumerate(self.outcome.failures):
                message = f"{failure.message}\n    likely:    the program "
                message += f"removes its own database at {place}"
                told = Failure(failure.test, message, failure.trace)
                self.outcome.failures[number] = told

    def on_lost(self, said, late=False):
        """The process is gone: say which test it was in, and where."""
        if self.step is None:
            self.on_broken(said)
        message = self.last_words(said, late)
        self.outcome.failures.clear()
        self.fail(self.step, Failure(self.test, message, said))

    def last_words(self, said, late):
        limit = self.order["limit"]
        if "ended" in self.known:
            where = self.known["ended"] or "a place that is not known"
            return f"The program ended the check itself, at {where}."
        frames = re.findall(r'File "(.+)", line (\d+)', said)[::-1]
        place = last_place(frames, self.order["program"])
        at = f" It was at {place}." if place else ""
        if late or said.startswith("Timeout"):
            return f"The program did not come back in {limit} seconds.{at}"
        return f"The program crashed Python.{at}"


def state_of(text):
    return State(*map(int, text.split(".")))
