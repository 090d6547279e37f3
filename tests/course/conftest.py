"""Courses in a folder of their own, for the tests of the tool."""

import shutil

import pytest

from course.chapters import Course

from .small import small_course


@pytest.fixture
def small(tmp_path):
    """A course of three steps, in a few lines."""
    return small_course(tmp_path)


@pytest.fixture
def real(tmp_path):
    """A copy of the whole course."""
    shutil.copytree(
        Course().root / "chapters",
        tmp_path / "chapters",
        ignore=shutil.ignore_patterns("instance", "__pycache__"),
    )
    return Course(tmp_path)
