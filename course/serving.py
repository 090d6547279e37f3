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
PORTS = range(5000, 5100)
MARK = ("X-Served-By", "the course")
REASONS = {
    errno.EADDRINUSE: "another program answers there",
    errno.EACCES: "the system keeps it for itself",
}


def serve(course, state, port=None):
    """Run a state until Ctrl-C. Without a port, the first free one is used.

    Raises CourseError where the port, or every port, is taken.
    """
    with (
        listening(port, f"make chapter {state}") as server,
        prepared(course, state) as (app, rows),
    ):
        title = f"State {state}, “{course.steps[state].title}”, is running."
        serve_until_stopped(server, app, title, rows)


@contextlib.contextmanager
def prepared(course, state):
    """A state's application with its people, and what there is to say."""
    place = place_of(course, course.steps[state].slug)
    shown = States(course).program(state).relative_to(course.root).as_posix()
    with course.program.services(course, state) as extra:
        app = application(course, state, place, extra)
        yield app, rows_of(course, app, place, shown)


def rows_of(course, app, place, shown):
    """What a person needs to know about a program that is to be served."""
    people, why = course.program.who(course, app)
    known = [f"{name:<6} password: {secret}" for name, secret in people]
    known += [why] if why else []
    heads = ["log in", *[""] * len(known)]
    rows = [*zip(heads, known, strict=False), ("program", shown)]
    path = course.program.database_of(place)
    if path and path.exists():
        where = path.relative_to(course.root).as_posix()
        held = course.program.contents(path)
        rows.append(("database", f"{where} ({held})"))
    return rows


def serve_until_stopped(server, app, title, rows, path="", host=HOST):
    """Say what runs, and serve it until Ctrl-C."""
    address = address_of(server, host) + path
    server.app = guarded(app)
    with contextlib.suppress(KeyboardInterrupt):
        click.echo(running(title, address, rows))
        server.serve_forever()  # Werkzeug's returns at Ctrl-C
    click.echo("\nStopped.")


def running(title, address, rows):
    """What is said of a program that runs."""
    rows = [("open", address), *rows, ("stop", "Ctrl-C")]
    lines = [f"  {name:<9} {text}".rstrip() for name, text in rows]
    return "\n".join([title, "", *lines, ""])


@contextlib.contextmanager
def served(app, port=0):
    """The address of an application, served for a while on any port."""
    with listening(port, quiet=True) as server:
        server.app = guarded(app)
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield address_of(server)
        finally:
            server.shutdown()
            thread.join()


def address_of(server, host=HOST):
    return f"http://{host}:{server.port}"


def guarded(app):
    """The application, for whoever asks for it by this machine's name.

    Another site's name can be made to lead here (DNS rebinding): 400. Each
    answer has a MARK, by which the other site knows a program of the course.
    """

    def answer(environ, start_response):
        try:
            get_host(environ, [HOST, LOOPBACK])
        except SecurityError as refused:
            return refused(environ, start_response)

        def marked(status, headers, *error):
            return start_response(status, [*headers, MARK], *error)

        return app(environ, marked)

    return answer


class Quiet(WSGIRequestHandler):
    """Says nothing of a request that was answered; errors are shown."""

    def log_request(self, *arguments):
        pass


def listening(port=None, command="make chapter 1", quiet=False, ports=PORTS):
    """A server that listens already, without an application yet.

    Without a port it is the first free one; 0 stands for any. Raises
    CourseError, with what to type, where the port or every port is taken.
    """
    if port is None and (other := os.environ.get("PORT")):
        click.echo(
            f"PORT={other} is not used. To use it: {command} PORT={other}"
        )
    for number in ports if port is None else [port]:
        try:
            server = bound(number)
        except OSError as error:
            why = REASONS.get(error.errno, error)
            continue
        if port is None and number != ports[0]:
            click.echo(f"Port {ports[0]} is taken; {number} is free.")
        server.RequestHandlerClass = Quiet if quiet else WSGIRequestHandler
        return server
    said = f"port {port} cannot be used: {why}"
    if port is None:
        said = f"every port from {ports[0]} to {ports[-1]} is taken"
    other = port + 1 if 1024 <= (port or 0) < 65535 else 8000
    raise CourseError(f"{said}.\nTry: {command} PORT={other}")


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
