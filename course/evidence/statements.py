"""What a program asked of its database, and who worded it."""

import re

from sqlalchemy.orm import RelationshipDirection
from sqlalchemy.sql import ClauseElement

ALWAYS = re.compile(r"WHERE\s+(?:0 = 1|false|1 = 1|true)\s*$")


class Statements:
    """The statements on record."""

    record = app = None

    def worded_at(self, event):
        """The line that said what a statement is to be about.

        Where a function was handed the condition, that is the line of its
        call.
        """
        call = self.around(event)
        if call and call.place and any(handed(call)):
            return call.place
        return event.place

    def constant(self):
        """(fact, Place) of each statement whose WHERE is the same always."""
        for event in self.record.of("sql"):
            text = " ".join(event.statement.split())
            writes = text.startswith(("DELETE", "UPDATE"))
            if event.place is None:
                continue
            if found := ALWAYS.search(text):
                said = f"“… {found[0]}”, which is the same for every row: its "
                said += "condition was worked out in Python, as one with == "
                said += "or `in` is that has no column on its left"
                yield said, self.worded_at(event)
            elif writes and "WHERE" not in text and asks(event.place):
                said = f"“{text[:60]}” has no WHERE, and is about every row"
                yield said, event.place

    def deleted(self, value, before):
        """(fact, Place): who deleted the row with a value, or None."""
        past = self.record[: self.record.index(before)]
        made = [e for e in past if e.kind == "sql" and holds(e, value)]
        if not made or not made[0].statement.startswith("INSERT"):
            return None
        for event in reversed(past[past.index(made[0]) :]):
            is_delete = event.kind == "sql" and "DELETE" in event.statement
            if is_delete and event.values.get("rows"):
                return self.words_of_delete(event)
        return None

    def words_of_delete(self, event):
        rows, text = event.values["rows"], " ".join(event.statement.split())
        said = f"its row was written, and is gone: {rows} deleted by "
        said += f"“{text}” with {list(event.parameters)!r:.80}"
        place = self.worded_at(event)
        if "execute" in place.text or place != event.place:
            return said, place
        for kind, key in self.lists_of_one():
            said = f"{said}; {key} of {kind.__name__} holds one, and no list: "
            said += 'a second takes the place of the first; list["…"]'
            return said, self.part_of(kind, key)
        return said, place

    def lists_of_one(self):
        """The (class, name) of what may have many, and holds one."""
        db = self.app.extensions.get("sqlalchemy")
        for mapper in db.Model.registry.mappers if db else ():
            for each in mapper.relationships:
                many = each.direction is RelationshipDirection.ONETOMANY
                if many and not each.uselist:
                    yield mapper.class_, each.key


def asks(place):
    """Whether a line itself sends a statement."""
    return any(word in place.text for word in ("execute(", "delete(", "upda"))


def handed(call):
    """Whether each thing that a function was handed is a condition."""
    for value in call.given.values():
        if isinstance(value, tuple):
            yield any(isinstance(x, bool | ClauseElement) for x in value)
        yield isinstance(value, ClauseElement)


def holds(event, value):
    found = event.parameters
    every = found.values() if isinstance(found, dict) else found or ()
    return value in list(every)
