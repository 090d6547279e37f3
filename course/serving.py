"""A state, served on this machine."""

import contextlib
import errno
import os
import socket

import click
from werkzeug.serving import make_server

from .databases import check_columns, database_of
from .errors import CourseError
from .loading import load_package
from .people import PEOPLE, add_people
from .states import States

HOST = "127.0.0.1"
FIRST_PORT, LAST_PORT = 5000, 5099


def serve(course, state, port=None):
    """Run a state until Ctrl-C. Without a port, the first free one is used.

    Raises CourseError where the port, or every port, is taken.
    """
    chosen = port or first_free_port()
    if port:
        check_port(port, state)
    folder = States(course).program(state)
    database = database_of(course, state)
    os.environ["DATABASE_URL"] = f"sqlite:///{database.as_posix()}"
    package = load_package(state, folder)
    app = package.create_app()
    people = ready_database(app, package, state)
    server = make_server(HOST, chosen, app, threaded=True)
    said = announcement(course, state, chosen, app, people)
    serve_until_stopped(server, said, port)


def serve_until_stopped(server, said, port=None):
    """Say what runs, and serve until Ctrl-C; `port` is one asked for."""
    if not port and server.port != FIRST_PORT:
        click.echo(f"Port {FIRST_PORT} is taken; {server.port} is free.")
    with contextlib.suppress(KeyboardInterrupt):
        click.echo(said)
        server.serve_forever()  # Werkzeug's returns at Ctrl-C
    click.echo("\nStopped.")


def ready_database(app, package, state):
    """Fill an empty database; return the number of users, or None."""
    models = getattr(package, "models", None)
    if models is None:
        return None
    with app.app_context():
        check_columns(models.db, state)
        return add_people(models)


def announcement(course, state, port, app, people):
    """What a person needs to know about the program that now runs."""
    title = course.steps[state].title
    step = f"State {state}, “{title}”"
    folder = States(course).program(state).relative_to(course.root)
    rows = [("open", f"http://{HOST}:{port}"), *log_in_rows(app, people)]
    rows.append(("program", folder.as_posix()))
    if people is not None:
        path = database_of(course, state).relative_to(course.root)
        users = "1 user" if people == 1 else f"{people} users"
        rows.append(("database", f"{path.as_posix()} ({users})"))
    rows.append(("stop", "Ctrl-C"))
    lines = [f"  {name:<9} {text}".rstrip() for name, text in rows]
    return "\n".join([f"{step}, is running.", "", *lines, ""])


def log_in_rows(app, people):
    if people is None:
        return [("log in", "there are no users yet: they come with step 1.2")]
    if "/login" not in {rule.rule for rule in app.url_map.iter_rules()}:
        return [("log in", "nobody can yet: that comes with step 2.2")]
    names = ["log in", *[""] * (len(PEOPLE) - 1)]
    known = [f"{p.username:<6} password: {p.password}" for p in PEOPLE]
    return list(zip(names, known, strict=True))


def first_free_port():
    for port in range(FIRST_PORT, LAST_PORT + 1):
        if not reason_against(port):
            return port
    raise CourseError(
        f"every port from {FIRST_PORT} to {LAST_PORT} is taken.\n"
        "Try: make chapter 1 PORT=8000"
    )


def check_port(port, state):
    reason = reason_against(port)
    if reason:
        raise CourseError(
            f"port {port} cannot be used: {reason}.\n"
            f"Try: make chapter {state} "
            f"PORT={port + 1 if port >= 1024 else 8000}, or leave PORT out"
        )


def reason_against(port):
    """Why a server cannot listen on a port, or None.

    A server that listens on every address (macOS has one on 5000) does not
    stop another from binding 127.0.0.1, so ask whether one answers there.
    """
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((HOST, port)) == 0:
            return "another program answers there"
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                return "the system keeps it for itself"
            return os.strerror(error.errno).lower()
    return None
