"""A hint for each check of each step, and what each step's author says."""

import ast
import re
from collections import defaultdict
from functools import cache
from types import SimpleNamespace

import pytest

from course.asides import aloud, aside
from course.chapters import Course
from course.check.blame import added_in
from course.check.outcome import Failure
from course.pages import Block, read_page
from course.states import States
from course.student.clues import look_for
from course.student.comparison import reason_of
from course.student.hints import KINDS, hints_of
from course.student.missing import block_for

COURSE = Course()
STEPS = list(COURSE.steps.values())
each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
TESTS = sorted((COURSE.root / "tests" / "chapters").glob("*/test_*.py"))


@cache
def all_checks():
    """The names of the tests that each step turns green, by its slug."""
    found = defaultdict(list)
    for path in TESTS:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for mark in map(ast.unparse, getattr(node, "decorator_list", [])):
                if since := re.match(r"pytest\.mark\.since\('([\w-]+)'", mark):
                    found[since[1]].append(node.name)
    return found


@each_step
def test_each_check_of_a_step_has_hints_that_give_a_little_more(step):
    """Before the step, where nothing of it is there."""
    folder = States(COURSE).folder(COURSE.before(step.state))
    workspace, names = SimpleNamespace(folder=folder), all_checks()[step.slug]
    assert names or step.is_refactoring
    for name in names:
        _, block = block_for(workspace, step, Failure(name, ""))
        hints = hints_of(step, block, name)
        assert [hint.kind for hint in hints] == KINDS
        look, place, shape, lines = hints
        words = [line for f in block.files for line in added_in(block.diff, f)]
        assert look.text
        if said := aside("look", block.prose):
            assert look.text == said
            assert not any(line.strip() in said for line in words)
        assert any(f"In `{file}`" in place.text for file in block.files)
        assert "…" in shape.text
        assert shape.text.count("\n") <= len(words) + len(block.files)
        assert lines.diff == block.diff


@each_step
def test_the_author_says_what_to_look_for_in_each_block_and_why(step):
    page = read_page(step.text)
    for block in page.blocks:
        assert block.given or aside("look", block.prose), (
            f"{step.shown}, line {block.line}: before this diff a comment is "
            "missing, <!-- look: … -->, which says what to look for"
        )
    sentences = re.findall(r"[.?!](?: |\Z)", reason_of(step))
    assert len(sentences) == 2, (
        f"{step.shown}: <!-- why: … --> is missing at its end, or is "
        "not two sentences"
    )


def test_a_page_that_is_being_written_has_its_first_words_for_a_hint():
    block = Block("# One\n\nTwo\nthree.\n\nFour.", "")
    assert look_for(block, STEPS[0]) == "Two three."


def test_what_is_said_aside_is_not_said_aloud():
    text = "One.\n\n<!-- look: two,\nthree -->\n\n<!-- why: Four. -->\n\nFive."
    assert aloud(text) == "One.\n\nFive."
    assert aside("look", text) == "two, three"
    assert aside("why", text) == "Four."
