"""Copies of the course, and commands that are typed in them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

from course.chapters import ROOT, Course
from course.states import States

LEFT = shutil.ignore_patterns("instance", "__pycache__")


@contextmanager
def copied():
    """The chapters in a folder of their own, of which nothing was built."""
    with tempfile.TemporaryDirectory() as folder:
        course = Course(folder)
        source = ROOT / "chapters"
        shutil.copytree(source, course.root / "chapters", ignore=LEFT)
        yield course


@contextmanager
def workspace(chapter, state):
    """A copy with a workspace of a chapter, which holds a state."""
    with copied() as course:
        own = course.root / "work" / chapter.folder.name
        own.mkdir(parents=True)
        if state.chapter:
            program = States(course).folder(state)
            shutil.copytree(program, own, dirs_exist_ok=True)
        yield course


@contextmanager
def started(words, folder, stderr=None, **environment):
    """`python -m` with these words, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=stderr,
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


def seconds(action, *arguments):
    start = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - start


def answer(course, *words):
    """What a command prints, to its end."""
    with typed(course, *words) as process:
        return process.stdout.read()
