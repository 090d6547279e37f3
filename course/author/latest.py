"""The snapshots, tested with the newest releases of what they depend on."""

import json
import re
import subprocess
import sys
import tomllib
import venv

import click

from ..errors import CourseError

NAME = re.compile(r"[A-Za-z0-9._-]+(\[[^\]]*\])?")


def run_latest(course):
    """Test each snapshot in `build/latest`; return 1 if one broke.

    The bounds of the requirements are left out: the newest release counts.
    Raises CourseError where it cannot be installed.
    """
    python = environment(course.root / "build" / "latest")
    install(python, sorted(names_of(course)))
    newer = newer_than_locked(course, versions(python))
    say(["Newer than locked:", *newer] if newer else ["All as locked."])
    broke = [c for c in course.chapters if not passes(course, c, python)]
    say(outcome(course, broke))
    return 1 if broke else 0


def environment(folder):
    """The Python of a new environment in a folder."""
    venv.create(folder, clear=True, with_pip=True)
    windows = sys.platform == "win32"
    return folder / ("Scripts/python.exe" if windows else "bin/python")


def names_of(course):
    """What the snapshots and the tests require, without bounds."""
    lines = []
    for chapter in course.chapters:
        text = chapter.folder / "requirements.txt"
        lines += text.read_text(encoding="utf-8").splitlines()
    settings = (course.root / "pyproject.toml").read_text(encoding="utf-8")
    groups = tomllib.loads(settings)["dependency-groups"]
    lines += lines_of("test", groups)
    return {match[0] for line in lines if (match := NAME.match(line))}


def lines_of(group, groups):
    """What a group lists, and the groups that it includes."""
    for line in groups[group]:
        if isinstance(line, str):
            yield line
        elif line["include-group"] != "app":
            yield from lines_of(line["include-group"], groups)


def install(python, names):
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install"]
    done = subprocess.run([*pip, "--quiet", "--upgrade", *names])
    if done.returncode:
        raise CourseError(
            "the newest releases could not be installed together. What pip "
            "said stands above."
        )


def versions(python):
    """The installed packages, by name."""
    said = subprocess.check_output(
        [python, "-m", "pip", "list", "--format=json"], encoding="utf-8"
    )
    return {canonical(p["name"]): p["version"] for p in json.loads(said)}


def newer_than_locked(course, installed):
    """A line for each package whose version is not the locked one."""
    lock = course.root / "requirements" / "test.txt"
    pins = re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.M
    )
    return [
        f"  {name} {locked} -> {installed[name]}"
        for name, locked in pins
        if installed.get(name, locked) != locked
    ]


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def passes(course, chapter, python):
    """Whether a snapshot passes; pytest prints what does not."""
    say([f"Chapter {chapter.number}, {chapter.name}:"])
    pytest = [python, "-m", "pytest", "--no-header", "--tb=short"]
    options = ["-n", "auto", "--state", str(chapter.last), "tests"]
    return subprocess.call([*pytest, *options], cwd=course.root) == 0


def outcome(course, broke):
    return [
        f"chapter {chapter.number}, {chapter.name}: "
        + ("BROKE, see above" if chapter in broke else "passes")
        for chapter in course.chapters
    ]


def say(lines):
    click.echo("\n".join(lines))
