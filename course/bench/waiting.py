"""How long a person waits for `make check`, `--watch` and other commands."""

import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from timeit import timeit

from ..chapters import Course
from ..states import States
from .courses import answer, copied, typed

ROUNDS = 5
seconds = partial(timeit, number=1)
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
    with copied(chapter, state) as course:
        words = ("check", str(chapter.number))
        return median(
            seconds(lambda: answer(course, *words)) for _ in range(ROUNDS)
        )


def saved():
    """From a save that breaks a finished chapter to the answer."""
    last = Course().chapters[-1]
    with copied(last, last.last) as course:
        return median(answers_to_saves(course))


def answers_to_saves(course):
    file = min((course.root / "work").rglob("routes.py"))
    right = file.read_text(encoding="utf-8")
    with typed(course, "check", "--watch") as process:
        wait_for(process, TOLD)
        for _ in range(ROUNDS):
            time.sleep(2)  # the person reads, and the next process warms up
            file.write_text(f"{right}x = (\n", encoding="utf-8")
            yield seconds(lambda: wait_for(process, "SyntaxError"))
            wait_for(process, TOLD)
            file.write_text(right, encoding="utf-8")
            wait_for(process, TOLD)


def wait_for(process, words):
    if not any(words in line for line in process.stdout):
        raise RuntimeError(f"the command ended before it said “{words}”")


def building():
    with copied() as course:
        return seconds(lambda: build(course))


def reusing():
    """To find that all states are built."""
    with copied() as course:
        build(course)
        return seconds(lambda: build(Course(course.root)))


def build(course):
    states = States(course)
    for state in course.states:
        states.folder(state)


def exporting():
    with copied() as course:
        return seconds(lambda: answer(course, "history"))


def amending():
    """A label in the first step, through all chapters and build/history."""
    with copied() as course:
        answer(course, "history")
        folder = course.chapters[0].folder / "microblog" / "templates"
        page = (folder / "base.html").read_text(encoding="utf-8")
        label = page.replace(">Microblog</a>", ">My blog</a>").encode()
        (folder / "base.html").write_bytes(label)
        words = ("amend", "1.1", "--no-tests")
        value = seconds(lambda: answer(course, *words))
        assert "My blog" in course.steps[course.states[1]].text
        return value


def a_class():
    """The slowest of the chapters, finished by thirty students."""
    return max(marked(chapter) for chapter in Course().chapters)


def marked(chapter, students=30):
    with copied() as course, tempfile.TemporaryDirectory() as folder:
        states = States(Course())
        for number in range(students):
            own = Path(folder, f"student-{number}", chapter.folder.name)
            states.write_files(states.trees[chapter.last], own)
        words = ("class", folder, str(chapter.number))
        return seconds(lambda: answer(course, *words))
