"""How long a student waits for `make check`, and for `--watch`."""

import time
from statistics import median

from course.chapters import Course

from .courses import answer, seconds, typed, workspace

ROUNDS = 5
TOLD = "Waiting for the next save"


def finished():
    """The slowest of the finished chapters."""
    return max(checked(c, c.last) for c in Course().chapters)


def first_step():
    """The slowest of the chapters that were only started."""
    course = Course()
    firsts = [(c, course.before(c.steps[0].state)) for c in course.chapters]
    return max(checked(*first) for first in firsts)


def checked(chapter, state):
    with workspace(chapter, state) as course:
        words = ("check", str(chapter.number))
        return median(seconds(answer, course, *words) for _ in range(ROUNDS))


def saved():
    """From a save that breaks a finished chapter to the answer."""
    last = Course().chapters[-1]
    with workspace(last, last.last) as course:
        return median(answers_to_saves(course))


def answers_to_saves(course):
    file = min((course.root / "work").rglob("routes.py"))
    right = file.read_text(encoding="utf-8")
    with typed(course, "check", "--watch") as process:
        wait_for(process, TOLD)
        for _ in range(ROUNDS):
            time.sleep(2)  # the person reads, and the next process warms up
            file.write_text(f"{right}x = (\n", encoding="utf-8")
            yield seconds(wait_for, process, "SyntaxError")
            wait_for(process, TOLD)
            file.write_text(right, encoding="utf-8")
            wait_for(process, TOLD)


def wait_for(process, words):
    if not any(words in line for line in process.stdout):
        raise RuntimeError(f"the command ended before it said “{words}”")
