"""A WSGI application, served on this machine and to nobody else."""

import contextlib
import errno
import os
import socket
import threading

import click
from werkzeug.exceptions import SecurityError
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import get_host

from .databases import place_of
from .errors import CourseError
from .loading import application
from .states import States

HOST, LOOPBACK = "localhost", "127.0.0.1"
FIRST_PORT, LAST_PORT = 5000, 5099
REASONS = {
    errno.EADDRINUSE: "another program answers there",
    errno.EACCES: "the system keeps it for itself",
}


def serve_state(course, state, port=None):
    """Run a state until Ctrl-C. Without a port, the first free one is used.

    Raises CourseError where the port, or every port, is taken.
    """
    step, folder = course.steps[state], States(course).program(state)
    place = place_of(course, step.slug)
    with (
        listening(port, f"make chapter {state}") as server,
        course.program.services(course, state) as extra,
    ):
        app = application(course, state, place, extra)
        shown = folder.relative_to(course.root).as_posix()
        rows = rows_of(course, app, place, shown)
        serve(server, app, f"State {state}, “{step.title}”, is running.", rows)


def rows_of(course, app, place, shown):
    """What a person needs to know about a program that is to be served."""
    people, why = course.program.who(course, app)
    known = [f"{name:<6} password: {secret}" for name, secret in people]
    known = known or [why] if why or known else []
    rows = [("" if n else "log in", text) for n, text in enumerate(known)]
    path = course.program.database_of(place)
    rows.append(("program", shown))
    if path and path.exists():
        where = path.relative_to(course.root).as_posix()
        held = course.program.contents(path)
        rows.append(("database", f"{where} ({held})"))
    return rows


def serve(server, app, title, rows, path=""):
    """Say what runs, and serve it until Ctrl-C."""
    rows = [("open", address_of(server) + path), *rows, ("stop", "Ctrl-C")]
    lines = [f"  {name:<9} {text}".rstrip() for name, text in rows]
    server.app = guarded(app)
    with contextlib.suppress(KeyboardInterrupt):
        click.echo("\n".join([title, "", *lines, ""]))
        server.serve_forever()  # Werkzeug's returns at Ctrl-C
    click.echo("\nStopped.")


@contextlib.contextmanager
def served(app):
    """The address of an application, served for a while on any port."""
    with listening(0, quiet=True) as server:
        server.app = guarded(app)
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield address_of(server)
        finally:
            server.shutdown()
            thread.join()


def address_of(server):
    return f"http://{HOST}:{server.port}"


def guarded(app):
    """The application, for whoever asks for it by this machine's name.

    Another site's name can be made to lead here (DNS rebinding): 400.
    """

    def answer(environ, start_response):
        try:
            get_host(environ, [HOST, LOOPBACK])
        except SecurityError as refused:
            return refused(environ, start_response)
        return app(environ, start_response)

    return answer


class Quiet(WSGIRequestHandler):
    """Says nothing of a request that was answered; errors are shown."""

    def log_request(self, *arguments):
        pass


def listening(port=None, command="", quiet=False):
    """A server that listens already, without an application yet.

    Without a port it is the first free one; 0 stands for any. Raises
    CourseError, with a command to type, where the port is taken.
    """
    server = first_free() if port is None else wanted(port, command)
    if quiet:
        server.RequestHandlerClass = Quiet
    return server


def first_free():
    for port in range(FIRST_PORT, LAST_PORT + 1):
        with contextlib.suppress(OSError):
            server = bound(port)
            if port != FIRST_PORT:
                click.echo(f"Port {FIRST_PORT} is taken; {port} is free.")
            return server
    raise CourseError(
        f"every port from {FIRST_PORT} to {LAST_PORT} is taken.\n"
        "Try: PORT=8000 make chapter 1"
    )


def wanted(port, command):
    try:
        return bound(port)
    except OSError as error:
        reason = REASONS.get(error.errno) or os.strerror(error.errno).lower()
        raise CourseError(
            f"port {port} cannot be used: {reason}.\n"
            f"Try: PORT={port + 1 if port >= 1024 else 8000} {command}, "
            "or leave PORT out"
        ) from None


def bound(port):
    """A server that has the port. Raises OSError where that is taken."""
    if port and answers(port):
        raise OSError(errno.EADDRINUSE, "")
    with socket.create_server((LOOPBACK, port)) as listener:
        options = {"threaded": True, "fd": listener.fileno()}
        return make_server(*listener.getsockname(), None, **options)


def answers(port):
    """Whether someone answers on localhost, by IPv4 or by IPv6.

    A server that listens on every address (macOS has one on 5000) does not
    stop another from binding 127.0.0.1.
    """
    with contextlib.suppress(OSError):
        socket.create_connection((HOST, port), timeout=0.2).close()
        return True
    return False
