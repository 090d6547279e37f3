"""The first set-up: whatever stops it is said, and the next run mends it."""

import ast
import os
import shutil
import subprocess
import sys

import pytest

from course import environment, installation
from course.chapters import ROOT
from course.lock import alone

MAIN = ROOT / "course" / "__main__.py"
FIRST = ["__init__", "__main__", "environment", "installation", "lock"]
FIRST += ["requirements"]
REFUSED = "flask==3.1.3 \\\n    --hash=sha256:" + "0" * 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tool of one command, `go`, whose environment is made once."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("course", "requirements"):
        (folder / name).mkdir()
    for name in FIRST:
        shutil.copy(ROOT / "course" / f"{name}.py", folder / "course")
    says = "def main(prog_name):\n    print('It runs.')\n"
    (folder / "course" / "cli.py").write_text(says, encoding="utf-8")
    groups = "[dependency-groups]\ncourse = []\n"
    (folder / "pyproject.toml").write_text(groups, encoding="utf-8")
    (folder / "requirements" / "lock.txt").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, folder):
    monkeypatch.setattr(environment, "ROOT", folder)
    monkeypatch.setattr(environment, "VENV", folder / ".venv")
    monkeypatch.delenv("COURSE_ROOT", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")


@pytest.fixture
def own(folder):
    """The folder, with an environment that the course made."""
    environment.set_up({})
    return folder


@pytest.fixture
def foreign(own):
    """The folder, with a `.venv` of which the course knows nothing."""
    folder, kept = own, own / "kept"
    (folder / ".venv").rename(kept)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "work.txt").write_text("mine", encoding="utf-8")
    yield folder
    shutil.rmtree(folder / ".venv")
    kept.rename(folder / ".venv")


def typed(folder):
    return subprocess.Popen(
        [sys.executable, "-m", "course", "go"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def said(process):
    return process.communicate(timeout=120)[0]


def test_of_two_first_commands_one_sets_up_and_the_other_waits(folder):
    shutil.rmtree(folder / ".venv", ignore_errors=True)
    with alone(folder, "this test"):
        both = [typed(folder), typed(folder)]
        for process in both:
            assert process.stdout.readline() == (
                "Waiting: this test is at work here …\n"
            )
    answers = [said(process) for process in both]
    assert all(answer.endswith("It runs.\n") for answer in answers), answers
    assert sum("Setting up, once" in answer for answer in answers) == 1


def test_a_set_up_stopped_half_way_is_mended_by_the_next(own):
    (own / ".venv" / "pyvenv.cfg").unlink()
    (own / ".venv" / "half").touch()
    assert not environment.installed({})
    assert said(typed(own)).endswith("It runs.\n")
    assert environment.installed({})
    assert not (own / ".venv" / "half").exists()


def test_an_environment_that_is_not_the_courses_is_never_removed(
    foreign, capsys
):
    assert environment.enter(["go"]) == 2
    answer = capsys.readouterr().err
    assert "There is a .venv that this course did not make" in answer
    assert "Rename it, and type the same command again" in answer
    assert (foreign / ".venv" / "work.txt").read_text("utf-8") == "mine"


def test_an_environment_that_an_editor_made_is_used_as_it_is(foreign):
    made = foreign / ".venv"
    shutil.copytree(foreign / "kept", made, symlinks=True, dirs_exist_ok=True)
    (made / installation.OURS).unlink()
    (made / environment.STAMP).unlink()
    assert said(typed(foreign)).endswith("It runs.\n")
    assert (foreign / ".venv" / "work.txt").read_text("utf-8") == "mine"


def test_a_python_that_is_not_the_environments_is_not_started_for_ever(
    own, monkeypatch, capsys
):
    monkeypatch.setenv(environment.AGAIN, "1")
    monkeypatch.setattr(environment.os, "execve", pytest.fail)
    assert environment.enter(["go"]) == 2
    assert "The Python of .venv runs in" in capsys.readouterr().err


def test_once_set_up_nothing_is_done_again(own, monkeypatch, capsys):
    capsys.readouterr()
    monkeypatch.setattr(subprocess, "run", pytest.fail)
    environment.set_up({})
    assert capsys.readouterr().err == ""


def test_without_a_network_the_set_up_says_so_and_leaves_no_stamp(own):
    with pytest.raises(environment.SetUpError) as caught:
        environment.set_up({"flask": REFUSED})
    assert "needs the network" in str(caught.value)
    assert "type the same command again" in str(caught.value)
    assert not environment.installed({"flask": REFUSED})


def test_what_is_locked_anew_is_installed_anew(own, monkeypatch):
    monkeypatch.setattr(installation, "install", lambda venv, wanted: None)
    environment.set_up({"flask": "flask==1"})
    assert environment.installed({"flask": "flask==1"})
    assert not environment.installed({"flask": "flask==2"})
    environment.set_up({"flask": "flask==2"})
    assert not environment.installed({"flask": "flask==1"})


def test_every_editor_that_uses_the_environment_finds_the_course(own):
    (own / "course" / "found.py").touch()
    words = [
        str(environment.python_of(own / ".venv")),
        "-c",
        "import course.found",
    ]
    subprocess.run(words, cwd=own.parent, check=True)


def test_what_the_system_refuses_is_one_message(own, monkeypatch, capsys):
    def refuse(pins):
        raise OSError(28, "No space left on device", "/somewhere")

    monkeypatch.setattr(environment, "set_up", refuse)
    assert environment.enter(["go"]) == 2
    answer = capsys.readouterr().err
    assert "No space left on device: /somewhere" in answer
    assert "Traceback" not in answer


def test_a_python_that_is_too_old_says_which_one_is_needed():
    pretend = (
        "import sys, runpy; sys.version_info = (3, 8, 1); "
        f"runpy.run_path({str(MAIN)!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], capture_output=True, text=True
    )
    assert "needs Python 3.11 or later; this is Python 3.8" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2


def test_what_runs_on_an_old_python_can_be_read_by_one():
    for name in ("__main__.py", "__init__.py"):
        source = (ROOT / "course" / name).read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 4))
        assert 'f"' not in source


@pytest.mark.parametrize("name", FIRST)
def test_what_runs_before_the_set_up_needs_the_standard_library_only(name):
    source = (ROOT / "course" / f"{name}.py").read_text(encoding="utf-8")
    imports = (ast.Import, ast.ImportFrom)
    for node in ast.parse(source).body:
        if isinstance(node, imports) and not getattr(node, "level", 0):
            module = getattr(node, "module", None) or node.names[0].name
            top = module.partition(".")[0]
            assert top == "course" or top in sys.stdlib_module_names
