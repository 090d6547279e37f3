"""The process in which a workspace's program meets the course's tests.

It is started by `checking`, with Python's isolated mode, and says what it
finds on what was its standard error. Each of those lines starts with a
secret that it is told before the program is imported; what the program
prints goes elsewhere.
"""

import faulthandler
import importlib
import json
import os
import sys
import traceback
from pathlib import Path

import pytest

from course import places

ROOT = Path(__file__).resolve().parent.parent.parent
SLOW = ["bs4", "flask_login", "flask_sqlalchemy", "flask_wtf"]
MOST_TEXT = 8000
PLUGINS_OFF = ("terminal", "cacheprovider", "faulthandler")
OPTIONS = ["-o", "addopts=", "-s", *(f"-pno:{x}" for x in PLUGINS_OFF)]


def main():
    """Wait for an order on standard input, and carry it out."""
    reports = os.fdopen(os.dup(2), "w", encoding="utf-8", newline="\n")
    os.dup2(1, 2)
    warm_up()
    line = sys.stdin.readline()
    if not line:
        return
    order = json.loads(line)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    run(order, Reporter(reports, order["secret"]))


def warm_up():
    """Import what takes long, while nothing is asked for yet."""
    for name in SLOW:
        importlib.import_module(name)


class Reporter:
    """Writes what was found, a line of JSON each."""

    def __init__(self, stream, secret):
        self.stream, self.secret = stream, secret

    def __call__(self, event, **values):
        text = json.dumps({"event": event} | values)
        self.stream.write(f"{self.secret} {text}\n")
        self.stream.flush()


def run(order, report):
    program = Path(order["program"])
    os.chdir(ROOT)
    watch_the_exits(program, report)
    faulthandler.enable(report.stream)
    names = sorted(p.name for p in (ROOT / "tests").glob("test_0*.py"))
    files = [f"tests/{n}" for n in names if int(n[5:7]) <= order["chapter"]]
    arguments = [
        *OPTIONS,
        f"--workspace={program}",
        f"--state={order['chapter']}",
        f"--basetemp={order['scratch']}",
        *files,
    ]
    pytest.main(arguments, plugins=[Examiner(order, report)])
    report("end")


def watch_the_exits(program, report):
    """Say where the program ends this process, or removes its database."""
    leave = os._exit

    def told_exit(status=0):
        report("exit", place=caller(program))
        leave(status)

    def audited(event, arguments):
        if event == "os.remove" and str(arguments[0]).endswith(".db"):
            place = caller(program)
            if place:
                report("removed", place=place)

    os._exit = told_exit
    sys.addaudithook(audited)


def caller(program):
    """The line of the program that is being run, or None."""
    frames = traceback.extract_stack()
    return places.last_place(((f.filename, f.lineno) for f in frames), program)


class Examiner:
    """A pytest plugin: one step after the other, and a time for each test."""

    def __init__(self, order, report):
        self.order, self.report = order, report
        self.program = Path(order["program"])
        self.failed = set()

    def pytest_collection_modifyitems(self, session, config, items):
        """Keep the tests of the steps that were ordered, in their order.

        Called after the conftest's own hook: plugins come last.
        """
        wanted = [item for item in items if self.wanted(item)]
        items[:] = sorted(wanted, key=step_of)
        for item in items:
            name = item.originalname
            self.report("planned", step=str(step_of(item)), test=name)

    def wanted(self, item):
        mark = mark_of(item)
        own = step_of(item).chapter == self.order["chapter"]
        return own == self.order["own"] and "only" not in mark.kwargs

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):
        """Give each test its time; whoever is late ends this process."""
        self.report("test", step=str(step_of(item)), test=item.originalname)
        faulthandler.dump_traceback_later(
            self.order["limit"], exit=True, file=self.report.stream
        )
        result = yield
        faulthandler.cancel_dump_traceback_later()
        return result

    def pytest_runtest_makereport(self, item, call):
        if call.excinfo:
            self.tell(item, call.excinfo.value)

    def tell(self, item, error):
        name = item.originalname
        if type(error).__name__ == "DoesNotStart":
            name, item.session.shouldstop = "the_program_starts", "no need"
        self.failed.add(name)
        self.report(
            "failed",
            step=str(step_of(item)),
            test=name,
            message=self.message(error)[:MOST_TEXT],
            trace="".join(traceback.format_exception(error))[-MOST_TEXT:],
        )

    def message(self, error):
        if isinstance(error, AssertionError):
            return str(error)
        return f"The program raised {places.told(error, self.program)}"

    def pytest_runtest_teardown(self, item, nextitem):
        step = step_of(item)
        last = nextitem is None or step_of(nextitem) != step
        enough = last or len(self.failed) >= self.order["most"]
        if self.failed and enough:
            item.session.shouldstop = "enough"
        elif last:
            self.report("done", step=str(step))

    def pytest_keyboard_interrupt(self, excinfo):
        place = places.place_of(excinfo.value, self.program)
        self.report("exit", place=place)

    def pytest_internalerror(self, excrepr, excinfo):
        self.report("broken", trace=str(excrepr))

    def pytest_collectreport(self, report):
        if report.failed:
            self.report("broken", trace=str(report.longrepr))


def mark_of(item):
    since = item.get_closest_marker("since")
    return since or item.get_closest_marker("holds_from")


def step_of(item):
    from course.chapters import State

    mark = mark_of(item)
    text = mark.kwargs.get("belongs", mark.args[0])
    return State(*map(int, text.split(".")))
