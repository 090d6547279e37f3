"""Each line of `tests/standards.toml` leads to a test or to a chapter."""

import ast
from functools import cache

import pytest

from course.book.standards import Standards
from course.chapters import Course

COURSE = Course()
STANDARDS = Standards(COURSE)
each_asked = pytest.mark.parametrize(
    "asked", STANDARDS.asked, ids=lambda asked: f"{asked.of} {asked.id}"
)


@cache
def names_in(path):
    """The names of the tests in a file of the repository."""
    file = COURSE.root / path
    tree = ast.parse(file.read_text("utf-8") if file.is_file() else "")
    found = [n.name for n in tree.body if isinstance(n, ast.FunctionDef)]
    return [name for name in found if name.startswith("test_")]


@each_asked
def test_what_is_asked_has_a_test_or_a_chapter(asked):
    assert asked.tests or asked.chapter
    assert asked.of in STANDARDS.links


@each_asked
def test_a_test_that_is_named_is_there(asked):
    for test in asked.tests:
        path, _, name = test.partition("::")
        assert name in names_in(path), f"there is no test {test}"


@each_asked
def test_a_chapter_that_is_named_is_still_to_come(asked):
    """Once it is written, its tests are what is named."""
    if asked.chapter:
        assert asked.chapter in STANDARDS.chapters
        assert asked.chapter > COURSE.chapters[-1].number


def test_nothing_is_asked_twice():
    names = [(asked.of, asked.id) for asked in STANDARDS.asked]
    assert len({*names}) == len(names)


def test_a_chapter_to_come_is_not_there_yet():
    there = {chapter.number for chapter in COURSE.chapters}
    assert not there.intersection(STANDARDS.chapters)


def test_a_course_without_the_file_asks_for_nothing(small):
    assert Standards(small).asked == []
