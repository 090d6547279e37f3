"""Saved copies: `work/.saved/2026-11-21-101500-02-login`.

A copy appears under its name when it is whole, and is never removed.
"""

import os
import re
import shutil
from datetime import datetime
from pathlib import Path

from ..errors import CourseError

NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(\d\d)(\d\d)(\d\d)(?:\.\d+)?-(.+)")


def saved_folder(workspaces):
    return workspaces.folder / ".saved"


def saved_copies(workspaces):
    """The names of all saved copies, newest first."""
    folder = saved_folder(workspaces)
    if not folder.is_dir():
        return []
    names = (p.name for p in folder.iterdir() if NAME.fullmatch(p.name))
    return sorted(names, reverse=True)


def shown(name):
    """A saved copy, in words."""
    day, hour, minute, second, of = NAME.fullmatch(name).groups()
    return f"{of}, as it was on {day} at {hour}:{minute}:{second}"


def place_to_save(workspaces, workspace):
    """A path in `.saved` that is free; its folder is made."""
    now = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    folder = saved_folder(workspaces)
    folder.mkdir(parents=True, exist_ok=True)
    taken, number = "", 1
    while (folder / f"{now}{taken}-{workspace.name}").exists():
        number += 1
        taken = f".{number}"
    return folder / f"{now}{taken}-{workspace.name}"


def save_copy(workspaces, workspace):
    """Copy a whole workspace into `.saved`; return where."""
    target = place_to_save(workspaces, workspace)
    copy_whole(workspace.folder, target)
    return target


def move_aside(workspaces, workspace):
    """Move a whole workspace into `.saved`; return where."""
    target = place_to_save(workspaces, workspace)
    move(workspace.folder, target)
    return target


def copy_whole(folder, target):
    """Copy a folder with all that is in it, under its name when whole.

    Raises CourseError, with nothing changed, where a file cannot be read.
    """
    unfinished = target.with_name(f".unfinished-{os.getpid()}-{target.name}")
    try:
        shutil.copytree(folder, unfinished, symlinks=True)
    except (OSError, shutil.Error) as error:
        raise CourseError(
            f"{folder} could not be copied, so nothing was changed.\n"
            f"    {first_reason(error)}"
        ) from None
    move(unfinished, target)


def first_reason(error):
    """What shutil says, which lists (from, to, why) for several files."""
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        source, _, why = error.args[0][0]
        return f"{source}: {why}"
    return str(error)


def move(folder, target):
    try:
        folder.rename(target)
    except OSError as error:
        raise CourseError(
            f"{folder} could not be moved: {error.strerror}. Nothing was "
            "changed.\nClose the programs that use it (an editor, a terminal,"
            " a server) and type the same command again."
        ) from None


def restore(workspaces, name):
    """Bring a saved copy back; return (workspace, where the other went).

    What stands in its place is moved into `.saved` first, and the copy
    stays there too. Raises CourseError for a name that is not there.
    """
    if name not in saved_copies(workspaces):
        raise CourseError(
            f"there is no saved copy “{name}”.\nTry: make restore"
        )
    workspace = workspace_of(workspaces, name)
    new = workspace.folder.with_name(f".new-{os.getpid()}-{workspace.name}")
    copy_whole(saved_folder(workspaces) / name, new)
    aside = None
    if workspace.folder.exists():
        aside = move_aside(workspaces, workspace)
    move(new, workspace.folder)
    os.utime(workspace.folder)
    return workspace, aside


def workspace_of(workspaces, name):
    of = NAME.fullmatch(name)[5]
    for workspace in workspaces.all():
        if workspace.name == of:
            return workspace
    raise CourseError(
        f"the course has no chapter {of} any more. The copy is in "
        f"{Path(saved_folder(workspaces), name)}."
    )
