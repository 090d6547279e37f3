"""Two commands that write the same files take turns."""

import subprocess
import sys
from functools import partial

import pytest
from click.testing import CliRunner

from course.author import placement
from course.chapters import ROOT
from course.cli import main
from course.lock import Busy, alone
from course.states import States

HOLD = """
import sys
from course.lock import alone
with alone(sys.argv[1], "make amend 1.2"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_the_second_is_told_who_is_at_work(other, tmp_path, capsys):
    with (
        pytest.raises(Busy, match=r"make amend 1\.2 is at work here"),
        alone(tmp_path, "make adopt", patience=0.5),
    ):
        pytest.fail("both were in")
    assert "Waiting: make amend 1.2" in capsys.readouterr().err


def test_a_process_that_is_killed_lets_go(other, tmp_path):
    other.kill()
    other.wait()
    with alone(tmp_path, "make adopt", patience=0.5):
        pass


def test_a_block_inside_of_a_block_does_not_wait_for_itself(tmp_path):
    with alone(tmp_path, "outer"), alone(tmp_path, "inner", patience=0.5):
        pass


RACE = """
import sys
from course.chapters import Course
from course.states import States
sys.stdin.read()
states = States(Course(sys.argv[1]))
for state in states.course.states[1:]:
    assert list(states.folder(state).iterdir()), state
"""


def test_first_commands_at_the_same_moment_all_get_the_states(real):
    """They start when their common input is closed, on an empty build/."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, real.root],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(3)
    ]
    for process in started:
        process.stdin.close()
    for process in started:
        with process.stderr as said:
            lines = said.read().splitlines()
        assert all(line.startswith("Waiting:") for line in lines), lines
        assert process.wait() == 0


def test_states_are_made_while_another_command_is_at_work(small, other):
    """A command may call others that need a state."""
    assert States(small).folder(small.state("first")).is_dir()


def test_an_author_is_told_who_is_at_work(small, other, monkeypatch):
    """In words and with no traceback, as any other mistake."""
    briefly = partial(alone, patience=0.2)
    monkeypatch.setattr(placement, "alone", briefly)
    monkeypatch.setenv("COURSE_ROOT", str(small.root))
    said = CliRunner().invoke(main, ["history"])
    assert said.exit_code == 2
    assert "make amend 1.2 is at work here" in said.output


def test_a_folder_that_cannot_be_written_is_not_called_busy(tmp_path):
    (tmp_path / "build" / "lock.db").mkdir(parents=True)
    with (
        pytest.raises(OSError, match="unable to open"),
        alone(tmp_path, "make adopt", patience=0.5),
    ):
        pytest.fail("it was locked")
