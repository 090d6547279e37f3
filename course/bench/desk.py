"""How soon the desk says what a save brought."""

import contextlib
import os
import time
from statistics import median

from ..chapters import Course
from ..desk.work import Work
from ..serving import listening
from ..states import States
from .courses import copied

CHAPTERS = (1, 2, 6)
ROUNDS = 3
PAUSE = 3  # the person reads, and the next process warms up


def missing_still():
    """From a save in a chapter's last step to what it lacks still."""
    return max(median(rounds(number, saved)) for number in CHAPTERS)


def missing_no_longer():
    """From the save that ends a chapter to its first good word."""
    return max(median(rounds(number, mended)) for number in CHAPTERS)


def rounds(number, act):
    """The seconds of each round, at a desk of a chapter, but its last step."""
    course = Course()
    last = course.chapter(number).last
    with at_the_desk(course.before(last)) as work:
        for _ in range(ROUNDS):
            time.sleep(PAUSE)
            yield act(work, last)
            wait_for(work, lambda: is_quiet(work))
            if not work.outcome.here:
                write(work, course.before(last))
                wait_for(work, lambda: is_quiet(work) and work.outcome.here)


@contextlib.contextmanager
def at_the_desk(state):
    """The Work at a desk with a program; what the program says is not told."""
    chapter = Course().chapter(state.chapter)
    with contextlib.ExitStack() as stack:
        course = stack.enter_context(copied(chapter, state))
        stack.enter_context(silence())
        work = Work(course, stack.enter_context(listening(0, quiet=True)))
        stack.callback(work.end)
        work.open(chapter.number)
        wait_for(work, lambda: is_quiet(work))
        yield work


@contextlib.contextmanager
def silence():
    """Let processes that are started say nothing."""
    kept = os.dup(1)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def saved(work, last):
    before = work.outcome
    file = min(work.workspace.folder.rglob("routes.py"))
    file.write_text(f"{file.read_text('utf-8')}# saved\n", encoding="utf-8")
    return wait_for(work, lambda: work.outcome is not before)


def mended(work, last):
    write(work, last)
    return wait_for(work, lambda: work.holds or not work.outcome.here)


def write(work, state):
    states = States(Course())
    states.write_files(states.trees[state], work.workspace.folder)


def is_quiet(work):
    return work.outcome and not work.checking


def wait_for(work, known, patience=120):
    """The seconds until something is known. Raises TimeoutError."""
    begin = time.monotonic()
    while time.monotonic() < begin + patience:
        version = work.version
        if known():
            return time.monotonic() - begin
        work.wait(version, 1)
    raise TimeoutError(f"the desk said nothing for {patience} seconds")
