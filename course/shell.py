"""A state's shell, on the database that `make chapter` uses."""

import os
import subprocess
import sys

from .databases import place_of
from .loading import application
from .states import States


def open_shell(course, state):
    """Open a shell on a state and its people; return its exit status."""
    place, program = place_of(course, course.steps[state].slug), course.program
    with program.services(course, state) as extra:
        application(course, state, place, extra)
        return subprocess.call(
            [sys.executable, *program.SHELL],
            cwd=States(course).program(state),
            env=os.environ | program.environment(place),
        )
