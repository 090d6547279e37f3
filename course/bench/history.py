"""How long the course takes to become a history, and to be amended."""

import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from course.chapters import ROOT

CALL = """
import sys
from course.chapters import Course
course = Course(sys.argv[1])
"""
EXPORT = "from course.author.history import export; export(course)"
AMEND = """
from course.author.amendment import amend
amend(course, course.state("1.1"))
"""


def exporting():
    """The whole course, of which nothing was built before."""
    with copied() as root:
        seconds = timed(EXPORT, root)
    return "make history", seconds, "at most", 2, "s"


def amending():
    """A label in step 1.1, through all chapters and build/history."""
    with copied() as root:
        timed(EXPORT, root)
        page = next(root.glob("chapters/01-*/microblog/templates/base.html"))
        text = page.read_text(encoding="utf-8")
        label = text.replace(">Microblog</a>", ">My blog</a>")
        page.write_text(label, encoding="utf-8", newline="\n")
        seconds = timed(AMEND, root)
    return "make amend 1.1, tests aside", seconds, "at most", 5, "s"


@contextmanager
def copied():
    """A copy of the chapters in a folder of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        kept = shutil.ignore_patterns("instance", "__pycache__")
        chapters = Path(scratch) / "chapters"
        shutil.copytree(ROOT / "chapters", chapters, ignore=kept)
        yield Path(scratch)


def timed(what, root):
    """Seconds of a new process that does something to a course."""
    command = [sys.executable, "-c", CALL + what, str(root)]
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True)
    return time.perf_counter() - start
