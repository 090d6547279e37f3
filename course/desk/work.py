"""What goes on at the desk: the workspace is checked and run at each save."""

import threading
from contextlib import ExitStack, suppress

from ..check.examination import Stale, check, runner_for
from ..errors import CourseError
from ..serving import address_of
from ..student.hints import hints_so_far, next_hint
from ..student.live import Live
from ..student.milestones import checked
from ..student.run import services
from ..student.start import start
from ..student.watch import saves, times_of
from ..student.workspaces import Workspaces
from .needs import install


class Work:
    """A workspace at the desk, and what was found out about it.

    `version` grows with all that a page may show; `built` are the steps done
    since the desk was opened, in order. While it is `checking` what was saved,
    the outcome is what is known so far, and `holds` the step that nothing is
    missing at any more. An `exercise` can be what each save is checked for;
    `answer` is then its Outcome.
    """

    def __init__(self, course, server):
        self.course, self.server = course, server
        self.workspaces = Workspaces(course)
        self.news = threading.Condition()
        self.version, self.workspace, self.outcome = 0, None, None
        self.built, self.trouble, self.program = [], "", None
        self.checking, self.holds, self.ahead = False, None, None
        self.known, self.exercise, self.answer = None, None, None
        self.stopped, self.thread = threading.Event(), None
        self.ended = False

    @property
    def address(self):
        return address_of(self.server)

    @property
    def step(self):
        """The step to work on; None when the chapter is done."""
        if self.outcome is None:
            return self.workspace.chapter.steps[0]
        return self.course.steps.get(self.outcome.here)

    def open(self, number):
        """Put a chapter's workspace on the desk; it is started if need be.

        Raises CourseError where it cannot be.
        """
        self.close()
        self.workspace = self.workspaces.of(number)
        if not self.workspace.exists:
            start(self.course, number)
            install(self.course)
        self.outcome, self.ahead, self.known = None, None, None
        self.begin()

    def take_up(self, exercise):
        """Check an exercise at each save; with None, the steps again."""
        chapter = exercise and exercise.state.chapter
        if chapter not in (None, self.workspace.chapter.number):
            self.open(chapter)
        self.close()
        self.begin(exercise)

    def begin(self, exercise=None):
        self.exercise, self.answer, self.built = exercise, None, []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.go_on, daemon=True)
        self.thread.start()

    def end(self):
        """Close, and let those who wait for news go."""
        self.ended = True
        self.close()
        self.tell()

    def close(self):
        self.stopped.set()
        if self.thread:
            self.thread.join()
        self.thread = None

    def go_on(self):
        """Check and run the program now and after each save, until stopped."""
        workspace, stopped = self.workspace, self.stopped
        try:
            with ExitStack() as stack:
                runner = stack.enter_context(
                    runner_for(workspace, self.exercise)
                )
                extra = stack.enter_context(services(workspace))
                known = (self.server.socket, extra, self.address)
                self.program = stack.enter_context(Live(workspace, *known))
                for names in saves(workspace, stopped, lambda: self.checking):
                    if names or not self.program.process:
                        self.program.start(names)
                    with suppress(Stale):
                        self.look_at(workspace, runner)
                    runner.warm()
        except (CourseError, OSError, RuntimeError) as error:
            self.trouble, self.checking = str(error), False
            self.tell()

    def look_at(self, workspace, runner):
        """Check what was saved, for the exercise or for the steps."""
        self.checking, self.holds = True, None
        self.tell()
        known, stopped = times_of(workspace), self.stopped
        how = {
            "runner": runner,
            "stale": lambda: stopped.is_set() or times_of(workspace) != known,
        }
        if self.exercise:
            how["exercise"] = self.exercise
            self.answer, self.checking = check(workspace, **how), False
            self.tell()
        else:
            self.take(self.checked(workspace, **how))

    def checked(self, workspace, **how):
        """The Outcome of a check, which begins with what failed last."""
        how |= {"ahead": self.ahead, "seen": self.glimpse}
        outcome = checked(workspace, **how)
        self.ahead = outcome.here and (
            outcome.failing() or self.ahead or outcome.here
        )
        return outcome

    def glimpse(self, outcome):
        """Take in what a check has found so far."""
        if outcome.here and self.outcome:
            outcome.done = self.outcome.done
        if outcome.here:
            self.outcome = outcome
        elif self.outcome:
            self.holds = self.course.steps[outcome.done[-1]]
        self.tell()

    def take(self, outcome):
        """Take an Outcome in, with the steps that it is the first to pass."""
        self.checking, self.holds = False, None
        done = outcome.passed(self.workspace.chapter)
        before = done if self.known is None else self.known
        self.built = [step for step in done if step not in before]
        self.known = [*before, *self.built]
        self.outcome, self.trouble = outcome, ""
        self.tell()

    def tell(self):
        with self.news:
            self.version += 1
            self.news.notify_all()

    def wait(self, version, seconds):
        """The version, once it is another one, or when the time is over."""
        with self.news:
            self.news.wait_for(lambda: self.version != version, seconds)
            return self.version

    def hints(self):
        """The hints given so far for what fails now."""
        if self.outcome is None or self.step is None:
            return []
        return hints_so_far(self.workspace, self.outcome)

    def hint(self):
        """Give one more hint."""
        if self.outcome and self.step:
            next_hint(self.workspace, self.outcome)
            self.tell()
