"""Who asked whom for what while a program answered, told as a story.

The facts come from the record that `make check` looks into as well
(`course.evidence.record`): nothing of the program is wrapped or changed.
"""

from contextlib import contextmanager
from pathlib import Path

from drawing import Picture, Table, sequence

from course.evidence.record import recording
from course.evidence.story import (
    BROWSER,
    DATABASE,
    FLASK,
    HASHER,
    LOGIN,
    WTF,
    story,
)

ACTORS = [BROWSER, FLASK, WTF, LOGIN, HASHER, DATABASE]


class Trace(list):
    """Events in order."""

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
    """Give a Trace of what the app does; it is there when the block ends."""
    trace = Trace()
    with recording(Path(app.root_path).parent) as record:
        yield trace
    trace.extend(story(record))
