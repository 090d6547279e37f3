"""The table of a class, made and written."""

import sys
from pathlib import Path

import click

from ..errors import CourseError
from .hand_ins import hand_ins
from .marking import marks
from .points import worth
from .table import Table

MADE = {
    ".csv": "name,steps,exercises,",
    ".html": '<!doctype html>\n<meta name="generator" content="make class">',
    ".md": "## Chapter ",
}


def mark_class(course, folder, number, hidden=None, points=None, out=None):
    """Check every hand-in of a folder, and print the table.

    `out` is a file, .csv, .html or .md, or a folder for all three. Raises
    CourseError, before anything is checked, where one was not made here.
    """
    chapter = course.chapter(number)
    found, counts = hand_ins(folder), worth(course, chapter, points)
    files = places(out)
    check_hidden(hidden)
    done = []
    for mark in marks(course, chapter, found, hidden):
        done.append(mark)
        said = f"{len(done)} of {len(found)}  {mark.name}"
        click.echo(said, file=sys.stderr)
    table = Table(chapter, done, counts)
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(getattr(table, path.suffix[1:])(), encoding="utf-8")
    written = [f"Written  {path}" for path in files]
    return "\n".join(["", table.text(), "", *written]).rstrip()


def check_hidden(folder):
    """Raise CourseError where a folder for checks has none."""
    if folder and not any(Path(folder).rglob("test_*.py")):
        raise CourseError(
            f"{folder} holds no checks: files with names such as "
            "test_mine.py.\nTEACHING.md says how they are written."
        )


def places(out):
    """The files to write. Raises CourseError for one of somebody's own."""
    if not out:
        return []
    path = Path(out)
    files = [path] if path.suffix else [path / f"class{x}" for x in MADE]
    for file in files:
        if file.suffix not in MADE:
            raise CourseError(
                f"{file} is no table: it ends in .csv, .html or .md.\n"
                "Try: OUT=marks.csv, or OUT=marks for all three"
            )
        if file.exists() and not is_ours(file):
            raise CourseError(
                f"{file} is there, and was not made by this command. Nothing "
                "was done.\nTry another name"
            )
    return files


def is_ours(file):
    if not file.is_file():
        return False
    text = file.read_text(encoding="utf-8", errors="replace")
    return text.startswith(MADE[file.suffix])
