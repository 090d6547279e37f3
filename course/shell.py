"""A state's `flask shell`, on the database that `make chapter` uses."""

import os
import subprocess
import sys

from .databases import database_of
from .states import States


def open_shell(course, state):
    """Open Flask's shell on a state; return its exit status."""
    database = database_of(course, state)
    return subprocess.call(
        [sys.executable, "-m", "flask", "--app", "microblog", "shell"],
        cwd=States(course).program(state),
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database.as_posix()}"},
    )
