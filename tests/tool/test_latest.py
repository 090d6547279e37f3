"""The snapshots with the newest releases: what is said of them."""

import sys

import pytest

from course.author import latest
from course.chapters import Course
from course.errors import CourseError

COURSE = Course()


def test_all_that_is_required_is_asked_for_without_bounds():
    names = latest.names_of(COURSE)
    assert {"Flask", "WTForms[email]", "pytest", "playwright"} <= set(names)
    assert not [name for name in names if set("~=<>") & set(name)]


def test_what_is_newer_than_locked_is_listed():
    installed = {"flask": "99.1", "unknown": "1.0"}
    (line,) = latest.newer_than_locked(COURSE, installed)
    assert line.startswith("  flask 3.")
    assert line.endswith(" -> 99.1")


def test_the_chapter_that_broke_is_named(monkeypatch, capsys):
    broken = COURSE.chapters[0]

    def run_tests(course, state, options, python):
        return state == broken.last

    monkeypatch.setattr(latest, "make_environment", lambda f: sys.executable)
    monkeypatch.setattr(latest, "install", lambda python, names: None)
    monkeypatch.setattr(latest, "run_tests", run_tests)
    assert latest.run_latest(COURSE) == 1
    said = capsys.readouterr().out.splitlines()[-len(COURSE.chapters) :]
    assert said == [
        f"chapter {c.number}, {c.name}: "
        + ("BROKE, see above" if c is broken else "passes")
        for c in COURSE.chapters
    ]


def test_packages_that_cannot_be_had_are_said():
    with pytest.raises(CourseError, match="could not be installed together"):
        latest.install(sys.executable, ["./no-such-folder"])
