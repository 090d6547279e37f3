"""The tests, run for every state or for one."""

import subprocess
import sys


def run_tests(course, state=None, options=()):
    """Run pytest on all, or on what one state must do; return its status."""
    command = [sys.executable, "-m", "pytest", "-n", "auto", *options]
    if state:
        command += ["--dist", "loadgroup", "--state", str(course.state(state))]
    else:
        command += ["--dist", "worksteal"]
    return subprocess.call(command, cwd=course.root)
