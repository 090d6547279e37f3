"""A new workspace, from the course's state or the student's own program."""

import os

from ..errors import CourseError
from ..states import States
from .copies import changing, put_in_place
from .given import give, given_files
from .notes import remembered, write_notes
from .workspaces import MAKEFILE, Workspaces


def start(course, number, again=False, fresh=False):
    """Make a chapter's workspace, and say what to build first.

    Raises CourseError where there is one, unless it is to start again.
    """
    workspaces = Workspaces(course)
    if number is None:
        raise CourseError(which(workspaces))
    workspace = workspaces.of(number)
    if os.path.lexists(workspace.folder) and not again:
        raise CourseError(already_there(workspace))
    own = None if fresh else finished_before(workspaces, workspace)
    with changing(workspaces, f"make start {number}"):
        new = made(workspaces, workspace, own)
        put_in_place(workspaces, workspace, new)
        write_notes(workspace, kept=[])
    return first_words(workspace, own)


def which(workspaces):
    """What is told to who does not say which chapter to start."""
    course = workspaces.course
    new = [w.chapter for w in workspaces.all() if not w.exists]
    return (
        f"start which chapter? {course.listed_chapters()}.\n"
        f"Try: make start {(new or course.chapters)[0].number}"
    )


def already_there(workspace):
    if not workspace.exists:
        return f"{workspace.folder} is in the way: it is not a folder."
    number, outcome = workspace.chapter.number, remembered(workspace)
    where = "every check passes" if outcome.done else "it has no checks"
    if step := workspace.course.steps.get(outcome.here):
        where = f"you are at step {step.state}, “{step.title}”"
    return (
        f"{workspace.shown} exists already; {where}.\n"
        f"Go on with: make check {number}\n"
        f"Or start over (the old one is kept): make start {number} AGAIN=1"
    )


def finished_before(workspaces, workspace):
    """The student's own program at the end of the chapter before, or None."""
    number = workspace.chapter.number - 1
    before = workspaces.of(number) if number else None
    if before and before.exists:
        outcome = remembered(before)
        return before if outcome.done and not outcome.here else None


def made(workspaces, workspace, own):
    """A new folder with the program to start from, not in its place yet."""
    course, first = workspaces.course, workspace.chapter.steps[0]
    if own is None:
        return new_folder(workspaces, workspace, course.before(first.state))
    folder = workspaces.folder / f".new-{workspace.name}"
    folder.mkdir()
    own.copy_to(folder)
    return complete(workspaces, workspace, folder)


def new_folder(workspaces, workspace, state):
    """A new folder with the course's program of a state."""
    folder, states = workspaces.folder, States(workspaces.course)
    folder = folder / f".new-{workspace.name}"
    states.write_files(states.trees[state], folder)
    return complete(workspaces, workspace, folder)


def complete(workspaces, workspace, folder):
    """Add what the chapter gives, and what lets make work in the folder."""
    give(States(workspaces.course), workspace.chapter, folder)
    if not (folder / "Makefile").exists():
        (folder / "Makefile").write_bytes(MAKEFILE)
    return folder


def first_words(workspace, own):
    """Where the new workspace is, and what to do in it first."""
    number, step = workspace.chapter.number, workspace.chapter.steps[0]
    made_of = f"the program at the end of chapter {number - 1}"
    if number == 1:
        made_of = "an empty folder"
    if own:
        made_of = f"your own program from {own.shown}"
    primers = workspace.course.primers if number == 1 else []
    lines = [
        f"{workspace.shown} is ready: {made_of}.\n",
        *(f"Before  chapters/{page.name}" for page in primers),
        f"First   {step.state}, “{step.title}”",
        f"Read    {step.shown}",
        f"Build   in {workspace.shown}",
        *(f"Given   {name}" for name in given_files(workspace.chapter)),
        "Then    make check",
        f"Or      make learn {number}, all of it in your browser",
    ]
    return "\n".join(lines)
