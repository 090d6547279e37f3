"""Who asked whom for what while a program answered, told as a story.

The facts come from the record that `make check` looks into as well
(`course.evidence.record`): nothing of the program is wrapped or changed.
"""

from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from ..evidence.record import recording
from ..evidence.story import (
    BROWSER,
    DATABASE,
    FLASK,
    HASHER,
    LOGIN,
    WTF,
    story,
)
from .charts import sequence
from .showing import Picture, Table, milliseconds

ACTORS = [BROWSER, FLASK, WTF, LOGIN, HASHER, DATABASE]


class Trace(list):
    """Events in order."""

    def to(self, target):
        """The texts of what was asked of one part, in order."""
        return [e.text for e in self if e.target == target != e.source]

    def index_of(self, start):
        """Where the first event stands whose text starts so, or None."""
        found = (n for n, e in enumerate(self) if e.text.startswith(start))
        return next(found, None)

    def times(self):
        """The seconds from each event to the next; none after the last."""
        whens = [event.when for event in self]
        return [b - a for a, b in pairwise(whens)] + [0.0] * bool(whens)

    def share(self, target):
        """The part of the time that went by while one part was asked."""
        asked = [e.target == target != e.source for e in self]
        spent = sum(
            t for t, yes in zip(self.times(), asked, strict=True) if yes
        )
        return spent / sum(self.times())

    def table(self, caption):
        """Each event, with the time that went by until the next one."""
        timed_events = zip(self, self.times(), strict=True)
        rows = [
            (n, e.source, e.target, e.text, milliseconds(1000 * time))
            for n, (e, time) in enumerate(timed_events, 1)
        ]
        headings = ["", "from", "to", "what", "until the next"]
        return Table(caption, headings, rows)

    def picture(self, title):
        """A sequence diagram, and the same in words."""
        found = {name for e in self for name in (e.source, e.target)}
        actors = [name for name in ACTORS if name in found]
        messages = [
            (e.source, e.target, timed(e, time))
            for e, time in zip(self, self.times(), strict=True)
        ]
        said = [f"{e.source} to {e.target}: {e.text}" for e in self]
        alt = f"A sequence diagram. {title}. {'. '.join(said)}."
        return Picture(sequence(title, actors, messages), alt)


def timed(event, time, width=52):
    """What happened, and how long it took if that is worth a word."""
    text = event.text
    if len(text) > width:
        text = text[: width - 1] + "…"
    return f"{text} ({milliseconds(1000 * time)})" if time > 0.01 else text


@contextmanager
def follow(app):
    """Give a Trace of what the app does; it is there when the block ends."""
    trace = Trace()
    with recording(Path(app.root_path).parent) as record:
        yield trace
    trace.extend(story(record))


def send(browser, path, form=None):
    """One request; the answer, and what happened on the way to it."""
    with follow(browser.application) as trace:
        method = "GET" if form is None else "POST"
        answer = browser.open(path, method=method, data=form)
    return answer, trace
