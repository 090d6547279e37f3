"""The saved copies, listed or brought back."""

import os
import re

from ..errors import CourseError
from .copies import changing, copy_whole, put_in_place
from .workspaces import Workspaces

NAME = re.compile(
    r"(\d{4}-\d\d-\d\d)-(\d\d)(\d\d)(\d\d)(?:\.\d+)?-([^.]+)(?:\.(.+))?"
)


def shown(course, name):
    """A saved copy, in words."""
    day, hour, minute, second, of, slug = NAME.fullmatch(name).groups()
    done = f", step {course.slugs.get(slug, slug)} done" if slug else ""
    return f"{of}{done}, as it was on {day} at {hour}:{minute}:{second}"


def restore(course, name=None):
    """Bring a saved copy back, and say where the other went.

    What stands in its place is moved into `.saved` first, and the copy
    stays there too. Without a name, the copies are listed; CourseError is
    raised for one that is not there.
    """
    workspaces = Workspaces(course)
    found = [path.name for path in workspaces.saved.glob("*")]
    names = sorted(filter(NAME.fullmatch, found), reverse=True)
    if not name:
        listed = [
            f"make restore {each}\n    {shown(course, each)}" for each in names
        ]
        return "\n".join(listed) or "There are no saved copies yet."
    if name not in names:
        raise CourseError(
            f"there is no saved copy “{name}”.\nTry: make restore"
        )
    saved = workspaces.saved / name
    workspace = workspace_of(workspaces, saved)
    with changing(workspaces, f"make restore {name}"):
        new = workspace.folder.with_name(f".new-{workspace.name}")
        copy_whole(saved, new)
        put_in_place(workspaces, workspace, new)
        os.utime(workspace.folder)
    return f"{workspace.shown} is as it was: {shown(course, name)}."


def workspace_of(workspaces, saved):
    of = NAME.fullmatch(saved.name)[5]
    for workspace in [*workspaces.all(), workspaces.named("notebooks")]:
        if workspace.name == of:
            return workspace
    raise CourseError(
        f"the course has no chapter {of} any more. The copy is in {saved}."
    )
