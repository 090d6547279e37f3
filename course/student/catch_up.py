"""Catching up: a step's change, merged by git into what a student wrote."""

import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path

from ..errors import CourseError
from ..states import States
from .copies import changing, put_in_place, save_copy
from .merge import Merge
from .notes import remembered
from .reports import before_conflicts, summary
from .start import new_folder
from .workspaces import Workspaces, contents

MARKS = re.compile(rb"^<{7} .*^>{7} ", re.MULTILINE | re.DOTALL)


def catch_up(course, goal=None, merge=False, fresh=False):
    """Merge what the pages change, up to a state, into its workspace.

    A whole copy is saved first. Raises CourseError, with nothing changed,
    where there is nothing to catch up with, conflicts are still open, or
    there would be some and nobody said to `merge`. With `fresh`, the
    course's program is put in the place of the student's.
    """
    workspaces, goal = Workspaces(course), goal and course.state(goal)
    workspace = workspaces.chosen(goal and goal.chapter)
    outcome = remembered(workspace)
    first = first_to_merge(workspace, outcome)
    goal = goal or outcome.here or first
    check_goal(workspace, first, goal)
    if fresh:
        return begin_at(workspaces, workspace, goal)
    check_marks(workspace)
    states = States(course)
    base, theirs = states.trees[course.before(first)], states.trees[goal]
    trees = [base, workspace.tree(states), theirs]
    with (
        changing(workspaces, f"make catch-up {goal}"),
        tempfile.TemporaryDirectory(dir=states.build) as scratch,
    ):
        merged = Merge(states, Path(scratch) / "merge", trees, goal)
        check_merge(workspace, merged, goal)
        if merged.conflicts and not merge:
            raise CourseError(before_conflicts(workspace, merged, goal))
        saved = save_copy(workspaces, workspace)
        apply(workspace, merged, saved)
    return summary(workspace, merged, goal, saved)


def begin_at(workspaces, workspace, goal):
    """Let the workspace be the course's own program after a step."""
    with changing(workspaces, f"make catch-up {goal} FRESH=1"):
        new = new_folder(workspaces, workspace, goal)
        put_in_place(workspaces, workspace, new)
    return (
        f"{workspace.shown} is the course's own program after step {goal}.\n"
        "Next:      make check"
    )


def first_to_merge(workspace, outcome):
    """The first step that is not known to be done, or None."""
    open_steps = outcome.open_steps(workspace.chapter)
    if outcome.here and outcome.here.chapter < workspace.chapter.number:
        return outcome.here
    return open_steps[0].state if open_steps else None


def check_goal(workspace, first, goal):
    number = workspace.chapter.number
    if first is None or goal < first:
        raise CourseError(
            f"{workspace.shown} has done step {goal or workspace.chapter.last}"
            f" already.\nTry: make check {number}"
        )
    if goal.chapter != number and goal != first:
        raise CourseError(
            f"step {goal} is not one of {workspace.shown}.\n"
            f"Try: make catch-up {workspace.chapter.last}"
        )


def check_marks(workspace):
    for path in workspace.files():
        if MARKS.search(contents(path)):
            shown = path.relative_to(workspace.folder).as_posix()
            raise CourseError(
                f"{workspace.shown}/{shown} holds conflict marks from before "
                "(<<<<<<<). Settle them first, then type: make check"
            )


def check_merge(workspace, merge, goal):
    """Refuse to do nothing, or write over a file that git leaves out."""
    if not merge.changes:
        raise CourseError(
            f"your program holds all that step {goal} changes. What fails is "
            "somewhere else.\nTry: make compare, or make check VERBOSE=1"
        )
    for path, kind in merge.changes.items():
        if kind == "A" and os.path.lexists(workspace.folder / path):
            raise CourseError(
                f"{workspace.shown}/{path} is in the way, and your .gitignore "
                "leaves it out of the merge. Nothing was changed.\n"
                "Move it aside and type the same command again."
            )


def apply(workspace, merge, saved):
    """Write the merged files into the workspace, each at one stroke."""
    try:
        for path, kind in merge.changes.items():
            target = workspace.folder / path
            if kind == "D":
                target.unlink()
            else:
                put(merge.folder / path, target)
    except (OSError, KeyboardInterrupt) as error:
        raise CourseError(
            f"stopped half-way: {error or 'interrupted'}.\n"
            f"To have it as it was: make restore {saved.name}"
        ) from None


def put(source, target):
    """Replace a file, or make it, so that no reader sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with new.open("xb") as file:  # x: follows no link of that name
            file.write(source.read_bytes())
        if target.exists():
            shutil.copymode(target, new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
