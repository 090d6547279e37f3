"""What the notebooks show: tables, and pictures with words for them.

The colours are Okabe and Ito's. They differ in lightness too, so that they
hold up in grey; hatches and markers say the same once more.
"""

import base64
import io
from math import floor, log10

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

from .cookie_views import BLUE, ORANGE, PAPER, YELLOW

COLOURS = [BLUE, ORANGE, YELLOW]
WIDTH = 8

matplotlib.rcParams.update(
    {
        "font.size": 11,
        "figure.constrained_layout.use": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "hatch.linewidth": 0.6,
        "axes.prop_cycle": matplotlib.cycler(color=COLOURS),
    }
)


class Picture:
    """A figure with its alternative text, as an HTML image.

    Jupyter Lab shows no alternative text for an image of its own accord
    (4.6), but it keeps the one that HTML brings along.
    Raises ValueError for a figure without titles, or axes without units.
    """

    def __init__(self, figure, alt):
        check(figure, alt)
        self.alt = " ".join(alt.split())
        self.data = png(figure)

    def __repr__(self):
        return self.alt

    def _repr_html_(self):
        source = (
            "data:image/png;base64," + base64.b64encode(self.data).decode()
        )
        image = Markup('<img alt="{}" width="{}" src="{}">')
        return image.format(self.alt, WIDTH * 100, source)


TABLE = Markup(
    '<table style="margin-left: 0">\n'
    '<caption style="text-align: left">{}</caption>\n{}</table>'
)


class Table:
    """Rows under headings; every value is escaped."""

    def __init__(self, caption, headings, rows):
        self.caption, self.headings = caption, headings
        self.rows = [[shown(value) for value in row] for row in rows]

    def _repr_html_(self):
        cell = Markup('<td style="{}">{}</td>')
        head = Markup('<th scope="col" style="text-align: left">{}</th>')
        line = Markup("<tr>{}</tr>\n")
        body = [[head.format(x) for x in self.headings]]
        body = body if any(self.headings) else []
        body += [[cell.format(style(x), x) for x in row] for row in self.rows]
        lines = [line.format(Markup("").join(row)) for row in body]
        return TABLE.format(self.caption, Markup("").join(lines))

    def __repr__(self):
        rows = [self.headings] if any(self.headings) else []
        rows += [[plain(x) for x in row] for row in self.rows]
        return "\n".join([self.caption, *map("  ".join, rows)])


def shown(value):
    """A value as text; what is HTML already stays so."""
    return value if isinstance(value, Markup) else str(value)


def plain(text):
    return text.striptags() if isinstance(text, Markup) else text


def style(text):
    """A long word may be broken anywhere, and leaves room for the others."""
    longest = max(map(len, plain(text).split()), default=0)
    room = "; min-width: 8em"
    return "text-align: left" + (
        "; word-break: break-all" if longest > 40 else room * (len(text) > 30)
    )


def axes(columns=1, height=3.6, **options):
    """One or more axes on a new figure."""
    figure = Figure(figsize=(WIDTH, height))
    return figure.subplots(1, columns, **options)


def png(figure):
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=110, facecolor=PAPER)
    return data.getvalue()


def milliseconds(number):
    """Two figures that count: `0.026 ms`, `26 ms`, `2,600 ms`."""
    if number <= 0:
        return ""
    places = max(0, 1 - floor(log10(number)))
    return f"{round(number, places):,.{places}f} ms"


def check(figure, alt):
    if len(alt.split()) < 8:
        raise ValueError("say in words what the picture shows")
    for each in figure.axes:
        title = each.get_title() or each.get_title("left")
        if not title:
            raise ValueError("a picture needs a title")
        for axis in (each.xaxis, each.yaxis):
            if each.axison and not has_unit(axis):
                raise ValueError(f"an axis of “{title}” has no unit")


def has_unit(axis):
    """Names need no unit; numbers need one, in brackets behind the label."""
    named = isinstance(axis.get_major_formatter(), NAMES)
    return axis.get_label_text().endswith(")") or named


NAMES = (
    matplotlib.category.StrCategoryFormatter,
    matplotlib.ticker.FixedFormatter,
)
