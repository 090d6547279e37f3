"""Each word of the glossary is linked where a page uses it first."""

import re
from os.path import relpath

import pytest

from course.glossary import anchor_in, definitions_of, rewritten

from .words import COURSE, ENTRIES, anchors_in, first_uses, pieces_of

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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A [view] answers.", "A view answers."),
        ("[`a(b[0])`][view], [View][view]", "`a(b[0])`, View"),
        ("[view](other.md), [other], `x[view]`", None),
        ("The end.\n\n[view]: ../../glossary.md#view", "The end."),
    ],
)
def test_a_hint_shows_words_without_their_links(text, shown):
    page = "[view]: ../../glossary.md#view\n[other]: other.md\n"
    assert rewritten(text, page, lambda words, _: words) == (shown or text)


def test_every_heading_of_the_glossary_is_an_entry_once():
    text = COURSE.glossary.read_text(encoding="utf-8")
    headings = re.findall(r"^### (.+)", text, re.MULTILINE)
    assert headings == [entry.heading for entry in ENTRIES.values()]
