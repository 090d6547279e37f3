"""What a reader of the notebooks can rely on."""

import ast
import re

import pytest
from markdown_it import MarkdownIt

from course.chapters import ROOT
from course.explore.notebooks import tidy

from .conftest import FOLDER, code_cells, read, sections
from .masks import mask

CHAPTERS = {
    "01-hashes.ipynb": ["01-hashing"],
    "02-session-cookies.ipynb": ["02-login"],
    "03-follow-a-login.ipynb": ["02-login", "03-register"],
    "04-an-id-token.ipynb": ["07-openid"],
}


def test_what_is_kept_is_what_was_written_by_make_notebooks(notebook):
    kept = read(notebook)
    assert tidy(read(notebook)) == kept, f"Try: make notebooks ({notebook})"
    counts = [cell.execution_count for cell in code_cells(kept)]
    assert counts == list(range(1, len(counts) + 1)), "run from top to bottom"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4 users", "5 users"),
        ("It is (162, 162).", "It is (161, 161)."),
        ("found  dev", "found  flask"),
        ("user  method\nsusan  scrypt:32768:8:1", "susan  scrypt:16384:8:1"),
        ("_fresh  True", "_fresh  False"),
    ],
)
def test_the_masks_leave_what_a_reader_is_told(one, other):
    assert mask(one) == one, f"{one!r} would be masked"
    assert mask(one) != mask(other)


def test_it_says_at_its_start_what_for_and_where_it_belongs(notebook):
    start = read(notebook).cells[0].source
    assert "At the end you will know" in start
    for chapter in CHAPTERS[notebook]:
        assert f"(../chapters/{chapter}/README.md)" in start


def test_its_chapters_link_to_it(notebook):
    for chapter in CHAPTERS[notebook]:
        lesson = ROOT / "chapters" / chapter / "README.md"
        text = lesson.read_text(encoding="utf-8")
        assert f"../../notebooks/{notebook}" in text, f"{lesson} has no link"


def test_its_links_lead_somewhere(notebook):
    cells = read(notebook).cells
    text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    tokens = MarkdownIt("commonmark").parse(text)
    links = [
        child.attrs["href"]
        for token in tokens
        for child in token.children or []
        if child.type == "link_open"
    ]
    local = [link for link in links if not link.startswith("https://")]
    gone = [link for link in local if not (FOLDER / link).exists()]
    assert local, "links to a lesson, at least"
    assert not gone, f"no such file: {gone}"


def test_each_assertion_says_what_it_is_about(notebook):
    for cell in code_cells(read(notebook)):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Assert):
                claim = ast.unparse(node.test)
                assert node.msg is not None, f"{cell.id}: {claim} says nothing"


def test_each_section_has_a_claim_that_is_checked(notebook):
    for title, cells in sections(read(notebook)).items():
        if title and title != "Exercises":
            code = "\n".join(c.source for c in cells if c.cell_type == "code")
            assert re.search(r"^ *assert ", code, re.M), f"{title}: no check"


def test_it_ends_with_exercises_that_a_cell_checks(notebook):
    *_, (title, cells) = sections(read(notebook)).items()
    assert title == "Exercises"
    checked = [c for c in cells if "\ncheck(" in c.source]
    assert len(checked) >= 3
    for cell in checked:
        said = cell.outputs[0].data["text/plain"]
        assert said.startswith("Not answered yet"), said
