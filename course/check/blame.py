"""The step whose page made a line of a program, or made it go wrong."""

import re
from difflib import SequenceMatcher

from ..pages import read_page

SHORT = 10  # letters of a line that says too little of where it is from
ALIKE = 0.7  # how much of a line has to be a page's, at the least
BEGUN = 0.4  # how many of a page's lines are there, once it was begun


def step_to_blame(workspace, here, place):
    """The state of the step that a fault belongs to: `here` or a later one.

    `here` is the step whose test failed, and `place` the (file, line, text)
    that broke it. A later step of the chapter is to blame when its page adds
    a line more like this one, and most else that it adds to the file is there,
    in lines that no page up to `here` adds.
    """
    file, line, text = place
    lines = lines_of(workspace.folder / file)
    for each in [text, *beside(lines, line)]:
        if found := step_with(workspace, here, file, each):
            return found
    return here


def beside(lines, line):
    """The lines around one that are more than a word, the nearest first."""
    for away in (-1, 1, -2, 2):
        at = line - 1 + away
        if 0 <= at < len(lines) and len(lines[at]) > SHORT:
            yield lines[at]


def step_with(workspace, here, file, text):
    """The state of the step that made a line, `here` or a later one.

    Where a later page takes the most alike line out again, it is that one.
    """
    known = set(lines_of(workspace.folder / file))
    best, found, like = ALIKE, None, ""
    for step in workspace.chapter.steps:
        lines = list(added_to(step, file))
        if step.state <= here:
            known.difference_update(line.strip() for line in lines)
        if step.state < here:
            continue
        others = [line for line in lines if alike(text, line) <= ALIKE]
        begun = sum(line.strip() in known for line in others)
        if step.state > here and begun < BEGUN * len(others):
            continue
        nearest = max(lines, key=lambda line: alike(text, line), default="")
        gone = found and text != like.strip()
        gone = gone and like in added_to(step, file, "-")
        if gone or alike(text, nearest) > best:
            best, found, like = alike(text, nearest), step.state, nearest
    return found


def lines_of(path):
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    return [line.strip() for line in text.splitlines()]


def added_to(step, file, sign="+"):
    """The lines that a step's page adds to a file; with "-", takes out."""
    for block in read_page(step.text).blocks:
        yield from added_in(block.diff, file, sign)


def added_in(diff, file, sign="+"):
    """The lines that a diff adds to a file; with "-", takes out."""
    line = rf"^\{sign}(?!\{sign}\{sign} )(.*\S)"
    for part in re.split(r"^diff --git ", diff, flags=re.M)[1:]:
        if f" b/{file}\n" in f"{part.splitlines()[0]}\n":
            yield from re.findall(line, part, re.M)


def alike(one, other):
    return SequenceMatcher(None, one.strip(), other.strip()).ratio()
