"""The tests, run for every state or for one."""

import subprocess
import sys


def run_tests(course, state=None, options=()):
    """Run pytest on all, or on what one state must do; return its status."""
    both_cores = ["-n", "auto", "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", *both_cores, *options]
    if state:
        command += ["--state", str(course.state(state))]
    return subprocess.call(command, cwd=course.root)
