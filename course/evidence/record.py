"""A record of what a program did, as its libraries and Python tell it.

Nothing is wrapped or changed. Flask and Flask-Login send signals, SQLAlchemy
sends events, and Python itself reports the calls of functions that have
neither, and those of the program's own (`sys.settrace`).
"""

import os
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from operator import attrgetter
from time import perf_counter

import flask
from jinja2.utils import missing
from sqlalchemy import Engine, event
from sqlalchemy.orm import Mapper

from .place import Files, Place


@dataclass(frozen=True, eq=False)
class Event:
    """Something that happened; `kind` says what, `values` with what.

    `place` is the line of the program that led to it, or None. A call is
    noted when it ends; `began` is how many events there were at its start,
    and `since` the time then, as `when` is the time of the note.
    """

    kind: str
    place: Place | None = None
    values: dict = field(default_factory=dict)
    thread: int = field(default_factory=threading.get_ident)
    when: float = field(default_factory=perf_counter, compare=False)

    def __getattr__(self, name):
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


# The calls that are noted, with the name of the event.
CALLS = {
    "werkzeug.security:check_password_hash": "check hash",
    "werkzeug.security:generate_password_hash": "make hash",
    "flask_login:login_user": "log in",
    "flask_login:logout_user": "log out",
    "flask_wtf.csrf:validate_csrf": "check token",
    "flask_wtf.csrf:generate_csrf": "make token",
    "flask_wtf:FlaskForm.validate_on_submit": "ask form",
    "wtforms:Form.validate": "check form",
    "werkzeug.utils:redirect": "redirect",
    "werkzeug.datastructures.mixins:UpdateDictMixin.clear": "clear",
    "sqlalchemy.orm:Session.rollback": "undo",
    "flask_sqlalchemy:SQLAlchemy.create_all": "make tables",
    "collections.abc:Mapping.get": "environment",
}
SIGNALS = {
    "flask_login:user_unauthorized": "unauthorized",
    "flask_login:user_loaded_from_cookie": "remembered",
    "flask_login:user_needs_refresh": "not fresh",
}


def of_libraries(names):
    """(what stands behind each name, its event), of what is installed."""
    for name, kind in names.items():
        module, _, path = name.partition(":")
        with suppress(ImportError):  # of a chapter that is not begun
            yield attrgetter(path)(import_module(module)), kind


WATCHED = dict(of_libraries(CALLS))

# Where one function does the work of several: whether it is the one meant.
ALSO_OTHERS = {
    "clear": lambda given: given["f"].__name__ == "clear",
    "environment": lambda given: given["self"] is os.environ,
}


class Events(list):
    """Events in order."""

    def of(self, *kinds):
        """The events of these kinds, in order."""
        return [each for each in self if each.kind in kinds]

    def last(self, *kinds):
        """The last event of these kinds, or None."""
        found = self.of(*kinds)
        return found[-1] if found else None


class Record(Events):
    """Events of a program below a folder.

    `app` is the application that was asked last, `files` the program's Files.
    """

    def __init__(self, root):
        super().__init__()
        self.files = Files(root)
        self.codes = {f.__code__: name for f, name in WATCHED.items()}
        self.app = None

    def add(self, kind, frame=None, **values):
        place = self.files.place_of(frame or sys._getframe(1))
        self.append(Event(kind, place, values))


@contextmanager
def recording(root):
    """Give a Record of what programs below a folder do in the block."""
    record = Record(root)
    with ExitStack() as stack:
        for signal, note in signals(record):
            stack.enter_context(signal.connected_to(note))
        for target, name, note in statements(record):
            event.listen(target, name, note)
            stack.callback(event.remove, target, name, note)
        for module in (sys, threading):
            stack.callback(module.settrace, module.gettrace())
            module.settrace(tracer(record))
        yield record


