"""The command: the desk, served on this machine until Ctrl-C."""

import webbrowser
from contextlib import ExitStack

from ..browser import has_a_screen
from ..serving import address_of, listening, serve_until_stopped
from ..student.workspaces import Workspaces
from .site import make_desk
from .work import Work

PORTS = range(5200, 5300)  # its own: 5000 is for the program


def learn(course, number=None, port=None, show=True):
    """Put a chapter's workspace on the desk, or the one worked on last.

    Raises CourseError where the port, or every port, is taken.
    """
    command = f"make learn {number or ''}".strip()
    with ExitStack() as stack:
        listen = {"command": command, "quiet": True}
        server = stack.enter_context(listening(port, ports=PORTS, **listen))
        program = stack.enter_context(listening(None, quiet=True))
        work = Work(course, program)
        stack.callback(work.end)
        work.open(number or last_worked_on(course))
        if show and has_a_screen():
            webbrowser.open(address_of(server))
        rows = [
            ("program", f"{work.address}, as you saved it last"),
            ("build", f"in {work.workspace.shown}, with your own editor"),
        ]
        title = f"Chapter {work.workspace.chapter.number} is on the desk."
        serve_until_stopped(server, make_desk(course, work), title, rows)


def last_worked_on(course):
    """The number of the chapter worked on last, or of the first."""
    started = [w for w in Workspaces(course).all() if w.exists]
    last = max(started, key=lambda w: (w.changed(), w.name), default=None)
    return last.chapter.number if last else course.chapters[0].number
