"""A program's shell, on the database that it is served with."""

import contextlib
import os
import subprocess
import sys

from .databases import place_of
from .loading import application
from .states import States
from .student.run import started
from .student.workspaces import Workspaces


def open_shell(course, state=None):
    """Open a shell on a state, or on the workspace worked on last.

    Returns its exit status.
    """
    if state is None:
        return open_own(course, Workspaces(course).chosen())
    place = place_of(course, course.steps[state].slug)
    with course.program.services(course, state) as extra:
        application(course, state, place, extra)
        return call(course, place, States(course).program(state))


def open_own(course, workspace):
    place = place_of(course, workspace.shown)
    last = workspace.chapter.last
    with (
        contextlib.chdir(workspace.folder),
        course.program.services(course, last) as extra,
    ):
        started(course, workspace, place, extra)
        return call(course, place, workspace.folder)


def call(course, place, folder):
    return subprocess.call(
        [sys.executable, *course.program.SHELL],
        cwd=folder,
        env=os.environ | course.program.environment(place),
    )
