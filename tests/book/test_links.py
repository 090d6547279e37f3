"""Links lead somewhere, and nothing is loaded from elsewhere."""

import re
from functools import cache
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

from ..built import COURSE, STEPS, Outline, each_shown_chapter

PAGES = [
    COURSE.root / "README.md",
    *COURSE.beside,
    *(chapter.lesson for chapter in COURSE.chapters),
    *(step.page for step in STEPS),
    *(exercise.page for exercise in COURSE.exercises),
]
outline_of = cache(Outline)
OF_SLIDES = ("#/", "live/", "other-site/")  # what serves them knows


def dead_links(page):
    """The links of an HTML page that lead to no file, or to no place in it."""
    for link in outline_of(page).links:
        parts = urlsplit(link)
        if parts.scheme or link.startswith(OF_SLIDES):
            continue
        target = page
        if parts.path:
            target = (page.parent / unquote(parts.path)).resolve()
        if not target.is_file() or (
            parts.fragment
            and target.suffix == ".html"
            and unquote(parts.fragment) not in outline_of(target).ids
        ):
            yield link


def test_every_link_in_the_book_leads_somewhere(book):
    dead = {
        page.relative_to(book).as_posix(): found
        for page in book.rglob("*.html")
        if (found := list(dead_links(page)))
    }
    assert not dead, f"links that lead nowhere, by page: {dead}"


@each_shown_chapter
def test_every_link_in_the_slides_leads_somewhere(slides, chapter):
    dead = list(dead_links(slides[chapter.number] / "index.html"))
    assert not dead, f"links that lead nowhere: {dead}"


def anchors_of(page):
    """The places in a Markdown page, as a forge names them."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    titles = [
        following.content
        for token, following in pairwise(tokens)
        if token.type == "heading_open"
    ]
    kept = [re.sub(r"[^\w\- ]", "", title.lower()) for title in titles]
    return {title.replace(" ", "-") for title in kept}


def links_of(page):
    tokens = MarkdownIt().enable("table").parse(page.read_text("utf-8"))
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                yield child.attrs["href"]
            elif child.type == "image":
                yield child.attrs["src"]


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda p: p.relative_to(COURSE.root).as_posix()
)
def test_every_link_in_a_page_leads_somewhere(page):
    for link in links_of(page):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = page.parent / unquote(parts.path) if parts.path else page
        assert target.exists(), f"{page.name} links to {link}: no such file"
        if parts.fragment:
            assert parts.fragment in anchors_of(target), (
                f"{page.name} links to {link}: no such heading"
            )


def from_elsewhere(folder):
    """What the pages and styles of a folder load from another machine."""
    for page in folder.rglob("*.html"):
        for address in outline_of(page).loads:
            if re.match(r"(https?:)?//", address or ""):
                yield page.name, address
    for style in folder.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        for address in re.findall(r"(?:url\(|@import)\s*['\"]?(.*?)\)", text):
            if re.match(r"(https?:)?//", address):
                yield style.name, address


def test_the_book_loads_nothing_from_another_machine(book):
    assert not list(from_elsewhere(book))


@each_shown_chapter
def test_the_slides_load_nothing_from_another_machine(slides, chapter):
    assert not list(from_elsewhere(slides[chapter.number]))
