"""A Record, read visit by visit."""

import inspect
from functools import cached_property

from bs4 import BeautifulSoup
from flask import Flask

from .answers import Answers
from .chain import Link
from .comparisons import never_equal
from .explained import Explained
from .record import Events
from .sources import Sources
from .statements import Statements
from .uncalled import uncalled, without_use


class Visit:
    """One request to the program, what happened in it, and its answer."""

    def __init__(self, events):
        self.events = events
        self.of, self.last = events.of, events.last
        self.asked, self.answer = events[0], events.last("response")

    @property
    def method(self):
        return self.asked.method

    @property
    def path(self):
        return self.asked.path.split("?")[0]

    @property
    def status(self):
        return self.answer.status if self.answer else 500

    @property
    def session(self):
        """The session after the request."""
        return self.answer.session if self.answer else {}

    @property
    def was_sent(self):
        """What the form sent, a text for each field."""
        return {name: values[0] for name, values in self.asked.form.items()}

    @cached_property
    def soup(self):
        text = self.answer.text if self.answer else ""
        return BeautifulSoup(text, "html.parser")

    def form(self, field="password"):
        """The form with a field of this name, or None."""
        for form in self.soup.find_all("form"):
            if form.find(attrs={"name": field}):
                return form
        return None

    @property
    def error(self):
        """The exception that became an error page, or None."""
        noted = self.last("error")
        return noted and noted.error


class Facts(Explained, Sources, Answers, Statements):
    """What is known about a test that failed.

    `record` is the Record of the test, `error` what it raised.
    """

    def __init__(self, record, error):
        self.record, self.error = record, error
        self.app, self.places = record.app or made_last(record), record.files
        self.root = self.places.root

    @cached_property
    def visits(self):
        """The Visits in order."""
        parts, open_in = [], {}
        for event in self.record:
            if event.kind == "request":
                parts.append(Events())
                open_in[event.thread] = parts[-1]
            if event.thread in open_in:
                open_in[event.thread].append(event)
        return [Visit(part) for part in parts]

    def visit(self, path=None, method=None):
        """The last Visit to a path by a method; any, where left out."""
        for visit in reversed(self.visits):
            if path in (None, visit.path) and method in (None, visit.method):
                return visit
        return None

    def sent(self, field="password"):
        """The last Visit that sent a form with this field, or None."""
        for visit in reversed(self.visits):
            if visit.method == "POST" and field in visit.was_sent:
                return visit
        return None

    def called(self, text):
        """The first line of the program, imports aside, with a word in it."""
        return self.line_with(rf"^(?!\s*(?:from|import|#)).*\b{text}\b")

    def shown(self, sent=None):
        """The last page that was shown, before a Visit where one is given."""
        end = self.visits.index(sent) if sent in self.visits else None
        for visit in reversed(self.visits[:end]):
            if visit.method == "GET":
                return visit
        return None

    def within(self, call):
        """What happened from the start of a call to its end."""
        return Events(self.record[call.began : self.record.index(call)])

    def odd(self):
        """(name, fact, Place) of what is wrong wherever it is done."""
        yield from (("called", *each) for each in uncalled(self))
        yield from (("used", *each) for each in without_use(self))
        yield from (("returned", *each) for each in self.thrown_away())
        yield from (("returned", *each) for each in self.never_answered())
        yield from (("WHERE", *each) for each in self.constant())
        yield from (("equal", *each) for each in never_equal(self))

    def raised(self):
        """A broken link where the test met an exception of the program's."""
        if not isinstance(self.error, AssertionError):
            yield Link("runs", False, *self.explained(self.error))

    # What the application has

    def rules(self):
        return sorted({rule.rule for rule in self.app.url_map.iter_rules()})

    def methods(self, path):
        """The methods that an address takes, or none where it is not there."""
        found = set()
        for rule in self.app.url_map.iter_rules():
            if rule.rule == path:
                found |= rule.methods - {"HEAD", "OPTIONS"}
        return sorted(found)

    def view(self, path):
        """The function behind an address, or None."""
        for rule in self.app.url_map.iter_rules():
            if rule.rule == path:
                return self.app.view_functions[rule.endpoint]
        return None

    def view_place(self, path):
        view = inspect.unwrap(self.view(path)) if self.view(path) else None
        return view and self.places.place_of_function(view)

    def views(self):
        """The functions that answer: of addresses, and of errors."""
        every = [*self.app.view_functions.values()]
        for codes in self.app.error_handler_spec.values():
            every += [f for found in codes.values() for f in found.values()]
        views = map(inspect.unwrap, every)
        return [view for view in views if hasattr(view, "__code__")]


def made_last(record):
    """The last application that a function of the program answered."""
    answers = [event.answer for event in record.of("call")]
    made = [each for each in answers if isinstance(each, Flask)]
    return made[-1] if made else None
