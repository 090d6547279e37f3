"""How much of a diff goes on one slide, and where it is cut.

All is counted in rows of the smallest letters, 24px on 1280 by 720. The
browser knows its fonts: `fitting.js` takes the largest letters that fit. What
is counted here leaves room for wider ones than most machines have.
"""

import math
import textwrap

ROWS = 22.5
LEAD_COLUMNS, LEAD_ROWS = 68, 1.5  # of the sentence above the code
FRAME_ROWS = 2  # a file's name and frame
CONTEXTS = (2, 1, 0)  # lines around a change: fewer, if that saves a slide
REWRITTEN = 3  # lines taken out: worth a look at what was there before


def is_rewritten(lines):
    """Whether so much is taken out that it is shown before the change."""
    return sum(line.kind == "removed" for line in lines) >= REWRITTEN


def rows_of(lines):
    """The rows that lines need, on the largest slide that they are on."""
    if not is_rewritten(lines):
        return len(lines)
    before = sum(line.kind != "added" for line in lines)
    after = sum(line.kind != "removed" for line in lines)
    return max(before, after)


def rows_with_frames(changes):
    """The same for all that a slide shows, with the files' names."""
    return len(changes) * FRAME_ROWS + sum(
        rows_of(hunk.lines) + has_place(hunk)
        for change in changes
        for hunk in change.hunks
    )


def has_place(hunk):
    """Whether a row says where it is; a file's first line needs none."""
    return hunk.lines[0].number != 1


def changes_by_slide(changes, lead):
    """The FileChanges of each slide for one block, below its lead."""
    rows = ROWS - LEAD_ROWS * lines_of_lead(lead)
    found = (on_slides(changes, rows, context) for context in CONTEXTS)
    return min(found, key=len)


def lines_of_lead(lead):
    return len(textwrap.wrap(lead, LEAD_COLUMNS))


def on_slides(changes, rows, context):
    """Hunks stay whole where they can; one larger than a slide is cut."""
    slides = [[]]
    for change in changes:
        hunks = [
            part
            for hunk in change.hunks
            for part in cut(trimmed(hunk, context), int(rows) - FRAME_ROWS - 1)
        ]
        for part in [[hunk] for hunk in hunks] or [[]]:
            part = change._replace(hunks=part)
            longer = joined([*slides[-1], part])
            if rows_with_frames(longer) <= rows:
                slides[-1] = longer
            else:
                slides.append([part])
    return [shown for shown in slides if shown]


def trimmed(hunk, context):
    """The hunk with little context around it, and no blank line at an end."""
    lines = list(hunk.lines)
    for end in (0, -1):
        while context_at(lines, end) > context or is_blank(lines, end):
            lines.pop(end)
    return hunk._replace(lines=lines)


def context_at(lines, end):
    """How many lines of context there are at the start, or at the end."""
    run = lines if end == 0 else lines[::-1]
    changed = (n for n, line in enumerate(run) if line.kind != "same")
    return next(changed, 0)


def is_blank(lines, end):
    return lines[end].kind == "same" and not lines[end].text.strip()


def joined(changes):
    """The changes, the last two as one where they are of one file."""
    *others, last = changes
    if others and others[-1].path == last.path:
        hunks = [*others[-1].hunks, *last.hunks]
        return [*others[:-1], last._replace(hunks=hunks)]
    return changes


def cut(hunk, rows):
    """The hunk in parts of at most that many rows, about equally long."""
    lines, parts = hunk.lines, []
    while rows_of(lines) > rows:
        count = math.ceil(rows_of(lines) / rows)
        end = best_cut(lines, math.ceil(rows_of(lines) / count), rows)
        parts.append(hunk._replace(lines=lines[:end]))
        lines = lines[end:]
    return [*parts, hunk._replace(lines=lines)]


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
