"""Saved copies: `work/.saved/2026-11-21-101500-02-login`.

A copy appears under its name when it is whole, and is never removed.
"""

import os
import re
import shutil
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import click

from ..errors import CourseError
from ..lock import alone

NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(\d\d)(\d\d)(\d\d)(?:\.\d+)?-(.+)")
UNFINISHED = [".new-*", ".notes.json.*", ".saved/.unfinished-*"]


@contextmanager
def changing(workspaces, doing):
    """Be the only one who changes workspaces, and leave nothing half done."""
    with alone(workspaces.course.root, doing):
        tidy(workspaces.folder)
        try:
            yield
        finally:
            tidy(workspaces.folder)


def tidy(folder):
    """Remove what a command that was stopped has left."""
    for path in [p for name in UNFINISHED for p in folder.glob(name)]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def saved_folder(workspaces):
    return workspaces.folder / ".saved"


def saved_copies(workspaces):
    """The names of all saved copies, newest first."""
    folder = saved_folder(workspaces)
    names = os.listdir(folder) if folder.is_dir() else []
    return sorted(filter(NAME.fullmatch, names), reverse=True)


def list_copies(workspaces):
    """Say how each saved copy is brought back."""
    for name in saved_copies(workspaces):
        click.echo(f"make restore {name}\n    {shown(name)}")
    if not saved_copies(workspaces):
        click.echo("There are no saved copies yet.")


def shown(name):
    """A saved copy, in words."""
    day, hour, minute, second, of = NAME.fullmatch(name).groups()
    return f"{of}, as it was on {day} at {hour}:{minute}:{second}"


def place_to_save(workspaces, workspace):
    """A path in `.saved` that is free; its folder is made."""
    now = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    folder = saved_folder(workspaces)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = ("" if n == 1 else f".{n}" for n in count(1))
    paths = (folder / f"{now}{n}-{workspace.name}" for n in numbers)
    return next(path for path in paths if not path.exists())


def save_copy(workspaces, workspace):
    """Copy a whole workspace into `.saved`; return where."""
    target = place_to_save(workspaces, workspace)
    unfinished = target.with_name(f".unfinished-{target.name}")
    copy_whole(workspace.folder, unfinished)
    move(unfinished, target)
    return target


def move_aside(workspaces, workspace):
    """Move a whole workspace into `.saved`; return where."""
    target = place_to_save(workspaces, workspace)
    move(workspace.folder, target)
    return target


def copy_whole(folder, target):
    """Copy a folder with all the files, folders and links in it.

    Raises CourseError, with nothing changed, where a file cannot be read.
    """
    try:
        shutil.copytree(folder, target, symlinks=True, ignore=special)
    except (OSError, shutil.Error) as error:
        raise CourseError(
            f"{folder} could not be copied, so nothing was changed.\n"
            f"    {first_reason(error)}"
        ) from None


def special(folder, names):
    """The sockets and pipes of a folder, which no copy can hold."""
    paths = [Path(folder, name) for name in names]
    found = [p for p in paths if not (p.is_symlink() or p.is_dir())]
    return [path.name for path in found if not path.is_file()]


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
    """Bring a saved copy back, and say where the other went.

    What stands in its place is moved into `.saved` first, and the copy
    stays there too. Raises CourseError for a name that is not there.
    """
    if name not in saved_copies(workspaces):
        raise CourseError(
            f"there is no saved copy “{name}”.\nTry: make restore"
        )
    workspace, aside = workspace_of(workspaces, name), None
    new = workspace.folder.with_name(f".new-{workspace.name}")
    with changing(workspaces, f"make restore {name}"):
        copy_whole(saved_folder(workspaces) / name, new)
        if os.path.lexists(workspace.folder):
            aside = move_aside(workspaces, workspace)
        move(new, workspace.folder)
        os.utime(workspace.folder)
    click.echo(f"{workspace.shown} is as it was: {shown(name)}.")
    if aside:
        click.echo(f"What stood there is now: make restore {aside.name}")


def workspace_of(workspaces, name):
    of = NAME.fullmatch(name)[5]
    for workspace in workspaces.all():
        if workspace.name == of:
            return workspace
    raise CourseError(
        f"the course has no chapter {of} any more. The copy is in "
        f"{saved_folder(workspaces) / name}."
    )
