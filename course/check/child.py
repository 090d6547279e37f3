"""The process in which programs meet the course's tests.

It is started by `process`, in Python's isolated mode. It collects the tests
of a chapter, or of one exercise, and waits for orders. What it finds it says
on what was its standard error, in lines that start with a secret which it is
told before a program is imported; what a program prints goes elsewhere.
"""

import contextlib
import faulthandler
import gc
import importlib
import json
import logging
import os
import signal
import sys
from pathlib import Path

import pytest

from course import matrix, places
from course.chapters import Course
from course.check.fence import fence_in
from course.check.inquiry import inquiry

INI = Path(__file__).with_name("pytest.ini")
FORKS = hasattr(os, "fork") and sys.platform != "darwin"  # not safe there
MOST_TEXT = 8000
EVERY = "*"  # exercise of the chapter
leave = os._exit


def main(root, number, scratch, exercise="", *hidden):
    """Carry out the orders that come on standard input, one a line.

    `hidden` are folders with more tests, for which the rootdir is `tests`:
    so they have its fixtures, too.
    """
    stream = os.fdopen(os.dup(2), "w", encoding="utf-8", newline="\n")
    os.dup2(1, 2)
    report = Reporter(stream, json.loads(sys.stdin.readline())["secret"])
    faulthandler.enable(stream)
    be_brief()
    sys.path[0] = root
    for name in Course().program.PRELOAD:
        with contextlib.suppress(ImportError):  # of a chapter not begun
            importlib.import_module(name)
    kind = Apart if exercise == EVERY else Examiner
    examiner = kind(int(number), report)
    arguments = [
        *("-c", str(INI)),
        f"--rootdir={root}/tests",
        f"--confcutdir={root}/tests",  # look at no folder above
        f"--basetemp={scratch}/tmp",
        f"--exercise={exercise}" if exercise else f"--state={number}",
        *(*tests_of(root, int(number), exercise), *hidden),
    ]
    pytest.main(arguments, plugins=[examiner])
    if examiner.order:
        report("end")
        leave(0)


def be_brief():
    """Let errors be logged without traceback: they are told otherwise."""
    logging.basicConfig(format="%(message)s")
    logging.root.handlers[0].formatter.formatException = lambda error: ""


def tests_of(root, number, exercise):
    """The folders with the tests of the steps, or of the exercises.

    What later chapters bring is not even imported.
    """
    chapters = sorted(Path(root, "tests", "chapters").glob("[0-9]*"))
    folders = [path for path in chapters if int(path.name[:2]) <= number]
    if exercise:
        folders = [path / "exercises" for path in folders]
    return [str(folder) for folder in folders if folder.is_dir()]


class Reporter:
    """Writes what was found, a line of JSON each."""

    def __init__(self, stream, secret):
        self.stream, self.secret = stream, secret

    def __call__(self, event, **values):
        text = json.dumps({"event": event} | values)
        self.stream.write(f"{self.secret} {text}\n")
        self.stream.flush()


