"""A new workspace, from the course's state or the student's own program."""

import os
import tempfile
from pathlib import Path

import click

from ..errors import CourseError
from ..states import States
from .copies import move, move_aside
from .notes import remembered
from .workspaces import Workspaces


def start(course, number, again=False, fresh=False):
    """Make a chapter's workspace, and say what to build first.

    Raises CourseError where there is one, unless it is to start again.
    """
    workspaces = Workspaces(course)
    workspace = workspaces.of(number)
    if os.path.lexists(workspace.folder) and not again:
        raise CourseError(already_there(course, workspace))
    own = None if fresh else finished_before(workspaces, workspace)
    new = made(course, workspaces, workspace, own)
    if os.path.lexists(workspace.folder):
        aside = move_aside(workspaces, workspace)
        click.echo(
            f"The old {workspace.shown} is now work/.saved/{aside.name}"
        )
        click.echo("(make restore brings it back).\n")
    move(new, workspace.folder)
    new.parent.rmdir()
    click.echo(first_words(course, workspace, own))


def already_there(course, workspace):
    number = workspace.chapter.number
    if not workspace.exists:
        return f"{workspace.folder} is in the way: it is not a folder."
    here = remembered(workspace).here
    where = f"you are at step {here}" if here else "the chapter is done"
    if here:
        where += f", “{course.steps[here].title}”"
    return (
        f"{workspace.shown} exists already; {where}.\n"
        f"Go on with: make check {number}\n"
        f"Or start over (the old one is kept): make start {number} AGAIN=1"
    )


def finished_before(workspaces, workspace):
    """The student's own program at the end of the chapter before, or None."""
    number = workspace.chapter.number - 1
    if not number or not workspaces.of(number).exists:
        return None
    before = workspaces.of(number)
    return None if remembered(before).here else before


def made(course, workspaces, workspace, own):
    """A new folder with the program to start from, not in its place yet."""
    workspaces.folder.mkdir(exist_ok=True)
    scratch = tempfile.mkdtemp(prefix=".new-", dir=workspaces.folder)
    folder = Path(scratch) / workspace.name
    if own:
        folder.mkdir()
        own.copy_to(folder)
        return folder
    states = States(course)
    states.write_files(states.trees[begin_of(course, workspace)], folder)
    return folder


def begin_of(course, workspace):
    return course.before(workspace.chapter.steps[0].state)


def first_words(course, workspace, own):
    """Where the new workspace is, and what to do in it first."""
    number, step = workspace.chapter.number, workspace.chapter.steps[0]
    if own:
        made_of = f"your own program from {own.shown}"
    elif number == 1:
        made_of = "an empty folder"
    else:
        made_of = f"the program at the end of chapter {number - 1}"
    page = step.page.relative_to(course.root).as_posix()
    return (
        f"{workspace.shown} is ready: {made_of}.\n\n"
        f"First   {step.state}, “{step.title}”\n"
        f"Read    {page}\n"
        f"Build   in {workspace.shown}\n"
        "Then    make check"
    )
