"""Saved copies: `work/.saved/2026-11-21-101500-02-login`.

A copy appears under its name when it is whole, and is never removed. That of
a step that was done has the step's slug behind a dot.
"""

import os
import shutil
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import click

from ..errors import CourseError
from ..lock import alone

UNFINISHED = [".new-*", ".notes-*.json.*", ".saved/.unfinished-*"]


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


def place_to_save(workspaces, workspace, ending=""):
    """A path in `.saved` that is free; its folder is made."""
    folder, now = workspaces.saved, f"{datetime.now():%Y-%m-%d-%H%M%S}"
    folder.mkdir(parents=True, exist_ok=True)
    numbers = ("" if n == 1 else f".{n}" for n in count(1))
    paths = (folder / f"{now}{n}-{workspace.name}{ending}" for n in numbers)
    return next(path for path in paths if not path.exists())


def save_copy(workspaces, workspace):
    """Copy a whole workspace into `.saved`; return where."""
    target = place_to_save(workspaces, workspace)
    unfinished = target.with_name(f".unfinished-{target.name}")
    copy_whole(workspace.folder, unfinished)
    return move(unfinished, target)


def move_aside(workspaces, workspace):
    """Move a whole workspace into `.saved`; return where."""
    return move(workspace.folder, place_to_save(workspaces, workspace))


def copy_whole(folder, target):
    """Copy a folder with all the files, folders and links in it.

    Raises CourseError, with nothing changed, where a file cannot be read.
    """
    try:
        shutil.copytree(folder, target, symlinks=True, ignore=special)
    except OSError as error:
        why = error
        if isinstance(error, shutil.Error):  # it lists (from, to, why)
            why = "{0}: {2}".format(*error.args[0][0])
        raise CourseError(
            f"{folder} could not be copied, so nothing was changed.\n    {why}"
        ) from None


def special(folder, names):
    """The sockets and pipes of a folder, which no copy can hold."""
    paths = [Path(folder, name) for name in names]
    found = [p for p in paths if not (p.is_symlink() or p.is_dir())]
    return [path.name for path in found if not path.is_file()]


def move(folder, target):
    """Give a folder another name, and return that."""
    try:
        return folder.rename(target)
    except OSError as error:
        raise CourseError(
            f"{folder} could not be moved: {error.strerror}. Nothing was "
            "changed.\nClose the programs that use it (an editor, a terminal,"
            " a server) and type the same command again."
        ) from None


def put_in_place(workspaces, workspace, new):
    """Let a folder be a workspace, and say where the old one went."""
    if os.path.lexists(workspace.folder):
        aside = move_aside(workspaces, workspace)
        click.echo(
            f"The old {workspace.shown} is now work/.saved/{aside.name}\n"
            f"(make restore {aside.name} brings it back).\n"
        )
    move(new, workspace.folder)
