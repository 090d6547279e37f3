"""A workspace handed in: what the file or the branch holds."""

import subprocess
import zipfile

import pytest
from click.testing import CliRunner

from course import cli
from course.classroom import hand_in as handing
from course.classroom.hand_in import hand_in
from course.classroom.hand_ins import HandIn
from course.errors import CourseError
from course.student.workspaces import Workspaces

from .tiny import HELLO, tiny_course

SAID = """\
Chapter 1, 01-hello: 1 of 2 steps, 0 of 1 exercises
  done  1.1  Say hello
  open  1.2  Greet by name
  open  exercise 1.1  Be loud
Fails first: step 1.2 Greet by name: Whoever gives a name is greeted by it
"""
HELD = ["01-hello/tiny/__init__.py", "check.txt"]


@pytest.fixture
def workspace(copy_of, tmp_path):
    course = copy_of(tiny_course, tmp_path / "course")
    workspace = Workspaces(course).of(1)
    (workspace.folder / "tiny").mkdir(parents=True)
    (workspace.folder / "tiny" / "__init__.py").write_text(HELLO)
    return workspace


@pytest.fixture
def quick(monkeypatch):
    """Hand in without a check."""
    monkeypatch.setattr(handing, "what_check_says", lambda workspace: SAID)


def test_a_file_holds_the_program_and_what_check_says(workspace, tmp_path):
    said = hand_in(workspace)
    file = workspace.folder.with_suffix(".zip")
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == HELD
        assert archive.read("check.txt").decode() == SAID
    assert said.startswith(SAID)
    assert f"Hand in  {file}" in said
    assert all(f"  {name}" in said for name in HELD)
    (scratch := tmp_path / "scratch").mkdir()
    found, _ = HandIn("x", file).workspace(
        workspace.course, workspace.chapter, scratch
    )
    assert (found.folder / "tiny" / "__init__.py").read_text() == HELLO


@pytest.mark.usefixtures("quick")
def test_an_older_file_is_replaced_and_no_other(workspace, tmp_path):
    hand_in(workspace)
    hand_in(workspace)
    (tmp_path / "mine.zip").write_text("mine")
    with pytest.raises(CourseError, match="not made by this command"):
        hand_in(workspace, out=tmp_path / "mine.zip")
    assert (tmp_path / "mine.zip").read_text() == "mine"


@pytest.fixture
def git(workspace, monkeypatch):
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.com")

    def git(*words):
        return subprocess.check_output(
            ["git", *words], cwd=workspace.course.root, encoding="utf-8"
        )

    git("init", "-q", "-b", "main")
    return git


@pytest.mark.usefixtures("quick")
def test_a_branch_keeps_what_is_there_and_replaces_the_workspace(
    workspace, git
):
    root, own = workspace.course.root, workspace.folder / "tiny"
    (root / "check.yml").write_text("jobs:\n")
    git("add", "check.yml")
    git("commit", "-qm", "A workflow")
    git("branch", "mine")
    (own / "old.py").touch()
    said = hand_in(workspace, branch="mine")
    (own / "old.py").unlink()
    hand_in(workspace, branch="mine")
    listed = git("ls-tree", "-r", "--name-only", "mine").split()
    assert sorted(listed) == sorted([*HELD, "check.yml"])
    assert git("log", "--format=%an %s", "mine").splitlines() == [
        "Ada Hand in 01-hello",
        "Ada Hand in 01-hello",
        "Ada A workflow",
    ]
    assert git("log", "--format=%s", "main").split("\n")[0] == "A workflow"
    assert "git push ADDRESS mine" in said


@pytest.mark.usefixtures("quick")
def test_a_new_branch_has_the_workspace_alone(workspace, git):
    hand_in(workspace, branch="mine")
    assert git("ls-tree", "-r", "--name-only", "mine").split() == HELD


@pytest.mark.usefixtures("quick")
def test_without_a_repository_a_file_is_proposed(workspace):
    with pytest.raises(CourseError, match="make hand-in, which writes a file"):
        hand_in(workspace, branch="mine")


def test_what_is_not_started_cannot_be_handed_in(copy_of, tmp_path):
    course = copy_of(tiny_course, tmp_path)
    environment = {"COURSE_ROOT": str(course.root)}
    done = CliRunner(env=environment).invoke(cli.main, ["hand-in", "1"])
    assert done.exit_code == 2
    assert "make start 1" in done.output
