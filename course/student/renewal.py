"""A page of a running program loads itself again when the program is new.

Only what a browser's window asks for is served with one line more. Nothing
is written into the program's files.
"""

import os
import time
from itertools import chain

from werkzeug.wsgi import ClosingIterator

OURS = "/.course/"
SCRIPT_AT, NEWS_AT = f"{OURS}renewal.js", f"{OURS}renewal"
LINE = f'<script src="{SCRIPT_AT}"></script>\n'.encode()
SCRIPT = f"""\
const news = new EventSource("{NEWS_AT}");
let known;
news.addEventListener("message", (event) => {{
  known ??= event.data;
  if (event.data !== known) location.reload();
}});
""".encode()
PATIENCE = 15  # seconds, after which a browser is told that nothing is new


def renewing(app):
    """A WSGI application whose pages load again once another is in place."""

    def answer(environ, start_response):
        path = environ["PATH_INFO"]
        if path == SCRIPT_AT:
            start_response("200 OK", [("Content-Type", "text/javascript")])
            return [SCRIPT]
        if path == NEWS_AT:
            start_response("200 OK", [("Content-Type", "text/event-stream")])
            return news()
        if is_for_a_window(environ):
            return with_the_line(app, environ, start_response)
        return app(environ, start_response)

    return answer


def news():
    """Which process answers; the next one is asked when this one ends."""
    yield f"retry: 100\ndata: {os.getpid()}\n\n".encode()
    while True:
        time.sleep(PATIENCE)
        yield b": nothing new\n\n"


def is_for_a_window(environ):
    """Whether a page is asked for that can be asked for again."""
    kind = environ.get("HTTP_SEC_FETCH_DEST")
    return environ["REQUEST_METHOD"] == "GET" and kind == "document"


def with_the_line(app, environ, start_response):
    """The application's answer, with the script where it is a page."""
    added = []

    def started(status, headers, *error):
        known = {name.lower(): value for name, value in headers}
        if (
            known.get("content-type", "").startswith("text/html")
            and "content-encoding" not in known
        ):
            added[:] = [LINE]
            headers = [longer(*header) for header in headers]
        return start_response(status, headers, *error)

    answer = app(environ, started)
    close = getattr(answer, "close", None)
    return ClosingIterator(chain(answer, later(added)), close)


def longer(name, value):
    if name.lower() == "content-length":
        value = str(int(value) + len(LINE))
    return name, value


def later(added):
    """What is known once the answer before it is read."""
    yield from added
