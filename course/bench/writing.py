"""How soon states and history are written from pages."""

from course.chapters import Course
from course.states import States

from .courses import answer, copied, seconds


def building():
    with copied() as course:
        return seconds(build, course)


def reusing():
    """To find that all states are built."""
    with copied() as course:
        build(course)
        return seconds(build, Course(course.root))


def build(course):
    states = States(course)
    for state in course.states:
        states.folder(state)


def exporting():
    with copied() as course:
        return seconds(answer, course, "history")


def amending():
    """A label in the first step, through all chapters and build/history."""
    with copied() as course:
        answer(course, "history")
        folder = course.chapters[0].folder / "microblog" / "templates"
        page = (folder / "base.html").read_text(encoding="utf-8")
        label = page.replace(">Microblog</a>", ">My blog</a>").encode()
        (folder / "base.html").write_bytes(label)
        value = seconds(answer, course, "amend", "1.1", "--no-tests")
        assert "My blog" in course.steps[course.states[1]].text
        return value
