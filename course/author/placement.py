"""New files, put in place over what was read and over nothing else.

They are written to `build/unfinished` first, so that putting them in place
takes milliseconds, and the next command can finish what was stopped there.
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
from ..lock import Busy, alone
from .repository import listed

UNFINISHED, NOTES = "build/unfinished", "notes.json"
LEFT_OVER = ["scratch-*", "amend-*", "staged-*"]
HOUR = 3600


@contextmanager
def at_work(course):
    """Be the only command at work, with a folder for what is in the making.

    Yields the course as it stands then, and the folder. Raises CourseError.
    """
    try:
        with alone(course.root):
            mend(course.root)
            build = course.root / "build"
            clean_up(build)
            with tempfile.TemporaryDirectory(
                dir=build, prefix="scratch-", ignore_cleanup_errors=True
            ) as scratch:
                yield Course(course.root), Path(scratch)
    except Busy as busy:
        raise CourseError(str(busy)) from None


def clean_up(build):
    """Remove what commands that were killed have left."""
    left = [path for name in LEFT_OVER for path in build.glob(name)]
    old = time.time() - HOUR  # younger ones may be at work in other commands
    left += [p for p in build.glob("tmp*") if p.stat().st_mtime < old]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)


def standing(root):
    """What the files of the course are now, by name below root."""
    files = [*root.glob("*.md"), *root.glob("notebooks/*.ipynb")]
    files += root.glob("chapters/**/*")
    return {p.relative_to(root).as_posix(): digest(p) for p in files}


def digest(path):
    """What tells a file from any other; empty where there is none."""
    if not path.is_file():
        return ""
    mode = "x" if path.stat().st_mode & 0o100 else "-"
    return mode + sha256(path.read_bytes()).hexdigest()


def put_in_place(root, changes, seen):
    """Replace files by others; `changes` maps names to those, or to None.

    Raises CourseError, with nothing replaced, where one is not any more what
    `standing` has `seen`.
    """
    if not changes:
        return
    notes = {
        name: [seen.get(name, ""), digest(new) if new else ""]
        for name, new in changes.items()
    }
    moved = [n for n, (old, _) in notes.items() if digest(root / n) != old]
    if moved:
        raise CourseError(
            "changed while this command was at work, and so left alone:\n"
            f"{listed(moved)}\nNothing was written. Type the same command "
            "again."
        )
    keep(root, changes, notes)
    try:
        finish(root, notes)
    except KeyboardInterrupt:
        finish(root, notes)
        raise


def keep(root, changes, notes):
    """Have all at hand, whole before it gets its name."""
    scratch = Path(tempfile.mkdtemp(dir=root / "build", prefix="scratch-"))
    for name, new in changes.items():
        if new:
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(new, scratch / name)
    (scratch / NOTES).write_text(json.dumps(notes), encoding="utf-8")
    scratch.rename(root / UNFINISHED)


def mend(root):
    """Finish what a command that was killed had begun to put in place."""
    try:
        notes = json.loads((root / UNFINISHED / NOTES).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        notes = {}
    if any(digest(root / name) == new for name, (_, new) in notes.items()):
        finish(root, notes)
        click.echo(
            "The last command was stopped while it wrote chapters/. What was "
            "left is written now."
        )
    shutil.rmtree(root / UNFINISHED, ignore_errors=True)


def finish(root, notes):
    """Put in place what is not yet, removals first, over the old alone."""
    changed = []
    for name, (old, new) in sorted(notes.items(), key=lambda n: n[1][1] > ""):
        now = digest(root / name)
        if now == old != new:
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
    try:
        if new:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(root / UNFINISHED / name, target)
            return
        target.unlink()
    except OSError as error:
        raise CourseError(
            f"{name} could not be written: {error.strerror}. Close the "
            "program that has it\nopen, and type the same command again."
        ) from None
    while not any((target := target.parent).iterdir()):
        target.rmdir()
