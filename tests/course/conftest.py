"""A course in a folder of its own, and workspaces to check in it."""

import os
import shutil
from pathlib import Path

import pytest

from course.chapters import ROOT, Course
from course.loop.checking import check
from course.loop.runner import Runner
from course.loop.workspaces import Workspaces
from course.states import States


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
def make_workspace(own_course, states):
    """Return the workspace of a state's chapter, holding that state."""

    def make(text):
        state = own_course.state(text)
        workspace = Workspaces(own_course).of(state.chapter)
        shutil.copytree(states.folder(state), workspace.folder)
        return workspace

    return make


@pytest.fixture(scope="session")
def runner():
    """What starts a process for a check: quick where a system can fork."""
    if not hasattr(os, "fork"):
        return Runner
    from .forked import Nursery

    return Nursery()


@pytest.fixture
def checked(runner):
    """Check a workspace."""

    def checked(workspace, limit=20, **options):
        return check(workspace, limit=limit, runner=runner, **options)

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
