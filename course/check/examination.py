"""Which steps of a chapter a workspace has done, and what is missing."""

import contextlib
import re
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..chapters import State
from ..places import last_place
from .blame import step_to_blame
from .outcome import Failure, Outcome
from .process import Runner

GRACE = 2  # seconds more, for a program that stopped the alarm
LIMIT = 10  # seconds for one test
MOST_BYTES = 1_000_000  # of a file that has a line to show
MOST_LETTERS = 500  # of a line that is compared with those of the pages


def check(
    workspace,
    most=3,
    limit=LIMIT,
    runner=None,
    first=None,
    exercise=None,
    seen=None,
    stale=None,
    **more,
):
    """Check a copy of a workspace; return the Outcome.

    At most `most` different failures are looked for, and in what earlier
    chapters brought too, once the chapter's first step is done; or only from
    the state `first` on. `runner` is a Runner of that chapter which goes on;
    else one is made for this check. With an exercise, its checks are all.
    `more` can be `total`, the seconds that all of it may take; `worked`, the
    slugs of exercises: tests that one of them retires are left out; `brief`:
    one example is enough for each test that earlier chapters brought;
    `ahead`: the state of a step of the chapter to begin with. `seen` is called
    with the Outcome so far when something fails, and when that step is done.
    Raises Stale once the function `stale` says that another was saved.
    """
    with contextlib.ExitStack() as stack:
        runner = runner or stack.enter_context(runner_for(workspace, exercise))
        program = stack.enter_context(
            tempfile.TemporaryDirectory(
                prefix="program-",
                dir=runner.scratch.name,
                ignore_cleanup_errors=True,
            )
        )
        workspace.copy_to(Path(program))
        order = {"program": program, "most": most, "limit": limit}
        order |= {"first": first} | more
        seen = seen and partial(seen_so_far, workspace, seen)
        found = Examination(order, runner, seen, stale)
        if found.was_cut_off:  # in order, it may be another step
            found = Examination(order | {"ahead": None}, runner, stale=stale)
    return found.outcome if exercise else blamed(workspace, found.outcome)


def seen_so_far(workspace, seen, outcome):
    lists = {"done": [*outcome.done], "failures": [*outcome.failures]}
    seen(blamed(workspace, replace(outcome, **lists)))


def blamed(workspace, outcome):
    """The outcome, at the step that the first fault belongs to."""
    first = outcome.failures[0] if outcome.failures else None
    if (
        first
        and first.place
        and len(first.place[2]) < MOST_LETTERS
        and outcome.here.chapter == workspace.chapter.number
    ):
        outcome.here = step_to_blame(workspace, outcome.here, first.place)
    return outcome


def runner_for(workspace, exercise=None):
    return Runner(workspace.course, workspace.chapter.number, exercise)


class Stale(Exception):
    """What is checked is no longer what was saved last."""


class Examination:
    """What the tests say of a program, put together into an Outcome."""

    def __init__(self, order, runner, seen=None, stale=None):
        self.order, self.number, self.seen = order, runner.number, seen
        self.outcome, self.passed = Outcome(), set()
        self.step, self.test, self.ended, self.left = None, "", False, None
        for event in runner.carried_out(order, order["limit"] + GRACE):
            if stale and event["event"] == "test" and stale():
                runner.give_up()
                raise Stale
            getattr(self, f"on_{event.pop('event')}")(**event)
        self.outcome.printed = runner.said()

    def on_planned(self, steps, pid):
        self.outcome.planned = steps

    def on_test(self, step, test):
        self.step, self.test = state_of(step), test

    def on_done(self, step):
        self.passed.add(step)
        if state_of(step).chapter == self.number:
            self.outcome.done.append(state_of(step))
        if self.seen and state_of(step) == self.order.get("ahead"):
            self.seen(self.outcome)

    def on_failed(self, step, **failure):
        self.fail(state_of(step), Failure(**failure))
        if self.seen and state_of(step) == self.outcome.here:
            self.seen(self.outcome)

    @property
    def was_cut_off(self):
        """Whether it came to no end in the step that was put ahead."""
        return not self.ended and self.step == self.order.get("ahead")

    def fail(self, step, failure):
        outcome = self.outcome
        if step.chapter == self.number and step < (outcome.here or step):
            outcome.here = None
            outcome.failures.clear()
        if outcome.here not in (None, step):
            outcome.also = step
            return
        outcome.here = step
        if not any(told(failure, known) for known in outcome.failures):
            outcome.failures.append(failure)

    def on_exit(self, place):
        self.left = place or "a place that is not known"

    def on_broken(self, trace):
        raise RuntimeError(f"the tests themselves do not run:\n{trace}")

    def on_end(self):
        all_passed = self.passed == set(self.outcome.planned)
        self.ended = bool(self.outcome.here) or all_passed

    def on_gone(self, said, late=False):
        """The process is gone: say which test it was in, and where."""
        if self.ended:
            return
        if self.step is None:
            self.on_broken(said)
        if self.outcome.here == self.step:
            self.outcome.failures.clear()
        self.fail(self.step, self.last_words(said, late))

    def last_words(self, said, late):
        """The Failure of the test in which the process ended."""
        if self.left:
            end = f"The program ended the check itself, at {self.left}."
            return Failure(self.test, end)
        frames = re.findall(r'File "(.+)", line (\d+)', said)[::-1]
        at = last_place(frames, self.order["program"])
        end = "The program crashed Python."
        if late == "in all":
            total = self.order["total"]
            end = f"The check was ended: it took {total} seconds in all."
        elif late or said.startswith("Timeout"):
            limit = self.order["limit"]
            end = f"The program did not come back in {limit} seconds."
        if at is None:
            return Failure(self.test, end)
        fact = {"links": [["an end", False]], "said": "it was at this line"}
        return Failure(self.test, end, **fact, place=self.line_at(at))

    def line_at(self, place):
        """[file, line, text] of a place in words."""
        file, line = place.split(", line ")
        path = Path(self.order["program"], file)
        small = path.is_file() and path.stat().st_size < MOST_BYTES
        text = path.read_text("utf-8", "replace") if small else ""
        found = text.splitlines()[int(line) - 1 :]
        return [file, int(line), found[0].strip() if found else ""]


def told(failure, known):
    """Whether a failure is one that is known already, or has its reason."""
    return (
        failure.message == known.message
        or failure.test == known.test
        or (failure.fault and failure.fault == known.fault)
    )


def state_of(text):
    return State(*map(int, text.split(".")))
