"""How long a student waits for `make check`, and for `--watch`."""

import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from course.chapters import ROOT, Course
from course.states import States

from .starting import copied_course

ROUNDS = 5
TOLD = "Waiting for the next save"
TYPED = """
import sys
from course import chapters, cli
root = sys.argv[1]
cli.Course = type(
    "Own", (chapters.Course,), {"__init__": lambda self: setattr(
        self, "root", chapters.Path(root))})
cli.main(sys.argv[2:])
"""


def finished():
    """The slowest of the finished chapters."""
    slowest = max(
        seconds_to_check(str(chapter.number), chapter.last)
        for chapter in Course().chapters
    )
    return "`make check` on a finished chapter", slowest, "at most", 3, "s"


def first_step():
    """The slowest of the chapters that were only started."""
    course = Course()
    slowest = max(
        seconds_to_check(
            str(chapter.number), course.before(chapter.steps[0].state)
        )
        for chapter in course.chapters
    )
    what = "`make check` that fails at the first step"
    return what, slowest, "at most", 1, "s"


def saved():
    """From a save that breaks a finished chapter to the answer."""
    with workspace(Course().chapters[-1].last) as folder:
        seconds = list(answers_to_saves(folder))
    what = "`check --watch`, from a save that breaks the program"
    return what, median(seconds), "at most", 1, "s"


def answers_to_saves(folder):
    (routes,) = (folder / "work").rglob("routes.py")
    right = routes.read_text(encoding="utf-8")
    with typed(folder, "check", "--watch") as process:
        wait_for(process, TOLD)
        for _ in range(ROUNDS):
            time.sleep(2)  # the person reads, and the next process warms up
            start = time.perf_counter()
            routes.write_text(f"{right}x = (\n", encoding="utf-8")
            wait_for(process, "SyntaxError")
            yield time.perf_counter() - start
            wait_for(process, TOLD)
            routes.write_text(right, encoding="utf-8")
            wait_for(process, TOLD)


def seconds_to_check(number, state):
    with workspace(state, number) as folder:
        return median(timed(folder, number) for _ in range(ROUNDS))


def timed(folder, number):
    start = time.perf_counter()
    with typed(folder, "check", number) as process:
        process.stdout.read()
    return time.perf_counter() - start


@contextmanager
def workspace(state, number=None):
    """A folder with the course and one workspace, which holds a state."""
    states = States(Course())
    chapter = Course().chapter(int(number or state.chapter))
    with tempfile.TemporaryDirectory() as folder:
        copied_course(folder)
        own = Path(folder, "work", chapter.folder.name)
        if state.chapter:
            left = shutil.ignore_patterns("instance", "__pycache__")
            shutil.copytree(states.folder(state), own, ignore=left)
        else:
            own.mkdir(parents=True)
        yield Path(folder)


@contextmanager
def typed(folder, *words):
    """A command of the course, run on that folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", TYPED, str(folder), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(process, words):
    for line in process.stdout:
        if words in line:
            return
    raise RuntimeError(f"the command ended before it said “{words}”")
