"""Courses in a folder of their own, and workspaces to check in them."""

import contextlib
import ctypes
import functools
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from course.chapters import ROOT, Course
from course.check import fence
from course.check.examination import check
from course.check.process import Runner
from course.states import States
from course.student.workspaces import Workspace

from ..sampling import part
from .small import small_course

CHAPTERS = ROOT / "tests" / "chapters"
MISTAKES = part(sorted(CHAPTERS.glob("*/mistakes/*.patch")), 10)
VARIANTS = part(sorted(CHAPTERS.glob("*/variants/*.patch")), 10)


def at(slug):
    """The state of the real course after the step of that slug."""
    return Course().state(slug)


def before(slug):
    """The state of the real course that the step of that slug starts from."""
    return Course().before(at(slug))


def after(slug):
    """The step that follows, in its chapter, on the one of that slug."""
    state = at(slug)
    return Course().chapter(state.chapter).steps[state.step]


@pytest.fixture(scope="session")
def copy_of(tmp_path_factory):
    """A function: write a copy of what `make` makes in a folder, once."""

    @functools.cache
    def made(make):
        make(folder := tmp_path_factory.mktemp(make.__name__))
        return folder

    def copy_of(make, root):
        shutil.copytree(made(make), root, dirs_exist_ok=True)
        return Course(root)

    return copy_of


@pytest.fixture
def small(copy_of, tmp_path):
    """A course of three steps, in a few lines."""
    return copy_of(small_course, tmp_path)


@pytest.fixture
def real(tmp_path):
    """A copy of the whole course."""
    shutil.copytree(
        Course().root / "chapters",
        tmp_path / "chapters",
        ignore=shutil.ignore_patterns("instance", "__pycache__"),
    )
    return Course(tmp_path)


@pytest.fixture(scope="session")
def states():
    """The states of the real course."""
    return States(Course())


@pytest.fixture
def own_course(tmp_path):
    """The course in another folder, with work of its own."""
    shutil.copytree(ROOT / "chapters", tmp_path / "chapters")
    States(Course()).trees  # noqa: B018  built once, for all copies
    repository = tmp_path / "build" / "states.git"
    shutil.copytree(ROOT / "build" / "states.git", repository)
    return Course(tmp_path)


@pytest.fixture
def make_workspace(tmp_path, states):
    """Return the workspace of a state's chapter, holding that state.

    With a patch, it is changed by it.
    """

    def make(text, patch=None):
        state = states.course.state(text)
        chapter = states.course.chapter(state.chapter)
        folder = tmp_path / "work" / chapter.folder.name
        copy_program(states.folder(state), folder)
        if patch:
            apply(patch, folder)
        return Workspace(states.course, chapter, folder)

    return make


def copy_program(folder, target):
    """Copy a state's files, without what running it has left there."""
    left = shutil.ignore_patterns("instance", "__pycache__")
    shutil.copytree(folder, target, ignore=left, dirs_exist_ok=True)


def apply(patch, folder):
    done = subprocess.run(
        ["git", "apply", "-C1", str(patch)],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
    )
    assert not done.returncode, f"{patch.name}: {done.stderr}"


def can_leave_the_network():
    """Whether this system lets a process of anybody's leave the network."""
    flag = fence.NEWNET | (fence.NEWUSER if os.getuid() else 0)
    child = os.fork()
    if not child:
        os._exit(ctypes.CDLL(None).unshare(flag) != 0)
    return os.waitpid(child, 0)[1] == 0


@pytest.fixture(scope="session")
def runner_of():
    """A function: the process that checks a chapter, of the real course."""
    with contextlib.ExitStack() as running:

        @functools.cache
        def runner_of(number, course=Course()):  # noqa: B008
            return running.enter_context(Runner(course, number))

        yield runner_of


@pytest.fixture
def checked(runner_of):
    """Check a workspace."""

    def checked(workspace, limit=20, **options):
        runner = runner_of(workspace.chapter.number)
        return check(workspace, **{"limit": limit, "runner": runner} | options)

    return checked


def contents_of(folder):
    """Every entry below a folder, by path: bytes, mode or target of a link."""
    found = {}
    for path in Path(folder).rglob("*"):
        name = os.fsencode(path.relative_to(folder))
        if path.is_symlink():
            found[name] = os.readlink(path)
        elif path.is_file():
            found[name] = (path.stat().st_mode, readable(path))
        else:
            found[name] = "folder"
    return found


def readable(path):
    try:
        return path.read_bytes()
    except PermissionError:
        return None
