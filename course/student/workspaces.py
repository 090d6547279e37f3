"""Workspaces: `work/02-login`, one for each chapter that a student starts."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..chapters import Chapter, Course
from ..errors import CourseError

MADE_BY_RUNNING = ("__pycache__", "instance", "node_modules")
MAKEFILE = b"include ../../Makefile\n"  # make works in the workspace, too
MOST_BYTES = 50_000_000  # a file that is larger is no part of a program


@dataclass(frozen=True)
class Workspace:
    """A student's own copy of the program, on the way through a chapter."""

    course: Course
    chapter: Chapter
    folder: Path

    @property
    def name(self):
        return self.folder.name

    @property
    def shown(self):
        return f"work/{self.name}"

    @property
    def exists(self):
        return self.folder.is_dir()

    def files(self):
        """The program's own files, without what running it leaves behind."""
        found = sorted(files_in(self.folder))
        small = [p for p in found if p.stat().st_size <= MOST_BYTES]
        ours = self.folder / "Makefile"
        return [p for p in small if p != ours or contents(p) != MAKEFILE]

    def too_large(self):
        """The files that are so large that no command reads them."""
        found = files_in(self.folder)
        return sorted(p for p in found if p.stat().st_size > MOST_BYTES)

    def changed(self):
        """When the program was last worked on."""
        paths = [self.folder, *self.files()]
        return max(path.stat().st_mtime_ns for path in paths)

    def digest(self):
        """A digest of the program, and of what it is checked with."""
        said = hashlib.sha256(" ".join(self.course.slugs).encode())
        tests = (self.course.root / "tests" / "chapters").rglob("*.py")
        for path in [*self.files(), *sorted(tests)]:
            name = os.path.relpath(path, self.folder)
            said.update(os.fsencode(name) + b"\0" + contents(path) + b"\0")
        return said.hexdigest()

    def copy_to(self, folder):
        """Copy the program's own files into a folder."""
        for path in self.files():
            target = folder / path.relative_to(self.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            if os.access(path, os.R_OK):
                shutil.copyfile(path, target)

    def tree(self, states, left_out=()):
        """The program as git sees it, beside the trees of the states.

        Some files, by name, and what its own .gitignore names is left out.
        """
        with tempfile.TemporaryDirectory() as copy:
            self.copy_to(Path(copy))
            return states.tree_of(Path(copy), [f"/{n}" for n in left_out])


def files_in(folder, above=()):
    """Plain files; links are followed, but not to what holds their folder."""
    above = (*above, folder.resolve())
    for path in folder.iterdir():
        if path.is_dir():
            if not left_out(path) and not leads_up(path, above):
                yield from files_in(path, above)
        elif path.is_file():
            yield path


def left_out(folder):
    return (
        folder.name in MADE_BY_RUNNING
        or folder.name.startswith(".")
        or (folder / "pyvenv.cfg").is_file()
    )


def leads_up(folder, above):
    return any(each.is_relative_to(folder.resolve()) for each in above)


def contents(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


class Workspaces:
    """All workspaces of a course."""

    def __init__(self, course):
        self.course = course
        self.folder = course.root / "work"
        self.saved = self.folder / ".saved"

    def of(self, number):
        """The workspace of a chapter, whether it has been started or not."""
        chapter = self.course.chapter(number)
        folder = self.folder / chapter.folder.name
        return Workspace(self.course, chapter, folder)

    def named(self, name):
        """A folder of `work/` that belongs to no chapter."""
        return Workspace(self.course, None, self.folder / name)

    def all(self):
        return [self.of(chapter.number) for chapter in self.course.chapters]

    def chosen(self, number=None):
        """A chapter's workspace; without a number, the one worked on last.

        Raises CourseError where it has not been started.
        """
        asked = self.all() if number is None else [self.of(number)]
        if started := [w for w in asked if w.exists]:
            return max(started, key=lambda w: (w.changed(), w.name))
        raise CourseError(
            f"there is no {asked[0].shown} yet.\n"
            f"Try: make start {asked[0].chapter.number}"
        )
