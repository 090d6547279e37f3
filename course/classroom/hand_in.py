"""A student's workspace, ready to be handed in: a file, or a branch."""

import tempfile
import zipfile
from pathlib import Path

from ..errors import CourseError
from .branch import commit_to
from .hand_ins import HandIn
from .marking import Marker
from .table import counted, tasks_of

SAID = "check.txt"


def hand_in(workspace, out=None, branch=None):
    """Write a workspace, and what its check says; return what it holds.

    A .zip is written, or a commit is added to a branch of the course's own
    repository. Raises CourseError where a file is somebody's own.
    """
    file = Path(out or workspace.folder.with_suffix(".zip"))
    if file.exists() and not branch and not is_ours(file):
        raise CourseError(
            f"{file} is there, and was not made by this command. Nothing was "
            "done.\nTry: make hand-in OUT=another.zip"
        )
    said = what_check_says(workspace)
    with tempfile.TemporaryDirectory() as scratch:
        (copy := Path(scratch) / workspace.name).mkdir()
        workspace.copy_to(copy)
        (Path(scratch) / SAID).write_text(said, encoding="utf-8")
        names = names_in(Path(scratch))
        if branch:
            where = commit_to(workspace, branch, Path(scratch))
        else:
            where = packed(Path(scratch), names, file)
    held = "\n".join(f"  {name}" for name in names)
    return f"{said}\n{where}\nIt holds:\n{held}"


def what_check_says(workspace):
    """The steps and exercises of a workspace, each done or open."""
    chapter = workspace.chapter
    marker = Marker(workspace.course, chapter)
    try:
        mark = marker.mark(HandIn(workspace.name, workspace.folder))
    finally:
        marker.stop()
    steps, tasks = chapter.steps, tasks_of(chapter)
    lines = [
        f"Chapter {chapter.number}, {workspace.name}: "
        f"{counted(steps, mark)} steps, {counted(tasks, mark)} exercises",
        *(line(step.state, step, mark) for step in steps),
        *(line(f"exercise {e.number}", e, mark) for e in tasks),
    ]
    if mark.first:
        lines.append(f"Fails first: {mark.first}")
    return "\n".join([*lines, ""])


def line(number, step, mark):
    word = "done" if step.slug in mark.done else "open"
    return f"  {word}  {number}  {step.title}"


def names_in(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def packed(folder, names, file):
    """Write the .zip, in place of an older one only when it is whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.write(folder / name, name)
    new.replace(file)
    return f"Hand in  {file}"


def is_ours(file):
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return SAID in archive.namelist()
