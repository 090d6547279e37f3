"""A snapshot copied to an empty folder needs its requirements, no more."""

import shutil
import subprocess
import sys
import venv
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement

from course.chapters import Course

from ..sampling import EVERYTHING, part
from .running import Running, free_port

COURSE = Course()
CHAPTERS = part(COURSE.chapters, 3)
NOT_COPIED = shutil.ignore_patterns(
    "steps", "README.md", "instance", "__pycache__"
)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.name)
def test_a_copied_snapshot_runs_by_itself(chapter, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(chapter.folder, folder, ignore=NOT_COPIED)
    port = free_port()
    arguments = ["-m", "flask", "--app", "microblog", "run"]
    with Running([*arguments, "--port", port], folder) as running:
        assert running.answers(port), running.said()
    assert (folder / "instance" / "microblog.db").is_file()


def test_its_requirements_are_all_that_it_needs(tmp_path):
    """The last snapshot, in a new environment, from its own list."""
    chapter = COURSE.chapters[-1]
    folder, made = tmp_path / "copy", tmp_path / "venv"
    shutil.copytree(chapter.folder, folder, ignore=NOT_COPIED)
    venv.create(made, with_pip=False)
    python = (
        made / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    )
    requirements = folder / "requirements.txt"
    if EVERYTHING:
        install(requirements, python)
    else:
        (target,) = made.rglob("site-packages")
        copy_installed(requirements.read_text("utf-8").splitlines(), target)
    port = free_port()
    arguments = ["-m", "flask", "--app", "microblog", "run", "--port", port]
    with Running(arguments, folder, python=python) as running:
        assert running.answers(port), running.said()


def copy_installed(lines, target):
    """Copy what is installed here of requirements, and of theirs in turn.

    Much quicker than pip, and without network.
    """
    waiting, seen = [Requirement(line) for line in lines], set()
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        found = distribution(wanted.name)
        assert wanted.specifier.contains(found.version), wanted
        copy_files(found, target)
        extras = [{"extra": extra} for extra in ("", *wanted.extras)]
        waiting += [
            each
            for each in map(Requirement, found.requires or ())
            if not each.marker or any(map(each.marker.evaluate, extras))
        ]


def copy_files(found, target):
    for path in found.files:
        if ".." not in path.parts and path.suffix != ".pyc":
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path.locate(), place)


def install(requirements, python):
    """pip install into another environment; offline, this test is skipped."""
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    options = ["--quiet", "--disable-pip-version-check", "--retries=1"]
    done = subprocess.run(
        [*pip, "install", *options, "-r", str(requirements)],
        capture_output=True,
        text=True,
    )
    if "Connection" in done.stderr or "Temporary failure" in done.stderr:
        pytest.skip("needs the network, to install a snapshot's requirements")
    assert done.returncode == 0, done.stderr
