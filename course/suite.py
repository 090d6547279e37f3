"""The tests, run for the whole course or for one state."""

import os
import subprocess
import sys

WORKERS = (os.cpu_count() or 1) + 1  # some of them wait, now and then
OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # tests call make themselves


def run_tests(course, state=None, options=(), python=sys.executable):
    """Run pytest on all, or on what one state must do; return its status.

    With ALL=1 in the environment, tests run on every state from their step on.
    """
    words = [python, "-m", "pytest", "--dist", "worksteal"]
    if state is None:
        words += ["-n", str(WORKERS)]
    else:  # each worker takes as long to start as many of these tests
        words += ["-n", "2"]
        words += ["--state", str(course.state(str(state))), "tests"]
    kept = {k: v for k, v in os.environ.items() if k not in OF_MAKE}
    return subprocess.call([*words, *options], cwd=course.root, env=kept)