def signals(record):
    """Each signal with what to note when it is sent, by any application."""

    def started(app, **rest):
        record.app = app
        watch(record, app)
        request = flask.request
        record.add(
            "request",
            method=request.method,
            path=request.full_path.rstrip("?"),
            endpoint=request.endpoint,
            form=request.form.to_dict(flat=False),
            session=dict(flask.session),
        )

    def finished(app, response, **rest):
        user = flask.g.get("_login_user")
        record.add(
            "response",
            status=response.status_code,
            location=response.headers.get("Location"),
            cookies=response.headers.getlist("Set-Cookie"),
            headers=dict(response.headers),
            session=dict(flask.session),
            user=user,
            text=text_of(response),
        )

    def rendered(app, template, context, **rest):
        given = set(context) - {"g", "request", "session"}
        record.add("page", template=template, given=given, context=context)

    def flashed(app, message, category, **rest):
        record.add("message", message=message, category=category)

    def raised(app, exception, **rest):
        record.add("error", error=exception)

    def noted(kind):
        def note(app, **rest):
            record.add(kind)

        return note

    return [
        (flask.request_started, started),
        (flask.request_finished, finished),
        (flask.template_rendered, rendered),
        (flask.message_flashed, flashed),
        (flask.got_request_exception, raised),
        *((signal, noted(kind)) for signal, kind in of_libraries(SIGNALS)),
    ]


def text_of(response):
    """The page that a response carries; empty for files and the like."""
    if response.is_streamed or response.mimetype != "text/html":
        return ""
    return response.get_data(as_text=True)


def watch(record, app):
    """Note what is known of an application only once it is there."""
    manager = getattr(app, "login_manager", None)
    loader = getattr(manager, "_user_callback", None)
    if hasattr(loader, "__code__"):
        record.codes[loader.__code__] = "load user"
    if not issubclass(app.jinja_env.undefined, Noted):
        app.jinja_env.undefined = type(
            "Undefined", (Noted, app.jinja_env.undefined), {}
        )
    app.jinja_env.undefined.record = record


class Noted:
    """Notes that a template asked for a name that nobody gave it."""

    record = None

    def __init__(self, hint=None, obj=missing, name=None, *rest, **more):
        super().__init__(hint, obj, name, *rest, **more)
        if self.record is not None:
            of = None if obj is missing else obj
            of = getattr(of, "_get_current_object", lambda: of)()
            self.record.add("undefined", name=name, of=of)


def statements(record):
    """Each event of SQLAlchemy's with what to note when it is sent."""

    def execute(connection, cursor, statement, parameters, context, many):
        record.add("sql", statement=statement, parameters=parameters)

    def executed(connection, cursor, *rest):
        if sent := record.last("sql"):
            sent.values["rows"] = cursor.rowcount

    def commit(connection):
        record.add("commit")

    def rollback(connection):
        record.add("rollback")

    def loaded(target, context):
        record.add("row", row=target)

    return [
        (Engine, "before_cursor_execute", execute),
        (Engine, "after_cursor_execute", executed),
        (Engine, "commit", commit),
        (Engine, "rollback", rollback),
        (Mapper, "load", loaded),
    ]


def is_template(frame):
    return "__jinja_template__" in frame.f_globals


def tracer(record):
    """What Python calls at each call: what is looked into goes on record."""

    def trace(frame, what, value):
        name = record.codes.get(frame.f_code)
        if name in ALSO_OTHERS and not ALSO_OTHERS[name](frame.f_locals):
            return None
        if name is None and not record.files.file_of(frame.f_code.co_filename):
            return None
        frame.f_trace_lines = False
        given = dict(frame.f_locals)
        called_at = record.files.place_of(frame.f_back)
        began = len(record)
        since = perf_counter()
        failed = []

        def inside(frame, what, value):
            if what == "exception":
                failed[:] = [value[1]]
                if name is None:
                    record.add("raise", frame, error=value[1])
            elif what == "return" and (name or not is_template(frame)):
                values = {
                    "given": given,
                    "answer": value,
                    "error": failed[0] if failed and value is None else None,
                    "name": frame.f_code.co_name,
                    "code": frame.f_code,
                    "line": frame.f_lineno,
                    "began": began,
                    "since": since,
                }
                kind = name or "call"
                record.append(Event(kind, called_at, values))
            return inside

        return inside

    return trace
