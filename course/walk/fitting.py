"""How much of a diff goes on one slide, and where it is cut.

All is counted in rows of the smallest letters, 24px on 1280 by 720. The
browser knows its fonts: `slides.js` takes the largest letters that fit. What
is counted here leaves room for wider ones than most machines have.
"""

import math
import textwrap

from ..book.diffs import Hunk

ROWS = 22.5
LEAD_COLUMNS, LEAD_ROWS = 56, 1.5  # of the sentence above the code
FRAME_ROWS = 2  # a file's name and frame


def rows_of(lines):
    """The rows that lines need, before the change or after it."""
    before = sum(line.kind != "added" for line in lines)
    after = sum(line.kind != "removed" for line in lines)
    return max(before, after)


def rows_with_frames(changes):
    """The same for all that a slide shows, with the files' names."""
    return len(changes) * FRAME_ROWS + sum(
        rows_of(hunk.lines) + bool(hunk.place or number)
        for change in changes
        for number, hunk in enumerate(change.hunks)
    )


def changes_by_slide(changes, lead):
    """The FileChanges of each slide for one block, below its lead.

    Hunks stay whole where they can; one that is larger than a slide is cut.
    """
    rows = ROWS - LEAD_ROWS * len(textwrap.wrap(lead, LEAD_COLUMNS))
    slides = [[]]
    for change in changes:
        hunks = [cut(x, int(rows) - FRAME_ROWS - 1) for x in change.hunks]
        for part in [[hunk] for parts in hunks for hunk in parts] or [[]]:
            part = change._replace(hunks=part)
            longer = joined([*slides[-1], part])
            if rows_with_frames(longer) <= rows:
                slides[-1] = longer
            else:
                slides.append([part])
    return [shown for shown in slides if shown]


def joined(changes):
    """The changes, the last two as one where they are of one file."""
    *others, last = changes
    if others and others[-1].path == last.path:
        hunks = [*others[-1].hunks, *last.hunks]
        return [*others[:-1], last._replace(hunks=hunks)]
    return changes


def cut(hunk, rows):
    """The hunk in parts of at most that many rows, about equally long."""
    lines, parts, place = hunk.lines, [], hunk.place
    while rows_of(lines) > rows:
        count = math.ceil(rows_of(lines) / rows)
        end = best_cut(lines, math.ceil(rows_of(lines) / count), rows)
        parts.append(Hunk(place, lines[:end]))
        place = place_of(parts, lines[end])
        lines = lines[end:]
    return [*parts, Hunk(place, lines)]


def place_of(parts, line):
    """What a line stands in: the last line before it that is further out."""
    above = [x for part in parts for x in part.lines if x.kind != "removed"]
    for outer in reversed(above):
        if outer.text.strip() and indent_of(outer) < indent_of(line):
            return outer.text.strip()
    return parts[0].place if indent_of(line) else ""


def indent_of(line):
    return len(line.text) - len(line.text.lstrip())


def best_cut(lines, ideal, rows):
    """Where to cut: at a blank line, or else at the outermost line.

    The first part then has about the ideal number of rows, and never more
    than `rows`.
    """

    def quality(n):
        before, after = lines[n - 1], lines[n]
        closes = after.text.strip()[:1] in set(")]}<")
        blank = bool(before.text.strip())
        return blank, closes, indent_of(after), abs(n - ideal)

    near = (
        n
        for n in range(1, len(lines))
        if ideal * 0.6 <= rows_of(lines[:n]) <= min(rows, ideal * 1.4)
    )
    return min(near, key=quality)
