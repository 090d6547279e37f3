"""A workspace's program in a process of its own, replaced at each save."""

import multiprocessing
import os
import signal
import sys
import threading
from contextlib import suppress

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from ..chapters import Course
from ..databases import place_of
from ..serving import guarded, rows_of, running
from .fault import Fault, explained, refusing
from .renewal import OURS, renewing

PROCESSES = multiprocessing.get_context("spawn")  # on every system the same
TERMINAL = "CONIN$" if os.name == "nt" else "/dev/tty"


class Live:
    """What answers at a socket: the program as it was last saved.

    Whoever asks while it is replaced waits, as the socket stays.
    """

    def __init__(self, workspace, listener, extra, address):
        self.told = PROCESSES.Event()  # set once the first words were said
        self.reports, sender = PROCESSES.Pipe(duplex=False)
        course, number = workspace.course, workspace.chapter.number
        self.known = (listener, course.root, number, extra, address)
        self.known += (self.told, sender)
        self.process, self.said = None, None

    def rows(self):
        """What the program last said of itself; None if it did not start."""
        while self.reports.poll():
            self.said = self.reports.recv()
        return self.said

    def start(self, names=()):
        """Start the program anew, `names` being the files just saved."""
        self.stop()
        self.rows()
        self.process = PROCESSES.Process(
            target=serve, args=(*self.known, names), daemon=True
        )
        self.process.start()

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.join()
            self.process.close()
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()


def serve(listener, root, number, extra, address, told, sender, names):
    """Serve the program as it stands; called in the process of its own."""
    from .workspaces import Workspaces

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the other's
    threading.Thread(target=leave_with_parent, daemon=True).start()
    with suppress(OSError):
        sys.stdin = os.fdopen(os.open(TERMINAL, os.O_RDONLY))  # breakpoint()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", line_buffering=True)
    workspace = Workspaces(Course(root)).of(number)
    os.chdir(workspace.folder)
    app, rows = made(workspace, extra)
    sender.send(rows)
    say(workspace, address, rows, told, names)
    options = {"threaded": True, "fd": listener.fileno()}
    options |= {"request_handler": Handler}
    own = guarded(renewing(app))
    server = make_server(*listener.getsockname(), own, **options)
    server.serve_forever()


class Handler(WSGIRequestHandler):
    """Says nothing of what only keeps a page new."""

    def log_request(self, *arguments):
        if not self.path.startswith(OURS):
            super().log_request(*arguments)


def leave_with_parent():
    multiprocessing.parent_process().join()
    os._exit(0)


def made(workspace, extra):
    """The application and what there is to say of it, or of why not."""
    from .run import application

    course, folder = workspace.course, workspace.folder
    place = place_of(course, workspace.shown)
    try:
        app = application(workspace, place, extra)
    except (Exception, SystemExit) as error:
        fault = Fault.of(error, folder)
        title = f"{workspace.shown} does not start"
        fault.tell(title)
        return refusing(fault, title), None
    course.program.raise_errors(app)
    return explained(app, folder), rows_of(course, app, place, workspace.shown)


def say(workspace, address, rows, told, names):
    """Say where the program is; once that was said, that it is new."""
    if rows is None:
        if not told.is_set():
            click.echo(f"    {address} waits for a save that mends it.")
    elif told.is_set():
        click.echo(f"{names[0]} was saved: started again.")
    else:
        told.set()
        rows.append(("saved", "a file? It and its pages are loaded again"))
        click.echo(running(f"{workspace.shown} is running.", address, rows))
