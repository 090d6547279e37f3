"""The slides, with the program of every state behind them, on one port."""

import os
import sys
import tempfile
import webbrowser
from pathlib import Path

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from ..loading import load_package
from ..serving import (
    HOST,
    check_port,
    first_free_port,
    ready_database,
    serve_until_stopped,
)
from ..states import States
from .build import live_slides


class Quiet(WSGIRequestHandler):
    """Says nothing of a request that was answered; errors are shown."""

    def log_request(self, *arguments):
        pass


def server_of(app, port):
    """A server for this machine alone; with port 0, on any free one."""
    return make_server(HOST, port, app, threaded=True, request_handler=Quiet)


def walk(course, text, port=None, show=True):
    """Show the slides of `2`, or from step `2.3` on, until Ctrl-C.

    Raises CourseError where the port, or every port, is taken.
    """
    state = course.state(text)
    chapter = course.chapter(state.chapter)
    if port:
        check_port(port, chapter.number)
    folder = live_slides(course, chapter)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        stage = stage_of(course, chapter, folder, Path(scratch))
        chosen = port or first_free_port()
        server = server_of(stage, chosen)
        step = f"#/step-{state.chapter}-{state.step}" if "." in text else ""
        address = f"http://{HOST}:{chosen}/{step}"
        if show and has_a_screen():
            webbrowser.open(address)
        serve_until_stopped(server, announcement(chapter, address), port)


def stage_of(course, chapter, folder, databases):
    """One WSGI application: the slides, and each state below `/live/`."""
    slides = Flask(
        "slides", static_folder=folder.resolve(), static_url_path=""
    )
    slides.add_url_rule(
        "/", "index", lambda: slides.send_static_file("index.html")
    )
    programs = {
        f"/live/{step.state}": program(course, step.state, databases)
        for step in chapter.steps
    }
    return DispatcherMiddleware(slides, programs)


def program(course, state, databases):
    """The program of a state, with a database and cookies of its own.

    A browser sends a cookie to every port of a host, so each has a name of
    its own: RFC 6265, section 8.5.
    """
    package = load_package(state, States(course).program(state))
    mark, path = str(state).replace(".", "_"), f"/live/{state}"
    database = databases / f"{mark}.db"
    app = package.create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{database.as_posix()}",
            "SESSION_COOKIE_NAME": f"session_{mark}",
            "SESSION_COOKIE_PATH": path,
            "REMEMBER_COOKIE_NAME": f"remember_{mark}",
            "REMEMBER_COOKIE_PATH": path,
        }
    )
    ready_database(app, package, state)
    return app


def has_a_screen():
    """Without one, a browser in the terminal would take it over."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    desktop = sys.platform in ("darwin", "win32")
    return desktop or any(map(os.environ.get, screens))


def announcement(chapter, address):
    rows = [
        ("open", address),
        ("next", "Space or →; a clicker works"),
        ("notes", "S, with a timer and the next slide"),
        ("all", "Esc or O"),
        ("screen", "F for the full screen"),
        ("stop", "Ctrl-C"),
    ]
    lines = [f"  {name:<9} {text}" for name, text in rows]
    title = f"Chapter {chapter.number}, {chapter.name}, is ready to show."
    return "\n".join([title, "", *lines, ""])
