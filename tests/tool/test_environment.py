"""The first set-up: whatever stops it is said, and the next run mends it."""

import ast
import subprocess
import sys

import pytest

from course import environment
from course.chapters import ROOT

MAIN = ROOT / "course" / "__main__.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with locks of its own; its environment is made once."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "requirements").mkdir()
    (folder / "requirements" / "app.txt").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, folder):
    venv = folder / ".venv"
    monkeypatch.setattr(environment, "ROOT", folder)
    monkeypatch.setattr(environment, "VENV", venv)
    inside = environment.PYTHON.relative_to(ROOT / ".venv")
    monkeypatch.setattr(environment, "PYTHON", venv / inside)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")


@pytest.fixture
def lock(folder):
    lock = folder / "requirements" / "app.txt"
    yield lock
    lock.write_text("", encoding="utf-8")


def test_a_set_up_stopped_half_way_is_mended_by_the_next(folder, capsys):
    (folder / ".venv").mkdir(exist_ok=True)
    (folder / ".venv" / "half").touch()
    environment.set_up("app")
    assert "Setting up, once" in capsys.readouterr().err
    assert environment.installed("app")
    assert not (folder / ".venv" / "half").exists()


def test_once_set_up_nothing_is_done_again(monkeypatch, capsys):
    environment.set_up("app")
    capsys.readouterr()
    monkeypatch.setattr(subprocess, "run", pytest.fail)
    environment.set_up("app")
    assert capsys.readouterr().err == ""


def test_without_a_network_the_set_up_says_so_and_leaves_no_stamp(lock):
    environment.set_up("app")
    pin = "flask==3.1.3 --hash=sha256:" + "0" * 64
    lock.write_text(pin, encoding="utf-8")
    with pytest.raises(environment.SetUpError) as caught:
        environment.set_up("app")
    assert "needs the network" in str(caught.value)
    assert "type the same command again" in str(caught.value)
    assert not environment.installed("app")


def test_a_changed_lock_is_installed_anew(lock, capsys):
    environment.set_up("app")
    lock.write_text("# other\n", encoding="utf-8")
    assert not environment.installed("app")
    environment.set_up("app")
    assert "Installing what `app` needs" in capsys.readouterr().err
    assert environment.installed("app")


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


def test_what_runs_before_the_set_up_needs_the_standard_library_only():
    for name in ("__main__.py", "environment.py", "welcome.py"):
        tree = ast.parse((ROOT / "course" / name).read_text(encoding="utf-8"))
        top = [
            n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)
        ]
        for node in top:
            names = [getattr(node, "module", None) or node.names[0].name]
            assert names[0] == "course" or names[0] in sys.stdlib_module_names
