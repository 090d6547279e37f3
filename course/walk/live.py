"""The slides, with the program of every state behind them, on one port."""

import tempfile
import webbrowser
from pathlib import Path

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request

from ..browser import has_a_screen
from ..databases import Place
from ..loading import application
from ..serving import address_of, listening, serve_until_stopped
from .build import live_slides

KEYS = [
    ("next", "Space or →; a clicker works"),
    ("notes", "S, with a timer and the next slide"),
    ("all", "Esc or O"),
    ("screen", "F for the full screen"),
]
FRAMING = ("x-frame-options", "content-security-policy")
OWN_FRAMES = ("Content-Security-Policy", "frame-ancestors 'self'")


def walk(course, text, port=None, show=True):
    """Show the slides of `2`, or from step `2.3` on, until Ctrl-C.

    Raises CourseError where the port, or every port, is taken.
    """
    state = course.state(text)
    chapter = course.chapter(state.chapter)
    path = f"/#/step-{state.chapter}-{state.step}" if "." in text else "/"
    title = f"Chapter {chapter.number}, {chapter.name}, is ready to show."
    with (
        listening(port, f"make walk {text}", quiet=True) as server,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        course.program.services(course, chapter.last) as extra,
    ):
        folder = live_slides(course, chapter)
        stage = stage_of(course, chapter, folder, Path(scratch), extra)
        if show and has_a_screen():
            webbrowser.open(address_of(server) + path)
        serve_until_stopped(server, stage, title, KEYS, path)


def stage_of(course, chapter, folder, databases, extra=None):
    """One WSGI application: the slides, and each state below `/live/`."""

    @Request.application
    def slides(request):
        name = request.path.lstrip("/") or "index.html"
        return send_from_directory(folder.resolve(), name, request.environ)

    programs = {}
    for step in chapter.steps:
        place = Place(databases / step.slug, f"/live/{step.state}")
        place.folder.mkdir()
        app = application(course, step.state, place, extra)
        programs[place.prefix] = framed(app)
    return DispatcherMiddleware(slides, programs)


def framed(app):
    """A program that a slide may frame, also one that forbids it to all."""

    def answer(environ, start_response):
        def start(status, headers, *rest):
            kept = [h for h in headers if h[0].lower() not in FRAMING]
            return start_response(status, [*kept, OWN_FRAMES], *rest)

        return app(environ, start)

    answer.__wrapped__ = app
    return answer
