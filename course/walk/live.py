"""The slides, with the program of every state behind them, on one port."""

import re
import tempfile
import webbrowser
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.utils import redirect, send_from_directory
from werkzeug.wrappers import Request

from ..browser import has_a_screen
from ..databases import Place
from ..errors import CourseError
from ..loading import package_of
from ..othersite.site import make_site
from ..othersite.start import attacks_of
from ..serving import (
    HOST,
    LOOPBACK,
    address_of,
    listening,
    serve_until_stopped,
    served,
)
from .build import live_slides

KEYS = [
    ("next", "Space or →; a clicker works"),
    ("go to", "G and a step, such as 2.3; Home, End"),
    ("file", "W for the whole file, and back"),
    ("fewer", "M for the main slides alone, and for all"),
    ("notes", "S, with a timer, the pace and the next slide"),
    ("all", "Esc or O"),
    ("screen", "F for the full screen; D for dark or light"),
]
ANCESTORS = re.compile(r"frame-ancestors[^;]*")


def walk(course, text, port=None, show=True, short=False, minutes=None):
    """Show the slides of `2`, or from step `2.3` on, until Ctrl-C.

    Raises CourseError where the port, or every port, is taken.
    """
    state = course.state(text)
    chapter = course.chapter(state.chapter)
    path = path_to(None if text.isdigit() else state, short, minutes)
    title = f"Chapter {chapter.number}, {chapter.name}, is ready to show."
    with (
        listening(port, f"make walk {text}", quiet=True) as server,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        course.program.services(course, chapter.last) as extra,
        other_site(course, address_of(server)) as other,
    ):
        folder = live_slides(course, chapter)
        stage = stage_of(course, chapter, folder, Path(scratch), extra, other)
        if show and has_a_screen():
            webbrowser.open(address_of(server) + path)
        serve_until_stopped(server, stage, title, KEYS, path)


def path_to(state, short, minutes):
    """The address of the slides, below the server's: from a state on."""
    asked = ["short"] if short else []
    asked += [f"minutes={minutes}"] if minutes else []
    query = f"?{'&'.join(asked)}" if asked else ""
    place = f"#/step-{state.chapter}-{state.step}" if state else ""
    return f"/{query}{place}"


@contextmanager
def other_site(course, address):
    """The address of the course's other site; None where it has none."""
    try:
        attacks = attacks_of(course)
    except CourseError:
        attacks = None
    if attacks is None:
        yield None
        return
    with served(make_site(course, attacks, address)) as other:
        yield other.replace(HOST, LOOPBACK)


def stage_of(course, chapter, folder, databases, extra=None, other=None):
    """One WSGI application: the slides, and each state below `/live/`.

    States with the same tables share a database: who registers is known
    from then on. `other` is the address of a site that attacks them.
    """

    @Request.application
    def slides(request):
        name = request.path.lstrip("/") or "index.html"
        if name.startswith("other-site/") and other:
            state = request.args.get("state", "")
            program = f"{request.host_url}live/{state}"
            query = urlencode({"program": program})
            return redirect(f"{other}/{name.partition('/')[2]}?{query}")
        return send_from_directory(folder.resolve(), name, request.environ)

    programs, shapes = {}, []
    for step in chapter.steps:
        package = package_of(course, step.state)
        shape = course.program.shape(course.program.make(package))
        if shape not in shapes:
            shapes.append(shape)
        place = databases / str(shapes.index(shape)), f"/live/{step.state}"
        place = Place(*place)
        place.folder.mkdir(exist_ok=True)
        app = course.program.make(package, place, extra)
        course.program.prepare(app, place)
        programs[place.prefix] = framed(app)
    return DispatcherMiddleware(slides, programs)


def framed(app):
    """A program that a slide may frame, also one that forbids it to all.

    It goes on forbidding it to other sites, if it does.
    """

    def answer(environ, start_response):
        def start(status, headers, *rest):
            return start_response(status, [*map(own, headers)], *rest)

        return app(environ, start)

    answer.__wrapped__ = app
    return answer


def own(header):
    """A header that lets this very site frame a page."""
    name, value = header
    if name.lower() == "x-frame-options":
        return name, "SAMEORIGIN"
    if name.lower() == "content-security-policy":
        return name, ANCESTORS.sub("frame-ancestors 'self'", value)
    return header
