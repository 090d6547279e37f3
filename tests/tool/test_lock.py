"""Two commands that write the same files take turns."""

import subprocess
import sys

import pytest

from course.chapters import ROOT
from course.lock import Busy, alone

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


def test_a_folder_that_cannot_be_written_is_not_called_busy(tmp_path):
    (tmp_path / "build" / "lock.db").mkdir(parents=True)
    with (
        pytest.raises(OSError, match="unable to open"),
        alone(tmp_path, "make adopt", patience=0.5),
    ):
        pytest.fail("it was locked")
