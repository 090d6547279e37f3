"""The pytest plugin that takes a workspace's program through the steps."""

import faulthandler
import traceback
from pathlib import Path

import pytest

from course import places
from course.matrix import COURSE, mark_of

MOST_TEXT = 8000


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
        chapter = step_of(item).chapter
        if self.order["own"]:
            return chapter == self.order["chapter"]
        return chapter < self.order["chapter"]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):
        """Give each test its time; whoever is late ends this process."""
        self.report("test", step=str(step_of(item)), test=item.originalname)
        faulthandler.dump_traceback_later(
            self.order["limit"], exit=True, file=self.report.stream
        )
        if item.originalname in self.failed:
            item.setup = item.runtest = lambda: None  # one example is enough
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


def step_of(item):
    """The state of the step that a test is checked with."""
    mark = mark_of(item)
    course = item.config.stash[COURSE]
    return course.state(mark.kwargs.get("belongs", mark.args[0]))