class Examiner:
    """A pytest plugin: one step after the other, and a time for each test."""

    def __init__(self, number, report):
        self.number, self.report = number, report
        self.order, self.pid, self.closed = None, None, False
        self.failed, self.seen, self.done = set(), set(), 0
        self.found, self.again = None, False
        self.start, self.ahead, self.stuck = None, None, None

    def pytest_collection_modifyitems(self, items):
        """Keep the steps up to this chapter, its own before the earlier.

        Called after the matrix's own hook: plugins come last.
        """
        own, earlier = [], []
        for item in sorted(items, key=step_of):
            chapter = step_of(item).chapter
            own += [item] if chapter == self.number else []
            earlier += [item] if chapter < self.number else []
        items[:] = own + earlier

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """Wait for an order, and let pytest run the tests in its process."""
        gc.freeze()
        self.order = self.next_order()
        if self.order is None:
            return True
        first = tuple(self.order["first"] or ())
        session.items[:] = [i for i in session.items if step_of(i) >= first]
        self.put_ahead(session.items)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(self.order["program"])
        session.config.option.workspace = self.order["program"]
        os._exit = self.told_exit
        self.report("planned", steps=planned(session.items), pid=self.pid)
        return None

    def put_ahead(self, items):
        """Let one step of the chapter begin, if the order names one."""
        self.start = step_of(items[0]) if items else None
        ahead = tuple(self.order.get("ahead") or ())
        if ahead and self.start < ahead:
            self.ahead = ahead
            items.sort(key=lambda item: step_of(item) != ahead)

    def next_order(self):
        """The next order, in a child of this process where it can fork."""
        while line := sys.stdin.readline():
            child = os.fork() if FORKS else 0
            if not child:
                if FORKS:
                    os.setsid()
                self.pid = os.getpid()
                fence_in()
                return json.loads(line)
            os.waitpid(child, 0)
            with contextlib.suppress(OSError):
                os.killpg(child, signal.SIGKILL)
            os.write(1, self.report.secret.encode())
            self.report("gone")
        return None

    def is_own(self, item):
        return step_of(item).chapter == self.number

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):
        """Give each test its time; whoever is late ends this process."""
        self.report("test", step=str(step_of(item)), test=item.originalname)
        faulthandler.dump_traceback_later(
            self.order["limit"], exit=True, file=self.report.stream
        )
        if self.passed_over(item):
            item.setup = item.runtest = lambda: None
        self.found = None
        result = yield
        if self.found:
            self.look_into(item, nextitem, *self.found)
        faulthandler.cancel_dump_traceback_later()
        return result

    def passed_over(self, item):
        """One example of a failing test is enough, and one failing step.

        So is an exercise that was worked, and retires the test; and one
        example of what earlier chapters brought, where the order is brief.
        """
        over = self.is_over(item)
        retired = {slug for slug, _ in matrix.retired_by_exercises(item)}
        over |= not retired.isdisjoint(self.order.get("worked", ()))
        if self.order.get("brief") and not self.is_own(item):
            over |= item.originalname in self.seen
            self.seen.add(item.originalname)
        return over or item.originalname in self.failed

    def is_over(self, item):
        """Whether nothing is asked of an item's step any more."""
        stuck = self.stuck and step_of(item) >= self.stuck
        return self.is_own(item) and bool(self.closed or stuck)

    def pytest_runtest_makereport(self, item, call):
        item.repr_failure = lambda excinfo: ""  # it is told otherwise
        if call.excinfo and not self.found and not self.again:
            self.found = self.failure(item, call.excinfo.value)

    def failure(self, item, error):
        """What is told of a failed test, and the error itself."""
        name, program = item.originalname, self.order["program"]
        step = step_of(item)
        if type(error).__name__ == "DoesNotStart":
            step = self.start
            name, item.session.shouldstop = "the_program_starts", "no need"
        message = f"The program raised {places.told(error, program)}"
        if isinstance(error, AssertionError):
            message = str(error)
        self.failed.add(name)
        told = {
            "step": str(step),
            "test": name,
            "message": message[:MOST_TEXT],
            "trace": places.own_trace(error, program)[-MOST_TEXT:],
        }
        return told, error

    def look_into(self, item, nextitem, told, error):
        """Tell of a failed test, with what its second run shows."""
        self.again = True
        found = inquiry(item, nextitem, error, self.order["program"])
        self.again = False
        self.report("failed", **told, **found)

    def pytest_runtest_teardown(self, item, nextitem):
        step = step_of(item)
        last = nextitem is None or step_of(nextitem) != step
        if self.again or self.is_over(item):
            return
        if self.failed and (last or len(self.failed) >= self.order["most"]):
            self.close(item)
        elif last:
            self.done += 1
            self.report("done", step=str(step))

    def close(self, item):
        """Enough has failed; look at what was before it, or stop."""
        if step_of(item) == self.ahead:
            self.stuck, self.failed = self.ahead, set()
            return
        last = self.stuck and not self.is_own(item)
        if self.closed or last or not self.done or self.order["first"]:
            item.session.shouldstop = "enough"
        self.closed, self.failed = True, set()

    def pytest_keyboard_interrupt(self, excinfo):
        place = places.place_of(excinfo.value, self.order["program"])
        self.report("exit", place=place)

    def told_exit(self, status=0):
        """Say where the program ends this process, in place of os._exit."""
        self.report("exit", place=places.here(self.order["program"]))
        leave(status)

    def pytest_internalerror(self, excrepr, excinfo):
        self.report("broken", trace=str(excrepr))

    def pytest_collectreport(self, report):
        if report.failed:
            self.report("broken", trace=str(report.longrepr))


class Apart(Examiner):
    """Each exercise of the chapter by itself, without why it fails."""

    def pytest_collection_modifyitems(self, items):
        own = [item for item in items if self.is_own(item)]
        items[:] = sorted(own, key=step_of)
        self.lacking = set()

    def passed_over(self, item):
        return step_of(item) in self.lacking

    def failure(self, item, error):
        self.lacking.add(step_of(item))
        return super().failure(item, error)

    def look_into(self, item, nextitem, told, error):
        self.report("failed", **told)

    def pytest_runtest_teardown(self, item, nextitem):
        step = step_of(item)
        last = nextitem is None or step_of(nextitem) != step
        if last and step not in self.lacking:
            self.report("done", step=str(step))


def planned(items):
    """The names of the tests of each step."""
    steps = {}
    for item in items:
        names = steps.setdefault(str(step_of(item)), [])
        names += [item.originalname] if item.originalname not in names else []
    return steps


def step_of(item):
    """The state of the step that a test is checked with.

    For the check of an exercise it is the exercise's number.
    """
    mark = matrix.mark_of(item)
    step = matrix.step_named(item.config.stash[matrix.COURSE], mark)
    return step.number if mark.name == "exercise" else step.state
