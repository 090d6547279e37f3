"""Pictures for the notebooks: one style, and words for who cannot see them.

The colours are Okabe and Ito's. They differ in lightness too, so that they
hold up in grey; hatches and markers say the same once more.
"""

import base64
import io
import textwrap
from math import floor, log10

import ipywidgets
import matplotlib
from IPython.display import display
from markupsafe import Markup
from matplotlib.figure import Figure

from course.explore.cookie_views import BLUE, INK, ORANGE, PAPER, YELLOW, parts

COLOURS = [BLUE, ORANGE, YELLOW]
HATCHES = ["", "//", ".."]
WIDTH = 8
BLANK = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}

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

    def _repr_mimebundle_(self, include=None, exclude=None):
        source = (
            "data:image/png;base64," + base64.b64encode(self.data).decode()
        )
        image = Markup('<img alt="{}" width="{}" src="{}">')
        wide = WIDTH * 100
        return {
            "text/plain": self.alt,
            "text/html": image.format(self.alt, wide, source),
        }


class Interactive:
    """A slider and what it draws; a picture where widgets do not run.

    `draw(value)` returns a Picture.
    """

    def __init__(self, slider, draw):
        self.still = draw(slider.value)
        output = ipywidgets.interactive_output(
            lambda value: display(draw(value)), {"value": slider}
        )
        self.widget = ipywidgets.VBox([slider, output])

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.widget._repr_mimebundle_() | (
            self.still._repr_mimebundle_()
        )


class Table:
    """Rows under headings; every value is escaped."""

    def __init__(self, caption, headings, rows):
        self.caption, self.headings = caption, headings
        self.rows = [[str(value) for value in row] for row in rows]

    def _repr_html_(self):
        cell = Markup('<td style="text-align: left">{}</td>')
        head = Markup('<th scope="col" style="text-align: left">{}</th>')
        line = Markup("<tr>{}</tr>\n")
        body = [[head.format(text) for text in self.headings]]
        body += [[cell.format(text) for text in row] for row in self.rows]
        lines = [line.format(Markup("").join(row)) for row in body]
        return Markup("<table>\n<caption>{}</caption>\n{}</table>").format(
            self.caption, Markup("").join(lines)
        )

    def __repr__(self):
        rows = [self.headings, *self.rows]
        return "\n".join([self.caption, *map("  ".join, rows)])


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


def bars(ax, names, values, title, unit, written, log=True):
    """Bars side by side, each with its value written on it."""
    drawn = ax.barh(names, values, color=COLOURS[: len(names)], edgecolor=INK)
    for bar, hatch in zip(drawn, HATCHES, strict=False):
        bar.set_hatch(hatch)
    ax.bar_label(drawn, [written(value) for value in values], padding=4)
    ax.set_title(title)
    ax.set_xlabel(unit)
    ax.invert_yaxis()
    ax.set_xscale("log" if log else "linear")
    ax.margins(x=0.35)
    return ax


def anatomy(cookie, title, width=74):
    """A cookie in three colours, each part with what it decodes to."""
    found = parts(cookie)
    ax = axes(height=0)
    ax.set_axis_off()
    ax.set_title(title, loc="left")
    at = 0
    mono = {"family": "monospace", "size": 10, "va": "top"}
    for part in found:
        rows = [textwrap.wrap(part.text, width), []]
        rows[1] = textwrap.wrap(f"{part.name}: {part.meaning}", width)
        rows[1] += textwrap.wrap(part.content, width)
        ax.text(
            0,
            -at,
            "\n".join(row.ljust(width) for row in rows[0]),
            color=part.ink,
            bbox={"facecolor": part.colour, "edgecolor": INK, "pad": 3},
            **mono,
        )
        at += len(rows[0]) + 0.6
        ax.text(0.02, -at, "\n".join(rows[1]), color=INK, **mono)
        at += len(rows[1]) + 0.8
    ax.set_xlim(0, 1)
    ax.set_ylim(-at, 0.5)
    ax.figure.set_size_inches(WIDTH, 0.19 * at + 0.6)
    return ax.figure


def sequence(title, actors, messages):
    """A sequence diagram: (from, to, text) for each message, in order.

    A message from an actor to itself is a note beside its line.
    """
    height = 0.42 * len(messages) + 1.2
    ax = axes(height=height)
    ax.set_axis_off()
    ax.set_title(title, loc="left")
    last = len(messages) + 1
    for place, actor in enumerate(actors):
        box = {"facecolor": COLOURS[2], "edgecolor": INK, "pad": 4}
        ax.text(place, 0, actor, ha="center", va="center", bbox=box)
        ax.plot([place, place], [-0.5, -last], color=INK, lw=0.8, ls=":")
    for at, (start, end, text) in enumerate(messages, 1):
        draw_message(ax, actors.index(start), actors.index(end), -at, text)
    ax.set_xlim(-0.5, len(actors) - 0.1)
    ax.set_ylim(-last, 0.6)
    return ax.figure


def draw_message(ax, start, end, at, text):
    if start == end:
        ax.plot(start, at, marker="o", color=ORANGE, markeredgecolor=INK)
        ax.text(start + 0.1, at, text, va="center", size=8.5, bbox=BLANK)
        return
    arrow = {"arrowstyle": "-|>", "color": BLUE, "lw": 1.6}
    ax.annotate("", (end, at), (start, at), arrowprops=arrow)
    middle = (start + end) / 2
    above = {"ha": "center", "va": "bottom", "size": 8.5}
    ax.text(middle, at + 0.15, text, bbox=BLANK, **above)
