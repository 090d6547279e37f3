"""A program's shell, on the database that it is served with."""

import os
import subprocess
import sys

from .chapters import ROOT
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
        workspace = Workspaces(course).chosen()
        with started(workspace) as (_, place):
            return call(course, place, workspace.folder)
    place = place_of(course, course.steps[state].slug)
    with course.program.services(course, state) as extra:
        application(course, state, place, extra)
        return call(course, place, States(course).program(state))


def call(course, place, folder):
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {"PYTHONPATH": os.pathsep.join(path)}
    return subprocess.call(
        [sys.executable, *course.program.SHELL],
        cwd=folder,
        env=os.environ | own | course.program.environment(place),
    )
