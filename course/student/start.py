"""A new workspace, from the course's state or the student's own program."""

import os

import click

from ..errors import CourseError
from ..states import States
from .copies import changing, move, move_aside
from .notes import remembered
from .workspaces import Workspaces


def start(course, number, again=False, fresh=False):
    """Make a chapter's workspace, and say what to build first.

    Raises CourseError where there is one, unless it is to start again.
    """
    workspaces = Workspaces(course)
    if number is None:
        raise CourseError(which(workspaces))
    workspace = workspaces.of(number)
    if os.path.lexists(workspace.folder) and not again:
        raise CourseError(already_there(course, workspace))
    own = None if fresh else finished_before(workspaces, workspace)
    with changing(workspaces, f"make start {number}"):
        new = made(workspaces, workspace, own)
        if os.path.lexists(workspace.folder):
            aside = move_aside(workspaces, workspace)
            click.echo(
                f"The old {workspace.shown} is now work/.saved/{aside.name}\n"
                "(make restore brings it back).\n"
            )
        move(new, workspace.folder)
    click.echo(first_words(workspace, own))


def which(workspaces):
    """What is told to who does not say which chapter to start."""
    course = workspaces.course
    new = [w.chapter for w in workspaces.all() if not w.exists]
    number = (new or course.chapters)[0].number
    return (
        f"start which chapter? {course.listed_chapters()}.\n"
        f"Try: make start {number}"
    )


def already_there(course, workspace):
    number = workspace.chapter.number
    if not workspace.exists:
        return f"{workspace.folder} is in the way: it is not a folder."
    outcome = remembered(workspace)
    where = "every check passes" if outcome.done else "it has no checks"
    if here := outcome.here:
        where = f"you are at step {here}, “{course.steps[here].title}”"
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
    outcome = remembered(before)
    return before if outcome.done and not outcome.here else None


def made(workspaces, workspace, own):
    """A new folder with the program to start from, not in its place yet."""
    course = workspaces.course
    workspaces.folder.mkdir(exist_ok=True)
    folder = workspaces.folder / f".new-{workspace.name}"
    if own:
        folder.mkdir()
        own.copy_to(folder)
    else:
        states = States(course)
        begin = course.before(workspace.chapter.steps[0].state)
        states.write_files(states.trees[begin], folder)
    return folder


def first_words(workspace, own):
    """Where the new workspace is, and what to do in it first."""
    number, step = workspace.chapter.number, workspace.chapter.steps[0]
    if own:
        made_of = f"your own program from {own.shown}"
    elif number == 1:
        made_of = "an empty folder"
    else:
        made_of = f"the program at the end of chapter {number - 1}"
    page = step.page.relative_to(workspace.course.root).as_posix()
    return (
        f"{workspace.shown} is ready: {made_of}.\n\n"
        f"First   {step.state}, “{step.title}”\n"
        f"Read    {page}\n"
        f"Build   in {workspace.shown}\n"
        "Then    make check"
    )
