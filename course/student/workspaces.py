"""Workspaces: `work/02-login`, one for each chapter that a student starts."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ..chapters import ROOT, Chapter
from ..errors import CourseError

MADE_BY_RUNNING = ("__pycache__", "instance", "node_modules")


@dataclass(frozen=True)
class Workspace:
    """A student's own copy of the program, on the way through a chapter."""

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
        found = []
        for folder, names, files in os.walk(self.folder):
            names[:] = [n for n in names if not left_out(Path(folder, n))]
            found += [Path(folder, n) for n in files]
        return sorted(path for path in found if path.is_file())

    def changed(self):
        """When the program was last worked on."""
        paths = [self.folder, *self.files()]
        return max(path.stat().st_mtime_ns for path in paths)

    def digest(self):
        """A name for what the program and the course's tests say now."""
        tests = sorted((ROOT / "tests" / "chapters").rglob("*.py"))
        said = hashlib.sha256()
        for path in [*self.files(), *tests]:
            name = os.path.relpath(path, self.folder)
            said.update(os.fsencode(name) + b"\0" + contents(path) + b"\0")
        return said.hexdigest()

    def copy_to(self, folder):
        """Copy the program's own files into a folder."""
        for path in self.files():
            target = folder / path.relative_to(self.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            if contents(path) or not path.stat().st_size:
                shutil.copyfile(path, target)


def left_out(folder):
    return (
        folder.name in MADE_BY_RUNNING
        or folder.name.startswith(".")
        or (folder / "pyvenv.cfg").is_file()
    )


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

    def of(self, number):
        """The workspace of a chapter, whether it has been started or not."""
        chapter = self.course.chapter(number)
        return Workspace(chapter, self.folder / chapter.folder.name)

    def all(self):
        return [self.of(chapter.number) for chapter in self.course.chapters]

    def chosen(self, number=None):
        """A chapter's workspace; without a number, the one worked on last.

        Raises CourseError where it has not been started.
        """
        if number is not None:
            workspace = self.of(number)
            if not workspace.exists:
                raise CourseError(
                    f"there is no {workspace.shown} yet.\n"
                    f"Try: make start {number}"
                )
            return workspace
        started = [w for w in self.all() if w.exists]
        if not started:
            raise CourseError(
                "you have not started a chapter yet.\nTry: make start 1"
            )
        return max(started, key=lambda w: (w.changed(), w.name))
