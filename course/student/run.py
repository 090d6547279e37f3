"""A workspace, served on this machine as a state is."""

import contextlib
import importlib
import os
import sys

import click

from ..databases import place_of
from ..errors import CourseError
from ..places import told
from ..serving import address_of, listening
from .live import Live
from .watch import saves


def run(workspace, port=None):
    """Serve a workspace's program until Ctrl-C, anew after each save.

    Its database is in the course's own `instance`, not in the workspace.
    """
    with (
        listening(port, "make run") as server,
        services(workspace) as extra,
        contextlib.suppress(KeyboardInterrupt),
        Live(workspace, server.socket, extra, address_of(server)) as program,
    ):
        for names in saves(workspace):
            program.start(names)
    click.echo("\nStopped.")


def services(workspace):
    """What runs beside the program of a workspace, as a block."""
    course = workspace.course
    return course.program.services(course, workspace.chapter.last)


@contextlib.contextmanager
def started(workspace):
    """The application of a workspace in its own folder, and its Place.

    Raises CourseError where the program does not start.
    """
    place = place_of(workspace.course, workspace.shown)
    with contextlib.chdir(workspace.folder), services(workspace) as extra:
        try:
            yield application(workspace, place, extra), place
        except (Exception, SystemExit) as error:
            raise CourseError(
                f"{workspace.shown} does not start.\n"
                f"    {told(error, workspace.folder)}\n"
                "Try: make check"
            ) from None


def application(workspace, place, extra):
    """Import a workspace's program; raises whatever that leads to."""
    program = workspace.course.program
    sys.dont_write_bytecode = True
    sys.path.append(str(workspace.folder))
    init = f"{program.PACKAGE}/__init__.py"
    if not (workspace.folder / init).is_file():
        raise ModuleNotFoundError(f"there is no {init} yet")
    os.environ.update(program.environment(place))
    package = importlib.import_module(program.PACKAGE)
    app = program.make(package, extra=extra | program.own_settings(place))
    program.prepare(app, place)
    return app
