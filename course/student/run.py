"""A workspace, served on this machine as a state is."""

import contextlib
import importlib
import os
import sys

from ..databases import place_of
from ..errors import CourseError
from ..places import told
from ..serving import listening, rows_of, serve_until_stopped


def run(workspace, port=None):
    """Serve a workspace's program until Ctrl-C, in its own folder.

    Its database is in the course's own `instance`, not in the workspace.
    Raises CourseError where the program does not start.
    """
    with (
        listening(port, "make run") as server,
        started(workspace) as (app, rows, _),
    ):
        title = f"{workspace.shown} is running."
        rows.append(("changed", "a file? Ctrl-C, and make run once more"))
        serve_until_stopped(server, app, title, rows)


@contextlib.contextmanager
def started(workspace):
    """The application, what there is to say about it, and its Place.

    Inside of the block, its own folder is the current one.
    """
    course = workspace.course
    place = place_of(course, workspace.shown)
    with (
        contextlib.chdir(workspace.folder),
        course.program.services(course, workspace.chapter.last) as extra,
    ):
        yield *made(course, workspace, place, extra), place


def made(course, workspace, place, extra):
    sys.dont_write_bytecode = True
    sys.path.append(str(workspace.folder))
    os.environ.update(course.program.environment(place))
    try:
        package = importlib.import_module(course.program.PACKAGE)
        settings = extra | course.program.own_settings(place)
        app = course.program.make(package, extra=settings)
        course.program.prepare(app, place)
        return app, rows_of(course, app, place, workspace.shown)
    except (Exception, SystemExit) as error:
        raise CourseError(
            f"{workspace.shown} does not start.\n"
            f"    {told(error, workspace.folder)}\n"
            "Try: make check"
        ) from None
