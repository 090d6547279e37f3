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
    """One line of a hunk.

    `number` is where the line stands after the change, `old` before it; each
    is None where the line is not there.
    """

    kind: str
    text: str
    html: Markup
    number: int | None
    old: int | None = None


def marked_lines(hunk, path):
    """Every line of a unidiff Hunk of that file, as MarkedLines."""
    tokens = {}
    for side in map(list, (hunk.source_lines(), hunk.target_lines())):
        text = "".join(line.value for line in side)
        tokens |= zip(map(id, side), highlighted(text, path), strict=False)
    texts = [line.value.rstrip("\n") for line in hunk]
    kinds = [KINDS.get(line.line_type, "same") for line in hunk]
    return [
        MarkedLine(
            *(kind, text, draw(tokens.get(id(line), [("", text)]), marks)),
            *(line.target_line_no, line.source_line_no),
        )
        for line, kind, text, marks in zip(
            hunk, kinds, texts, marks_of(texts, kinds), strict=True
        )
    ]


def highlighted(text, path):
    """The lines of a text, each a list of (CSS class, characters)."""
    lines = [[]]
    for _, kind, value in lexer_of(path).get_tokens_unprocessed(text):
        for number, part in enumerate(value.split("\n")):
            lines += [[]] if number else []
            lines[-1].append((STANDARD_TYPES.get(kind, ""), part))
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
    runs = [
        list(run) for _, run in groupby(range(len(kinds)), kinds.__getitem__)
    ]
    for removed, added in pairwise(runs):
        if (kinds[removed[0]], kinds[added[0]]) == ("removed", "added"):
            for run in changed_words(texts, removed, added):
                for line, part in groupby(run, key=lambda word: word[0]):
                    spans = [match.span() for _, match in part]
                    marks[line].update(range(spans[0][0], spans[-1][1]))
    return [
        columns if len(columns) <= ENOUGH * len(text.strip()) else set()
        for text, columns in zip(texts, marks, strict=True)
    ]


def changed_words(texts, *sides):
    """Runs of words that differ, unless most do: each a line and a match."""
    found = [
        [(i, word) for i in lines for word in WORD.finditer(texts[i])]
        for lines in sides
    ]
    words = [[word[0] for _, word in side] for side in found]
    compared = SequenceMatcher(None, *words, autojunk=False)
    kept = sum(block.size for block in compared.get_matching_blocks())
    if kept >= ENOUGH * min(map(len, words)):
        for name, a, b, c, d in compared.get_opcodes():
            if name != "equal":
                yield from (found[0][a:b], found[1][c:d])


def draw(tokens, marked):
    """The HTML of one line from its tokens and the columns to mark."""
    letters = [(style, c) for style, text in tokens for c in text]
    cells = [(style, i in marked, c) for i, (style, c) in enumerate(letters)]
    html = Markup()
    for (style, mark), part in groupby(cells, key=lambda cell: cell[:2]):
        tag = Markup("mark" if mark else "span")
        form = '<{0} class="{1}">{2}</{0}>' if style or mark else "{2}"
        text = "".join(c for *_, c in part)
        html += Markup(form).format(tag, style, text)
    return html
