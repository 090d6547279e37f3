"""The book, built by Sphinx into `build/book/`."""

import shutil
import subprocess
import sys
from pathlib import Path

import click

from ..errors import CourseError
from .inputs import read, state_of_inputs
from .source import Source


def make_book(course):
    """Build the book unless nothing changed; return its first page.

    Raises CourseError with Sphinx's own words where a page has a mistake.
    """
    build = course.root / "build" / "book"
    first, stamp = build / "html" / "index.html", build / "stamp"
    state = state_of_inputs(course.root)
    if first.is_file() and read(stamp) == state:
        return first
    stamp.unlink(missing_ok=True)
    click.echo("Building the book …", err=True)
    Source(course, build / "source").write()
    shutil.rmtree(first.parent, ignore_errors=True)
    run_sphinx(course, build)
    stamp.write_text(state, encoding="utf-8")
    return first


def run_sphinx(course, build):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "--builder", "html"),
            *("--fail-on-warning", "--quiet", "--write-all"),
            *("--conf-dir", str(Path(__file__).parent)),
            *("--doctree-dir", str(build / "doctrees")),
            *(str(build / "source"), str(build / "html")),
        ],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    if done.returncode:
        raise CourseError(
            "the book has mistakes. Sphinx said:\n\n"
            f"{done.stderr.strip()}\n\n"
            "A page stands under the same name in chapters/ or notebooks/. "
            "Mend it there, then type: make book"
        )
