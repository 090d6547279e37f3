"""Where a page uses the words of the glossary.

A word that is written as `code` in the glossary's heading is one in code
spans only, also as a call; any other is one in prose. Headings are not
looked at, nor the text of other links, nor what stands in *italics*: that is
quoted.
"""

import re
from typing import NamedTuple

from markdown_it import MarkdownIt

from course.chapters import Course
from course.glossary import anchor_in, entries_of

COURSE = Course()
ENTRIES = entries_of(COURSE)
OTHER_WORDS = {
    "csrf": ["cross-site request forgery"],
    "environment-variable": ["environment"],
    "pattern": [r"`\Z`"],
    "remember-cookie": ["`remember_token`"],
    "signed": ["signs", "signature"],
    "tilde": ["`~`"],
    "user-loader": ["loader"],
}


class Piece(NamedTuple):
    """A text or a code span of a page, and where it leads."""

    text: str
    line: int
    code: bool
    link: str | None


class Use(NamedTuple):
    anchor: str
    text: str
    line: int
    linked: bool


def plurals_of(word):
    if word.isupper():
        return [word]
    if word.endswith(("sh", "ss", "x")):
        return [word, f"{word}es"]
    return [word, f"{word}s", re.sub("y$", "ies", word)]


def as_known(word):
    """As a word is looked up: in capitals only where it is all of these."""
    return word if word.isupper() else word.lower()


def words_of(entry, code):
    words = [*entry.words, *OTHER_WORDS.get(entry.anchor, [])]
    return [w.strip("`@") for w in words if w.startswith("`") == code]


PROSE = {
    as_known(form): entry.anchor
    for entry in ENTRIES.values()
    for word in words_of(entry, code=False)
    for form in plurals_of(word)
}
BEFORE_IT = r"(?:@|\{% |with |\w+: )?(?:\w+\.)*"


def starts_with(word):
    """Whether a code span is the word, also called, or said of something."""
    end = r"(?=[ (.[]|=\S*\Z|\Z)" if word[-1].isalnum() else r"\Z"
    return re.compile(BEFORE_IT + re.escape(word) + end).match


CODE = {
    starts_with(word): entry.anchor
    for entry in ENTRIES.values()
    for word in words_of(entry, code=True)
}


def pattern_of(form):
    found = r"\s+".join(map(re.escape, form.split()))
    return found if form.isupper() else f"(?i:{found})"


WORD = re.compile(
    r"(?<![\w/-])(?:"
    + "|".join(map(pattern_of, sorted(PROSE, key=len, reverse=True)))
    + r")(?![\w/-])"
)


def anchors_in(piece):
    """The words of a piece, as (anchor, what stands there, on which line)."""
    if piece.code:
        found = (anchor for word, anchor in CODE.items() if word(piece.text))
        for anchor in [*found][:1]:
            yield anchor, f"`{piece.text}`", piece.line
        return
    for match in WORD.finditer(piece.text):
        flat = " ".join(match[0].split())
        line = piece.line + piece.text.count("\n", 0, match.start())
        yield PROSE[as_known(flat)], flat, line


def pieces_of(text):
    """The Pieces of a page's paragraphs, lists and tables, in order."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    line, heading = 0, False
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type.startswith("heading"):
            heading = token.nesting > 0
        elif token.type == "inline" and not heading:
            yield from merged(token.children, line)


def merged(children, line):
    link, text, start, italics = None, "", line, False
    for child in children:
        if child.type.startswith("em_"):
            italics = child.nesting > 0
        if italics and child.type in ("text", "code_inline"):
            continue
        if child.type in ("text", "softbreak"):
            text += "\n" if child.type == "softbreak" else child.content
            line += child.type == "softbreak"
            continue
        if child.type.startswith(("code", "link", "image")):
            if text:
                yield Piece(text, start, False, link)
            text, start = "", line
        if child.type == "code_inline":
            yield Piece(child.content, line, True, link)
        elif child.type.startswith("link"):
            link = child.attrs.get("href")
    if text:
        yield Piece(text, start, False, link)


def uses_in(page):
    """The Uses of a page in order; another link's text holds none."""
    for piece in pieces_of(page.read_text(encoding="utf-8")):
        told = anchor_in(piece.link) if piece.link else None
        if piece.link and not told:
            continue
        for anchor, text, line in anchors_in(piece):
            yield Use(anchor, text, line, told == anchor)


def first_uses(page):
    found = {}
    for use in uses_in(page):
        found.setdefault(use.anchor, use)
    return found
