"""The book, built by Sphinx into `build/book/`."""

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import click

from ..errors import CourseError
from ..lock import alone
from .inputs import digest_of, kept_up, read
from .source import Source, front_of, is_licensed


def make_book(course):
    """Build the book unless nothing changed; return its first page.

    Raises CourseError with Sphinx's own words where a page has a mistake.
    """
    folder = course.root / "build" / "book"
    with alone(course.root, "make book"):
        write = partial(write_pages, course, folder)
        kept_up(folder / "html", digest_of(course), write)
    return folder / "html" / "index.html"


def write_pages(course, build):
    """Let Sphinx write the pages that changed, or all with a new sidebar."""
    click.echo("Building the book …", err=True)
    source, outline = Source(course, build / "source"), build / "outline"
    source.write()
    if read(outline) != source.outline:
        shutil.rmtree(build / "html", ignore_errors=True)
        outline.write_text(source.outline, encoding="utf-8")
    run_sphinx(course, build)


def run_sphinx(course, build):
    title, _ = front_of(course)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "--builder", "html"),
            *("--fail-on-warning", "--quiet"),
            *("-D", f"project={title}", "-D", f"html_title={title}"),
            *("-D", f"html_show_copyright={int(is_licensed(course))}"),
            *("--conf-dir", str(Path(__file__).parent)),
            *("--doctree-dir", str(build / "doctrees")),
            *(str(build / "source"), str(build / "html")),
        ],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    if done.returncode:
        for made in ("doctrees", "html"):  # Sphinx warns of a page once
            shutil.rmtree(build / made, ignore_errors=True)
        raise CourseError(
            "the book has mistakes. Sphinx said:\n\n"
            f"{done.stderr.strip()}\n\n"
            "A page stands under the same name in chapters/ or notebooks/. "
            "Mend it there, then type: make book"
        )
