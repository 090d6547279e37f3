"""The command: the other site, and a state to attack where one is named."""

from contextlib import contextmanager

from ..errors import CourseError
from ..loading import load_file
from ..serving import (
    LOOPBACK,
    listening,
    prepared,
    serve_until_stopped,
    served,
)
from .site import make_site

PORTS = range(5100, 5200)  # its own: 5000 is for the program
DEFAULT = "http://localhost:5000"


def other_site(course, state=None, port=None):
    """Serve the other site until Ctrl-C, and a state, if there is one.

    Raises CourseError where the course has no attacks, or no port is free.
    """
    attacks = attacks_of(course)
    command = f"make other-site {state or ''}".strip()
    with (
        listening(port, command, quiet=True, ports=PORTS) as server,
        attacked(course, state) as (address, rows),
    ):
        site = make_site(course, attacks, address)
        title = "The other site is running."
        serve_until_stopped(server, site, title, rows, host=LOOPBACK)


def attacks_of(course):
    """The ATTACKS of a course, in its folder other-site."""
    path = course.root / "other-site" / "attacks.py"
    if not path.is_file():
        raise CourseError("this course has no other site.\nTry: make run")
    return load_file("attacks", path).ATTACKS


@contextmanager
def attacked(course, state):
    """The address of what is attacked, and what there is to say of it."""
    if state is None:
        said = f"{DEFAULT}, where make run serves your program"
        yield DEFAULT, [("attacks", said)]
        return
    with (
        prepared(course, state) as (app, rows),
        served(app, port=None) as address,
    ):
        said = f"{address}, state {state}, “{course.steps[state].title}”"
        yield address, [("attacks", said), *rows]
