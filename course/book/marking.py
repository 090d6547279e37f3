"""The lines of a hunk as HTML: highlighted, with the changed words marked."""

import re
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import NamedTuple

from markupsafe import Markup
from pygments.lexers import (
    TextLexer,
    find_lexer_class_for_filename,
    get_lexer_by_name,
)
from pygments.token import STANDARD_TYPES

KINDS = {"-": "removed", "+": "added", " ": "same"}
WORD = re.compile(r"\w+|[^\w\s]")
ENOUGH = 0.6  # of the words has to stay, and of a line to be unmarked


class MarkedLine(NamedTuple):
    """One line of a hunk; `number` is where the line now stands, or None."""

    kind: str
    text: str
    html: Markup
    number: int | None


def marked_lines(hunk, path):
    """Every line of a unidiff Hunk of that file, as MarkedLines."""
    texts = [line.value.rstrip("\n") for line in hunk]
    kinds = [KINDS.get(line.line_type, "same") for line in hunk]
    drawn = tokens_of_both_sides(texts, kinds, path)
    marks = marks_of(texts, kinds)
    return [
        MarkedLine(kind, text, draw(tokens, mark), line.target_line_no)
        for line, kind, text, tokens, mark in zip(
            hunk, kinds, texts, drawn, marks, strict=True
        )
    ]


def tokens_of_both_sides(texts, kinds, path):
    """The tokens of each line, lexed in the file before or after."""
    drawn = [[]] * len(texts)
    for other in ("added", "removed"):
        side = [i for i, kind in enumerate(kinds) if kind != other]
        lexed = highlighted("\n".join(texts[i] for i in side), path)
        for i, tokens in zip(side, lexed, strict=False):
            drawn[i] = tokens
    return drawn


def highlighted(text, path):
    """The lines of a text, each a list of (CSS class, characters)."""
    lines = [[]]
    for _, kind, value in lexer_of(path).get_tokens_unprocessed(text):
        first, *others = value.split("\n")
        lines[-1].append((STANDARD_TYPES.get(kind, ""), first))
        lines += [[(STANDARD_TYPES.get(kind, ""), part)] for part in others]
    return lines


def lexer_of(path):
    if path.endswith(".html"):
        return get_lexer_by_name("html+jinja")
    return (find_lexer_class_for_filename(path) or TextLexer)()


def marks_of(texts, kinds):
    """The columns to mark in each line: those of the words that changed.

    A run of removed lines is compared with the added lines after it. What
    was rewritten altogether gets no marks, and neither does a line that is
    mostly new.
    """
    marks = [set() for _ in texts]
    for removed, added in pairwise(runs_of(kinds)):
        if (kinds[removed[0]], kinds[added[0]]) == ("removed", "added"):
            for run in changed_words(texts, removed, added):
                for line, part in groupby(run, key=lambda word: word[0]):
                    spans = [match.span() for _, match in part]
                    marks[line].update(range(spans[0][0], spans[-1][1]))
    return [
        columns if len(columns) <= ENOUGH * len(text.strip()) else set()
        for text, columns in zip(texts, marks, strict=True)
    ]


def runs_of(kinds):
    """The lines by number, in runs of one kind."""
    grouped = groupby(range(len(kinds)), key=lambda i: kinds[i])
    return [list(run) for _, run in grouped]


def changed_words(texts, removed, added):
    """Runs of words that differ, unless most do: each a line and a match."""
    sides = [
        [(i, word) for i in lines for word in WORD.finditer(texts[i])]
        for lines in (removed, added)
    ]
    words = [[word[0] for _, word in side] for side in sides]
    compared = SequenceMatcher(None, *words, autojunk=False)
    kept = sum(block.size for block in compared.get_matching_blocks())
    if kept >= ENOUGH * min(map(len, words)):
        for name, a, b, c, d in compared.get_opcodes():
            if name != "equal":
                yield from (sides[0][a:b], sides[1][c:d])


def draw(tokens, marked):
    """The HTML of one line from its tokens and the columns to mark."""
    letters = [(style, c) for style, text in tokens for c in text]
    cells = [(style, i in marked, c) for i, (style, c) in enumerate(letters)]
    html = Markup()
    for (style, mark), part in groupby(cells, key=lambda cell: cell[:2]):
        text = "".join(c for *_, c in part)
        tag = Markup("mark" if mark else "span")
        form = '<{0} class="{1}">{2}</{0}>' if style or mark else "{2}"
        html += Markup(form).format(tag, style, text)
    return html
