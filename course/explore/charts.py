"""The charts of the notebooks, in one style."""

import textwrap

from .cookie_views import BLUE, INK, ORANGE, PAPER, parts
from .showing import COLOURS, WIDTH, Picture, axes

HATCHES = ["", "//", ".."]
BLANK = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}


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
    boxes = "; ".join(f"{part.name}: {part.meaning}" for part in found)
    alt = "The text of a cookie in coloured boxes, one below the other. "
    return Picture(ax.figure, f"{alt}{title}. {boxes}.")


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


def cost_chart(costs, marked=2**15):
    """Time and memory of scrypt over N: {N: seconds}."""
    time_axes, memory_axes = axes(2, height=3.4)
    powers = list(costs)
    memory = [128 * n * 8 / 2**20 for n in powers]
    time_axes.plot(powers, [1000 * t for t in costs.values()], marker="o")
    time_axes.set_title("Time for one hash")
    time_axes.set_ylabel("time (ms)")
    memory_axes.plot(powers, memory, "s--")
    memory_axes.set_title("Memory for one hash")
    memory_axes.set_ylabel("memory (MiB)")
    for ax in (time_axes, memory_axes):
        ax.set_xlabel("cost factor N (blocks)")
        ax.set_xscale("log", base=2)
        ax.set_yscale("log", base=2)
        ax.yaxis.set_major_formatter("{x:g}")
        ax.axvline(marked, color=INK, ls=":")
    alt = f"""Two line charts over scrypt's cost factor N, from {powers[0]:,}
    to {powers[-1]:,}. Time and memory both double with each doubling of N. A
    dotted line marks Werkzeug's default, {marked:,}."""
    return Picture(time_axes.figure, alt)


def bill_chart(rows, guesses, price):
    """What all guesses cost: bars, of (name, seconds here, the hash)."""
    names = [name.replace(", ", ",\n", 1) for name, *_ in rows]
    paid = [each.dollars(guesses) for *_, each in rows]
    ax = axes(height=0.7 * len(rows) + 1)
    title = "All passwords of eight small letters: what the thief pays"
    bars(ax, names, paid, title, "rent of a card (dollars)", price)
    said = [f"{n}: {price(p)}" for (n, *_), p in zip(rows, paid, strict=True)]
    alt = "A bar chart of what a thief pays to try every password of eight "
    return Picture(ax.figure, f"{alt} small letters. {'; '.join(said)}.")
