"""The tests, run for every state or for one."""

import subprocess
import sys


def run_tests(course, state=None, options=()):
    """Run pytest on all, or on what one state must do; return its status."""
    command = [sys.executable, "-m", "pytest", "-n", "auto", *options]
    if state:
        command += ["--dist", "loadgroup", "--state", str(course.state(state))]
        command += map(str, tests_of_states(course))
    else:
        command += ["--dist", "worksteal"]
    return subprocess.call(command, cwd=course.root)


def tests_of_states(course):
    """The files with tests that say from which state on they hold."""
    for path in sorted((course.root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "@pytest.mark.since" in text or "@pytest.mark.holds_from" in text:
            yield path
