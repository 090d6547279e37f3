"""Who asked whom for what while a program answered, told from its record."""

import re
from dataclasses import dataclass, field, replace

BROWSER, FLASK, LOGIN = "Browser", "Flask", "Flask-Login"
WTF, HASHER, DATABASE = "Flask-WTF", "Werkzeug", "Database"

# The calls that are told: whom they ask, for what, and whether the answer is.
CALLS = {
    "make token": (WTF, "make a token", False),
    "check token": (WTF, "check the token", False),
    "check hash": (HASHER, "check_password_hash", True),
    "make hash": (HASHER, "generate_password_hash", False),
    "load user": (LOGIN, "load_user", True),
}

# What Flask-Login tells once it is done.
SIGNALS = {
    "log in": "user_logged_in",
    "log out": "user_logged_out",
    "unauthorized": "user_unauthorized",
}


@dataclass(frozen=True)
class Event:
    """Something that one part of the program asked of another, and when."""

    source: str
    target: str
    text: str
    detail: dict = field(default_factory=dict)
    when: float = field(default=0, compare=False)


def story(record):
    """The Events of a record; a call stands where it began."""
    told = []
    for place, event in enumerate(record):
        for at, line in lines_of(event, place):
            when = event.when if at == place else event.since
            told.append((at, len(told), replace(line, when=when)))
    return [line for *_, line in sorted(told, key=lambda each: each[:2])]


def lines_of(event, place):
    """Each line that tells of an event, with its place in the record."""
    if event.kind in CALLS:
        actor, text, answers = CALLS[event.kind]
        yield (
            event.began - 0.5,
            Event(FLASK, actor, text, {"error": event.error}),
        )
        if answers:
            yield place, Event(actor, FLASK, repr(event.answer))
    elif event.kind in SIGNALS:
        yield place, Event(LOGIN, FLASK, SIGNALS[event.kind])
    elif event.kind in TOLD:
        yield place, TOLD[event.kind](event)


def asked(event):
    text = f"{event.method} {event.path}"
    detail = {"session": event.session, "form": event.form}
    return Event(BROWSER, FLASK, text, detail)


def answered(event):
    where = f" to {event.location}" if event.location else ""
    sent = ", with Set-Cookie" if event.cookies else ""
    text = f"{event.status}{where}{sent}"
    return Event(FLASK, BROWSER, text, {"sent": event.cookies})


def brief(statement):
    """A statement in one line, its list of columns left out."""
    line = " ".join(statement.split())
    line = re.sub(r"SELECT .*? FROM", "SELECT … FROM", line)
    return re.sub(r"\(.*?\) VALUES \(.*?\)", "(…) VALUES (…)", line)


def executed(event):
    detail = {"parameters": event.parameters}
    return Event(FLASK, DATABASE, brief(event.statement), detail)


TOLD = {
    "request": asked,
    "response": answered,
    "sql": executed,
    "page": lambda each: Event(FLASK, FLASK, f"page {each.template.name}"),
    "message": lambda each: Event(FLASK, FLASK, f"flash “{each.message}”"),
    "commit": lambda each: Event(FLASK, DATABASE, "COMMIT"),
}
