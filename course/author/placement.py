"""One command at work at a time, and files put in place all or not at all.

They lie in `build/unfinished`, so that putting them in place takes
milliseconds, and the next command can finish what was stopped there.
"""

import json
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import click

from ..chapters import Course
from ..errors import CourseError
from ..lock import alone
from .repository import listed

UNFINISHED, NOTES = "build/unfinished", "notes.json"
HOUR = 3600


@contextmanager
def at_work(course):
    """Be the only command at work, with a folder for what is in the making.

    Yields the course as it stands then, and the folder.
    """
    build = course.root / "build"
    with alone(course.root):
        mend(course.root)
        clean_up(build)
        with tempfile.TemporaryDirectory(
            dir=build, prefix="scratch-", ignore_cleanup_errors=True
        ) as scratch:
            yield Course(course.root), Path(scratch)


def clean_up(build):
    """Remove what commands that were killed have left."""
    old = time.time() - HOUR  # younger ones may be at work in other commands
    left = [p for p in build.glob("tmp*") if p.stat().st_mtime < old]
    for path in [*left, *build.glob("scratch-*")]:
        shutil.rmtree(path, ignore_errors=True)


def digest(path):
    """What tells a file from any other; empty where there is none."""
    if not path.is_file():
        return ""
    mode = "x" if path.stat().st_mode & 0o100 else "-"
    return mode + sha256(path.read_bytes()).hexdigest()


def mend(root):
    """Finish what a command that was killed had begun to put in place."""
    begun = [n for n, (_, new) in notes_in(root) if digest(root / n) == new]
    if begun:
        finish(root)
        click.echo(
            "The last command was stopped while it wrote chapters/. What was "
            "left is written now."
        )
    shutil.rmtree(root / UNFINISHED, ignore_errors=True)


def notes_in(root):
    """What is to be put in place, removals first."""
    try:
        notes = json.loads((root / UNFINISHED / NOTES).read_text("utf-8"))
    except (FileNotFoundError, ValueError):  # a power cut can leave it empty
        return []
    return sorted(notes.items(), key=lambda note: note[1][1] > "")


def finish(root):
    """Put in place what is not yet, over the old alone."""
    changed = []
    for name, (old, new) in notes_in(root):
        now = digest(root / name)
        if now == old:
            put(root, name, new)
        elif now != new:
            changed.append(name)
    if changed:
        raise CourseError(
            "a command was stopped while it wrote, and these have changed "
            f"since:\n{listed(changed)}\nThey were left alone; what was to "
            f"be written is in {UNFINISHED}.\nTake what you need from there, "
            "then remove that folder."
        )
    shutil.rmtree(root / UNFINISHED)


def put(root, name, new):
    """Put one file in place, or remove it and the folders it leaves empty."""
    target = root / name
    if new:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(root / UNFINISHED / name, target)
        return
    target.unlink()
    while not any((target := target.parent).iterdir()):
        target.rmdir()
