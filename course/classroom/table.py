"""The table of a class: as text, CSV, Markdown and a page."""

import csv
import html
import io
from importlib import resources

NEVER = "-"


class Table:
    """What is known of each hand-in, in rows."""

    def __init__(self, chapter, marks, worth):
        self.chapter, self.marks, self.worth = chapter, marks, worth
        self.tasks = tasks_of(chapter)

    @property
    def title(self):
        return f"Chapter {self.chapter.number}, {self.chapter.folder.name}"

    def short(self):
        """A head and a row for each, in few columns."""
        points = ["points"] if self.worth else []
        yield [
            "name",
            "steps",
            "exercises",
            *points,
            "last change",
            "fails first",
        ]
        for mark in self.marks:
            yield [
                mark.name,
                counted(self.chapter.steps, mark),
                counted(self.tasks, mark),
                *self.points(mark),
                time_of(mark),
                mark.first or "all steps done",
            ]

    def long(self):
        """The same with a column for each step and exercise: 1 or 0."""
        columns = [*self.chapter.steps, *self.tasks]
        heads = [f"{s.state} {s.slug}" for s in self.chapter.steps]
        heads += [f"exercise {e.number} {e.slug}" for e in self.tasks]
        head, *rows = self.short()
        yield [*head[:-1], *heads, head[-1]]
        for row, mark in zip(rows, self.marks, strict=True):
            each = [str(int(s.slug in mark.done)) for s in columns]
            yield [*row[:-1], *each, row[-1]]

    def points(self, mark):
        if self.worth:
            yield f"{sum(self.worth.get(slug, 0) for slug in mark.done):g}"

    def text(self):
        rows = list(self.short())
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows
        )
        return "\n".join([self.title, "", *lines])

    def csv(self):
        stream = io.StringIO()
        rows = [[harmless(cell) for cell in row] for row in self.long()]
        csv.writer(stream, lineterminator="\n").writerows(rows)
        return stream.getvalue()

    def md(self):
        rows = [[escaped(cell) for cell in row] for row in self.short()]
        rows.insert(1, ["---"] * len(rows[0]))
        lines = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([f"## {self.title}", "", *lines, ""])

    def html(self):
        head, *rows = self.long()
        page = resources.files(__package__).joinpath("table.html")
        values = {
            "{title}": html.escape(self.title),
            "{head}": cells("th", head),
            "{rows}": "\n".join(f"<tr>{cells('td', r)}</tr>" for r in rows),
        }
        text = page.read_text(encoding="utf-8")
        for name, value in values.items():
            text = text.replace(name, value)
        return text


def tasks_of(chapter):
    """The exercises that have checks."""
    return [e for e in chapter.exercises if e.asks_for_code]


def counted(steps, mark):
    return f"{sum(s.slug in mark.done for s in steps)} of {len(steps)}"


def time_of(mark):
    return f"{mark.changed:%Y-%m-%d %H:%M}" if mark.changed else NEVER


def harmless(cell):
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell != NEVER else cell


def escaped(cell):
    """A cell of Markdown: no sign in it means anything."""
    text = html.escape(cell)
    return "".join(f"\\{c}" if c in "\\|`*_[]<>#~!" else c for c in text)


def cells(tag, row):
    marks = {"1": ' class="yes"', "0": ' class="no"'}
    return "".join(
        f"<{tag}{marks.get(cell, '')}>{html.escape(cell)}</{tag}>"
        for cell in row
    )
