"""Where a program keeps what it keeps, and how that is started over."""

from pathlib import Path
from typing import NamedTuple

from .errors import CourseError


class Place(NamedTuple):
    """A folder of one program's own, and the path that it answers below."""

    folder: Path
    prefix: str = ""


def place_of(course, name):
    """`instance/log-out`, by a step's slug, as numbers move; it is made."""
    folder = course.root / "instance" / name
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder)


def remove_database(course, state):
    """Remove a state's database; return what was removed, in words."""
    place = place_of(course, course.steps[state].slug)
    path = course.program.database_of(place)
    if path is None or not path.exists():
        return f"State {state} has no database yet; nothing was removed."
    held = course.program.contents(path)
    try:
        path.unlink()
    except PermissionError:
        raise CourseError(
            f"{path} is in use. Stop the program that runs on it (Ctrl-C in "
            f"its terminal), then type: make reset {state}"
        ) from None
    return f"Removed {path}, with {held}."
