"""The change between two states, shown by git."""

import os
import subprocess

from .states import States


def show_diff(course, first, second, stat=False):
    """Show the change as a person's own git shows one; return its status.

    Git colours and pages it on a terminal, and leaves it plain in a pipe.
    """
    states = States(course)
    trees = [states.trees[state] for state in (first, second)]
    options = ["--stat"] if stat else ["--color-moved"]
    environment = os.environ | {"GIT_DIR": str(states.repository)}
    plain = ["git", "-c", "core.quotePath=false"]
    return subprocess.call([*plain, "diff", *options, *trees], env=environment)
