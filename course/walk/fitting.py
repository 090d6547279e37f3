"""How much of a diff fits on a slide of 1280 by 720, and where it is cut.

The numbers are those of `book/slides/slides.css`, in pixels. A test looks
at every slide in a browser, and fails where one of them is wrong.
"""

import math
import textwrap
from typing import NamedTuple

from ..book.diffs import Hunk

HEIGHT = 640  # between the slide's upper edge and its foot, with a margin
WIDTH = 1164  # of a row of code
LEAD_LINE, LEAD_COLUMNS, LEAD_GAP = 43, 66, 12
CARD, GAP = 47, 10  # a file's name and frame; between two of them
SIZES = [34, 29, 24]  # of the letters of code; no less, for the last row
LETTER, ROW = 0.602, 1.2  # a letter's width and a row's height, to its size


class Card(NamedTuple):
    """What one slide shows of one file."""

    path: str
    what: str
    hunks: list

    @property
    def rows(self):
        return sum(
            rows_of(hunk.lines) + bool(hunk.place or i)
            for i, hunk in enumerate(self.hunks)
        )

    @property
    def columns(self):
        return max(len(x.text) for hunk in self.hunks for x in hunk.lines)


def rows_of(lines):
    """The rows that lines need, before the change or after it."""
    before = sum(line.kind != "added" for line in lines)
    after = sum(line.kind != "removed" for line in lines)
    return max(before, after)


def height_under(lead):
    """What is left for code below a lead, given as plain text."""
    lines = len(textwrap.wrap(lead, LEAD_COLUMNS))
    return HEIGHT - lines * LEAD_LINE - LEAD_GAP


def fits(cards, height, size):
    """Whether the cards fit, with letters of that size."""
    rows = sum(card.rows for card in cards)
    frames = len(cards) * (CARD + GAP) - GAP
    columns = max(card.columns for card in cards) + 2
    return (
        rows * size * ROW + frames <= height
        and columns * size * LETTER <= WIDTH
    )


def size_of(cards, height):
    """The largest size of letters with which the cards fit."""
    return next((s for s in SIZES if fits(cards, height, s)), SIZES[-1])


def cards_by_slide(changes, height):
    """The cards of each slide for one block's changes, below its lead.

    Hunks stay whole where they can; one that is larger than a slide is cut.
    """
    rows = int((height - CARD) / (SIZES[-1] * ROW))
    slides = [[]]
    for change in changes:
        for hunk in change.hunks:
            for part in cut(hunk, rows - bool(hunk.place)):
                longer = with_part(slides[-1], change, part)
                if fits(longer, height, SIZES[-1]):
                    slides[-1] = longer
                else:
                    slides.append(with_part([], change, part))
    return [cards for cards in slides if cards]


def with_part(cards, change, part):
    """The cards, and one hunk more: on the last card, if it is its file's."""
    if cards and cards[-1].path == change.path:
        *others, last = cards
        return [*others, last._replace(hunks=[*last.hunks, part])]
    return [*cards, Card(change.path, change.what, [part])]


def cut(hunk, rows):
    """The hunk in parts of at most that many rows, about equally long."""
    lines, parts = hunk.lines, []
    while rows_of(lines) > rows:
        count = math.ceil(rows_of(lines) / rows)
        end = best_cut(lines, math.ceil(rows_of(lines) / count), rows)
        parts.append(Hunk(hunk.place, lines[:end]))
        lines = lines[end:]
    return [*parts, Hunk(hunk.place, lines)]


def best_cut(lines, ideal, rows):
    """Where to cut: at a blank line, or else at the outermost line.

    The first part then has about the ideal number of rows, and never more
    than `rows`.
    """
    near = [
        n
        for n in range(1, len(lines))
        if ideal * 0.6 <= rows_of(lines[:n]) <= min(rows, ideal * 1.4)
    ]

    def quality(n):
        before, after = lines[n - 1].text, lines[n].text
        closes = after.strip()[:1] in set(")]}<")
        indent = len(after) - len(after.lstrip())
        return bool(before.strip()), closes, indent, abs(n - ideal)

    return min(near, key=quality)
