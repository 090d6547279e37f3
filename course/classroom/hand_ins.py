"""What students handed in: a folder, a clone or one file for each of them."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import CourseError
from ..student.workspaces import Workspace
from . import packed, plain
from .commits import last_commit


@dataclass(frozen=True)
class HandIn:
    """What one student handed in, under the name that it has in the folder."""

    name: str
    path: Path

    def workspace(self, course, chapter, scratch):
        """A copy of the plain files of its workspace, and its last change.

        The change is a datetime, or None. Raises Unreadable, with a reason
        for the table, where there is nothing that can be copied.
        """
        source, stamp = self.path, None
        if zipfile.is_zipfile(source):
            source = scratch / "unpacked"
            packed.unpack(self.path, source)
        else:
            stamp = last_commit(source)
        found = place_of(source, chapter, course.program.PACKAGE)
        copy = Workspace(course, chapter, scratch / chapter.folder.name)
        changed = plain.copy(found, copy.folder)
        return copy, stamp or changed


def hand_ins(folder):
    """Each student's, by name. Raises CourseError where there is none."""
    found = [
        HandIn(path.stem if path.is_file() else path.name, path)
        for path in sorted(Path(folder).iterdir())
        if not path.name.startswith(".") and is_one(path)
    ]
    if not found:
        raise CourseError(
            f"{folder} holds no hand-ins: a folder, a clone or a .zip for "
            "each student.\nTry: make class FOLDER 2"
        )
    return found


def is_one(path):
    return path.suffix == ".zip" if path.is_file() else path.is_dir()


def place_of(folder, chapter, package):
    """The folder with the program. A clone of the course has it in `work`."""
    name = chapter.folder.name
    for base in (folder, *only_folder_in(folder)):
        for place in (base / name, base / "work" / name, base):
            has_it = place.name == name or plain.is_folder(place / package)
            if has_it and plain.is_folder(place):
                return place
    raise plain.Unreadable(f"nothing of chapter {chapter.number} is in it")


def only_folder_in(folder):
    """What a file holds that was packed with one folder around it all."""
    inside = [path for path in folder.iterdir() if plain.is_folder(path)]
    shown = [path for path in inside if not path.name.startswith((".", "__"))]
    return shown if len(shown) == 1 else []
