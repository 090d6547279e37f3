"""The list of the names that are fixed, where learners are told of them."""

import re

from course.chapters import Course
from tests.chapters.people import SUSAN

COURSE = Course()
HEADING = "## What has to have its name"


def listed():
    (page,) = COURSE.primers
    text = page.read_text(encoding="utf-8").partition(HEADING)[2]
    table = re.findall(r"^\|.+\|$", text, re.MULTILINE)
    rows = [re.findall(r"`([^`]+)`", row) for row in table]
    return {name for row in rows for name in row} - {"User"}


def test_what_the_checks_of_the_steps_type_and_open_is_listed():
    chapters = COURSE.root / "tests" / "chapters"
    opened = set()
    for path in chapters.glob("0[1-3]-*/test_*.py"):
        text = path.read_text(encoding="utf-8")
        calls = r"visitor\.(?:see|open|send|post)\(\s*\"(/\w*)[\"?]"
        opened |= set(re.findall(calls, text))
    asked = opened - {"/nothing", "/elsewhere"} | set(SUSAN.registration)
    assert asked <= listed()


def test_every_name_that_is_listed_is_one_of_the_courses_own():
    last = COURSE.chapters[-1].folder
    code = "".join(
        path.read_text(encoding="utf-8") for path in last.rglob("*.py")
    )
    own = {n for n in listed() if re.search(rf"(?<!\w){n}(?!\w)", code)}
    assert listed() == own
