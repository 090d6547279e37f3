"""What happens while a program answers, as its libraries tell it.

Nothing is wrapped or changed. Flask and Flask-Login send signals, SQLAlchemy
sends events, and for functions without either Python itself reports calls
(`sys.setprofile`).
"""

import re
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import flask
import flask_login
import flask_wtf.csrf
import werkzeug.security
from drawing import Picture, Table, sequence
from sqlalchemy import event

BROWSER, FLASK, LOGIN = "Browser", "Flask", "Flask-Login"
WTF, HASHER, DATABASE = "Flask-WTF", "Werkzeug", "Database"
ACTORS = [BROWSER, FLASK, WTF, LOGIN, HASHER, DATABASE]


@dataclass(frozen=True)
class Event:
    """Something that one part of the program asked of another."""

    source: str
    target: str
    text: str
    detail: dict = field(default_factory=dict)


class Trace(list):
    """Events in order."""

    def add(self, source, target, text, **detail):
        self.append(Event(source, target, text, detail))

    def to(self, target):
        """The texts of what was asked of one part, in order."""
        return [e.text for e in self if e.target == target != e.source]

    def index_of(self, start):
        """Where the first event stands whose text starts like this."""
        return next(i for i, e in enumerate(self) if e.text.startswith(start))

    def table(self, caption):
        rows = [(n, e.source, e.target, e.text) for n, e in enumerate(self, 1)]
        return Table(caption, ["", "from", "to", "what"], rows)

    def picture(self, title, alt):
        found = {name for e in self for name in (e.source, e.target)}
        actors = [name for name in ACTORS if name in found]
        messages = [(e.source, e.target, shorten(e.text)) for e in self]
        return Picture(sequence(title, actors, messages), alt)


def shorten(text, width=52):
    return text if len(text) <= width else text[: width - 1] + "…"


@contextmanager
def follow(app):
    """Give a Trace of what the app does until the block ends."""
    trace = Trace()
    with ExitStack() as stack:
        for signal, note in signals(trace):
            stack.enter_context(signal.connected_to(note, app))
        listen(stack, app, trace)
        sys.setprofile(reporter(trace, watched(app)))
        stack.callback(sys.setprofile, None)
        yield trace


def signals(trace):
    """Each signal with what to note when it is sent."""

    def started(app, **rest):
        request = flask.request
        path = request.full_path.rstrip("?")
        session = dict(flask.session)
        trace.add(BROWSER, FLASK, f"{request.method} {path}", session=session)

    def finished(app, response, **rest):
        where = response.headers.get("Location")
        text = str(response.status_code) + (f" to {where}" if where else "")
        sent = response.headers.getlist("Set-Cookie")
        text += ", with Set-Cookie" if sent else ""
        trace.add(FLASK, BROWSER, text, sent=sent)

    def rendered(app, template, **rest):
        trace.add(FLASK, FLASK, f"page {template.name}")

    def flashed(app, message, **rest):
        trace.add(FLASK, FLASK, f"flash “{message}”")

    def noted(text):
        def note(app, **rest):
            trace.add(LOGIN, FLASK, text)

        return note

    return [
        (flask.request_started, started),
        (flask.request_finished, finished),
        (flask.template_rendered, rendered),
        (flask.message_flashed, flashed),
        (flask_login.user_logged_in, noted("user_logged_in")),
        (flask_login.user_logged_out, noted("user_logged_out")),
        (flask_login.user_unauthorized, noted("user_unauthorized")),
    ]


def listen(stack, app, trace):
    """Note each statement that reaches the database, and each commit."""

    def execute(connection, cursor, statement, parameters, context, many):
        trace.add(FLASK, DATABASE, brief(statement), parameters=parameters)

    def commit(connection):
        trace.add(FLASK, DATABASE, "COMMIT")

    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    for name, note in (("before_cursor_execute", execute), ("commit", commit)):
        event.listen(engine, name, note)
        stack.callback(event.remove, engine, name, note)


def brief(statement):
    """A statement in one line, its list of columns left out."""
    line = " ".join(statement.split())
    line = re.sub(r"SELECT .*? FROM", "SELECT … FROM", line)
    return re.sub(r"\(.*?\) VALUES \(.*?\)", "(…) VALUES (…)", line)


def watched(app):
    """The functions that send no signal: (from, to, asked, answers)."""
    program = sys.modules[app.import_name]
    return {
        flask_wtf.csrf.generate_csrf.__code__: (WTF, "make a token", False),
        flask_wtf.csrf.validate_csrf.__code__: (WTF, "check the token", False),
        werkzeug.security.check_password_hash.__code__: (
            HASHER,
            "check_password_hash",
            True,
        ),
        werkzeug.security.generate_password_hash.__code__: (
            HASHER,
            "generate_password_hash",
            False,
        ),
        program.load_user.__code__: (LOGIN, "load_user", True),
    }


def reporter(trace, functions):
    """What Python calls at each call and return of a function."""

    def report(frame, what, value):
        if frame.f_code not in functions:
            return
        actor, text, answers = functions[frame.f_code]
        if what == "call":
            trace.add(FLASK, actor, text)
        elif what == "return" and answers:
            trace.add(actor, FLASK, repr(value))

    return report
