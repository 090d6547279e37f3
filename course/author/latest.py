"""The snapshots, tested with the newest releases of what they depend on."""

import re
import subprocess
import sys
import tomllib
import venv

import click
from packaging.requirements import Requirement, SpecifierSet
from packaging.utils import canonicalize_name

from .. import requirements
from ..errors import CourseError
from ..suite import run_tests


def run_latest(course):
    """Test each snapshot in `build/latest`; return 1 if one broke.

    The bounds of the requirements are left out: the newest release counts.
    Raises CourseError where it cannot be installed.
    """
    python = make_environment(course.root / "build" / "latest")
    install(python, names_of(course))
    newer = newer_than_locked(course, versions(python))
    click.echo("\n".join(["Newer than locked:", *newer, ""]))
    broke = {c for c in course.chapters if not passes(course, c, python)}
    for chapter in course.chapters:
        said = "BROKE, see above" if chapter in broke else "passes"
        click.echo(f"chapter {chapter.number}, {chapter.name}: {said}")
    return 1 if broke else 0


def make_environment(folder):
    """The Python of a new environment in a folder."""
    venv.create(folder, clear=True, with_pip=True)
    windows = sys.platform == "win32"
    return folder / ("Scripts/python.exe" if windows else "bin/python")


def names_of(course):
    """What the tool, the tests and the snapshots require, without bounds."""
    settings = (course.root / "pyproject.toml").read_text(encoding="utf-8")
    groups = tomllib.loads(settings)["dependency-groups"]
    lines = []
    for name in ("course", "test"):
        lines += requirements.lines_of(name, groups)
    for chapter in course.chapters:
        listed = chapter.folder / "requirements.txt"
        lines += listed.read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(x) for x in lines if requirements.NAME.match(x)]
    for requirement in wanted:
        requirement.specifier = SpecifierSet()
    return sorted({str(requirement) for requirement in wanted})


def install(python, names):
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install"]
    if subprocess.call([*pip, "--quiet", "--upgrade", *names]):
        raise CourseError(
            "the newest releases could not be installed together. What pip "
            "said stands above."
        )


def versions(python):
    """The installed packages, by name."""
    pip = [python, "-m", "pip", "list", "--format=freeze"]
    said = subprocess.check_output(pip, encoding="utf-8")
    pairs = (line.split("==") for line in said.splitlines() if "==" in line)
    return {canonicalize_name(name): version for name, version in pairs}


def newer_than_locked(course, installed):
    """A line for each package whose version is not a locked one."""
    lines = []
    for name, text in requirements.locked(course.root).items():
        pinned = re.findall(r"==([^\s;\\]+)", text)
        if installed.get(name, pinned[-1]) not in pinned:
            lines.append(f"  {name} {pinned[-1]} -> {installed[name]}")
    return lines


def passes(course, chapter, python):
    """Whether a snapshot passes; pytest prints what does not."""
    click.echo(f"Chapter {chapter.number}, {chapter.name}:")
    options = ["--no-header", "--tb=short"]
    return run_tests(course, chapter.last, options, python) == 0
