"""Each word of the glossary is linked where a page uses it first.

A word that is written as `code` in the glossary's heading is one in code
spans only, also as a call; any other is one in prose. Headings are not
looked at, nor the text of other links, nor what stands in *italics*: that is
quoted.
"""

import re
from os.path import relpath
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt

from course.chapters import Course
from course.glossary import anchor_in, definitions_of, entries_of

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
AHEAD = {"session": "a-table-of-users"}  # said there to tell it from another
PAGES = [
    *COURSE.primers,
    *(chapter.lesson for chapter in COURSE.chapters),
    *(step.page for step in COURSE.steps.values()),
    *sorted(COURSE.root.glob("chapters/*/exercises/**/*.md")),
]
each_entry = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
each_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda p: p.relative_to(COURSE.root).as_posix()
)


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


def words_of(entry, code):
    words = [*entry.words, *OTHER_WORDS.get(entry.anchor, [])]
    return [w.strip("`@") for w in words if w.startswith("`") == code]


PROSE = {
    form: entry.anchor
    for entry in ENTRIES.values()
    for word in words_of(entry, code=False)
    for form in plurals_of(word)
}
BEFORE_IT = r"(?:@|\{% |with |\w+: )?(?:\w+\.)*"


def starts_with(word):
    """Whether a code span is the word, also called, or said of something."""
    end = r"(?=[ (=.[]|\Z)" if word[-1].isalnum() else r"\Z"
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
        known = flat if flat.isupper() else flat.lower()
        line = piece.line + piece.text.count("\n", 0, match.start())
        yield PROSE[known], flat, line


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


def advice(page, use):
    """What to write where a word stands without its link."""
    entry = ENTRIES[use.anchor]
    to = relpath(COURSE.root / "chapters" / "glossary.md", page.parent)
    to = to.replace("\\", "/")
    return (
        f"{page.relative_to(COURSE.root).as_posix()}:{use.line}: here "
        f"“{use.text}” is used first, a word of step {entry.number}.\n"
        f"    write here            [{use.text}]\n"
        f"    and at the page's end [{use.text.lower()}]: {to}#{use.anchor}"
    )


@each_page
def test_a_page_links_each_word_of_the_glossary_where_it_uses_it_first(page):
    bare = [use for use in first_uses(page).values() if not use.linked]
    assert not bare, "\n" + "\n".join(advice(page, use) for use in bare)


@each_page
def test_a_page_links_to_entries_that_there_are_and_by_their_words(page):
    text = page.read_text(encoding="utf-8")
    for piece in pieces_of(text):
        if piece.link and (anchor := anchor_in(piece.link)):
            assert anchor in ENTRIES, (
                f"{page.name}:{piece.line} links to #{anchor}; the glossary "
                "has no such heading"
            )
            named = [found for found, *_ in anchors_in(piece)]
            assert anchor in named, (
                f"{page.name}:{piece.line}: “{piece.text}” is no word of the "
                f"glossary's “{ENTRIES[anchor].heading}”"
            )


@each_page
def test_a_page_defines_no_link_that_it_does_not_use(page):
    text = page.read_text(encoding="utf-8")
    defined = {found["href"] for found in definitions_of(text).values()}
    unused = defined - {piece.link for piece in pieces_of(text)}
    assert not unused, f"take out of {page.name}: {sorted(unused)}"


@each_entry
def test_the_step_of_an_entry_uses_it_and_no_step_before_it_does(entry):
    using = [
        str(state)
        for state, step in COURSE.steps.items()
        if entry.anchor in first_uses(step.page)
        and AHEAD.get(entry.anchor) != step.slug
    ]
    assert using, f"no step uses “{entry.heading}”"
    assert entry.number == using[0], (
        f"chapters/glossary.md: “{entry.heading}” is first used in step "
        f"{using[0]}, and the entry says {entry.number}"
    )


def test_every_heading_of_the_glossary_is_an_entry_once():
    text = COURSE.glossary.read_text(encoding="utf-8")
    headings = re.findall(r"^### (.+)", text, re.MULTILINE)
    assert headings == [entry.heading for entry in ENTRIES.values()]
