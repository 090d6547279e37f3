"""Where a program keeps what it keeps, and how that is started over."""

from pathlib import Path
from typing import NamedTuple

from .errors import CourseError
from .student.workspaces import Workspaces


class Place(NamedTuple):
    """A folder of one program's own, and the path that it answers below."""

    folder: Path
    prefix: str = ""


def place_of(course, name):
    """`instance/log-out`, by a step's slug, as numbers move; it is made."""
    folder = course.root / "instance" / name
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder)


def start_over(course, state=None):
    """Let a state, or the workspace worked on last, begin with no database.

    The old one is kept beside it. Returns what was done, in words.
    """
    if state is None:
        shown = Workspaces(course).chosen().shown
        place, what, again = place_of(course, shown), shown, "make reset"
    else:
        place = place_of(course, course.steps[state].slug)
        what, again = f"State {state}", f"make reset {state}"
    path = course.program.database_of(place)
    if path is None or not path.exists():
        return f"{what} has no database yet; nothing was changed."
    held = course.program.contents(path)
    try:
        old = course.program.put_aside(path)
    except PermissionError:
        raise CourseError(
            f"{path} is in use. Stop the program that runs on it (Ctrl-C in "
            f"its terminal), then type: {again}"
        ) from None
    return (
        f"{what} starts over with a new database. The old one, with {held},\n"
        f"is now {old.relative_to(course.root).as_posix()}."
    )
