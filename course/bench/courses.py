"""Copies of the course, and commands that are typed in them."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager

from ..chapters import ROOT, Course
from ..states import States


@contextmanager
def copied(chapter=None, state=None):
    """The chapters and their tests in a folder, of which nothing was built.

    A workspace of a chapter can be in it, which holds a state.
    """
    with tempfile.TemporaryDirectory() as folder:
        course = Course(folder)
        for name in ("chapters", "tests"):
            left = shutil.ignore_patterns("instance", "__pycache__")
            shutil.copytree(ROOT / name, course.root / name, ignore=left)
        if chapter:
            own = course.root / "work" / chapter.folder.name
            states = States(Course())
            states.write_files(states.trees[state], own)
        yield course


@contextmanager
def started(words, folder, **environment):
    """`python -m` with these words, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=os.environ | {"MAKELEVEL": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def typed(course, *words):
    """A command that runs in a course."""
    return started(["course", *words], ROOT, COURSE_ROOT=str(course.root))


def answer(course, *words):
    """Wait for a command; raise RuntimeError where it did not succeed."""
    with typed(course, *words) as process:
        said = process.stdout.read()
        if process.wait():
            raise RuntimeError(said)
