"""A workspace, served on this machine as a state is."""

import importlib
import os
import sys
from datetime import datetime

import click
from werkzeug.serving import make_server

from ..databases import check_columns
from ..errors import CourseError
from ..people import add_people
from ..places import told
from ..serving import (
    HOST,
    first_free_port,
    log_in_rows,
    reason_against,
    serve_until_stopped,
)


def run(course, workspace, port=None):
    """Serve a workspace's program until Ctrl-C.

    Its database is in the course's own `instance`, not in the workspace.
    Raises CourseError where the program does not start.
    """
    if port and (reason := reason_against(port)):
        raise CourseError(
            f"port {port} cannot be used: {reason}.\nTry: make run"
        )
    path = course.root / "instance" / workspace.shown / "microblog.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{path.as_posix()}"
    app, people = started(workspace, path)
    server = make_server(HOST, port or first_free_port(), app, threaded=True)
    said = announcement(workspace, server.port, app, people)
    serve_until_stopped(server, said, port)


def started(workspace, path):
    """The application, and how many users it has."""
    sys.dont_write_bytecode = True
    sys.path.append(str(workspace.folder))
    try:
        package = importlib.import_module("microblog")
        app = package.create_app()
        return app, ready_database(app, package, path)
    except (Exception, SystemExit) as error:
        raise CourseError(
            f"{workspace.shown} does not start.\n"
            f"    {told(error, workspace.folder)}\n"
            "Try: make check"
        ) from None


def ready_database(app, package, path):
    models = getattr(package, "models", None)
    if not hasattr(models, "User"):
        return None
    with app.app_context():
        try:
            check_columns(models.db, "")
        except CourseError:
            start_over(models.db, path)
        return add_people(models)


def start_over(db, path):
    """Put a database of an older program aside, under a name with a date."""
    db.engine.dispose()
    now = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    old = path.rename(path.with_name(f"microblog-{now}.db"))
    db.create_all()
    click.echo(f"The table has changed: the old database is now {old.name}.")


def announcement(workspace, port, app, people):
    rows = [
        ("open", f"http://{HOST}:{port}"),
        *log_in_rows(app, people),
        ("program", workspace.shown),
        ("stop", "Ctrl-C"),
    ]
    lines = [f"  {name:<9} {text}".rstrip() for name, text in rows]
    return "\n".join([f"{workspace.shown} is running.", "", *lines, ""])
