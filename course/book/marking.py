"""The lines of a hunk as HTML: highlighted, with the changed words marked."""

import re
from difflib import SequenceMatcher
from html import escape
from itertools import groupby, pairwise
from typing import NamedTuple

from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

KINDS = {"-": "removed", "+": "added", " ": "same"}


class Word(NamedTuple):
    line: int
    start: int
    end: int
    text: str


class MarkedLine(NamedTuple):
    """One line of a hunk; `number` is where the line now stands, or None."""

    kind: str
    text: str
    html: str
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
    try:
        return get_lexer_for_filename(path)
    except ClassNotFound:
        return get_lexer_by_name("text")


def marks_of(texts, kinds):
    """The spans to mark in each line: the words that changed.

    A run of removed lines is compared with the added lines after it. What
    was rewritten altogether gets no marks, and neither does a line that is
    mostly new.
    """
    marks = [[] for _ in texts]
    for removed, added in replacements(kinds):
        before, after = words(texts, removed), words(texts, added)
        compared = SequenceMatcher(
            None, [w.text for w in before], [w.text for w in after], False
        )
        kept = sum(block.size for block in compared.get_matching_blocks())
        if kept < 0.6 * min(len(before), len(after)):
            continue
        for name, a, b, c, d in compared.get_opcodes():
            if name != "equal":
                for word in joined([*before[a:b], *after[c:d]]):
                    marks[word.line].append((word.start, word.end))
    return [
        spans if length(spans) <= 0.6 * len(text.strip()) else []
        for text, spans in zip(texts, marks, strict=True)
    ]


def length(spans):
    return sum(end - start for start, end in spans)


def replacements(kinds):
    """The runs of removed lines that added lines follow, as two lists."""
    runs = [
        (kind, [i for i, _ in run])
        for kind, run in groupby(enumerate(kinds), key=lambda pair: pair[1])
    ]
    for (kind, removed), (following, added) in pairwise(runs):
        if (kind, following) == ("removed", "added"):
            yield removed, added


def words(texts, lines):
    return [
        Word(i, match.start(), match.end(), match[0])
        for i in lines
        for match in re.finditer(r"\w+|[^\w\s]", texts[i])
    ]


def joined(run):
    """One Word for all of a run that stand in the same line."""
    for line, part in groupby(run, key=lambda word: word.line):
        part = list(part)
        yield Word(line, part[0].start, part[-1].end, "")


def draw(tokens, spans):
    """The HTML of one line from its tokens and the spans to mark."""
    marked = {i for start, end in spans for i in range(start, end)}
    letters = [(c, style) for style, text in tokens for c in text]
    cells = [(c, style, i in marked) for i, (c, style) in enumerate(letters)]
    pieces = []
    for (style, mark), part in groupby(cells, key=lambda cell: cell[1:]):
        tag = "mark" if mark else "span"
        text = escape("".join(c for c, *_ in part), quote=False)
        plain = not style and not mark
        pieces.append(
            text if plain else f'<{tag} class="{style}">{text}</{tag}>'
        )
    return "".join(pieces)
