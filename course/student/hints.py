"""Hints for the check that fails, one at each call, and no more than that."""

from typing import NamedTuple

import click

from ..check.report import before_it, no_checks, sentence
from .clues import look_for, place_of, shape_of
from .missing import block_for
from .notes import read_notes, remembered, write_notes

KINDS = ["what to look for", "the place", "the shape", "the course's lines"]


class Hint(NamedTuple):
    """A hint for a failing check: `text`, or at last a `diff` alone."""

    about: str
    number: int
    text: str
    diff: str = ""

    @property
    def kind(self):
        return KINDS[self.number - 1]

    @property
    def is_last(self):
        return self.number == len(KINDS)


def hint(workspace):
    """Print the next hint for what the last check found missing."""
    outcome = remembered(workspace)
    if not outcome.here:
        return nothing_to_hint_at(workspace, outcome)
    found = next_hint(workspace, outcome)
    title = f"Hint {found.number} of {len(KINDS)}, {found.kind}"
    lines = [click.style(title, bold=True), f"For: {found.about}", ""]
    if found.number == 1:
        lines += [f"First read {x}" for x in before_it(workspace, outcome)]
    body = coloured(found.diff) if found.diff else found.text
    if found.number == 1:
        body = click.formatting.wrap_text(body, 79)
    last = "More: make hint"
    if found.is_last:
        step = outcome.here
        last = f"To have the whole step merged in: make catch-up {step}"
    return "\n".join([*lines, body, "", last])


def nothing_to_hint_at(workspace, outcome):
    if outcome.planned:
        said = f"Every step of {workspace.shown} that has checks is done"
    else:
        said = no_checks(workspace.chapter)
    return f"{said}; there is nothing to hint at.\nTry: make check"


def next_hint(workspace, outcome):
    """The Hint that follows on the last one; another check starts over."""
    about, hints = all_hints(workspace, outcome)
    count = min(given_so_far(workspace, about) + 1, len(hints))
    write_notes(workspace, hint=(about, count))
    return hints[count - 1]


def hints_so_far(workspace, outcome):
    """The Hints that were given for what the last check found missing."""
    about, hints = all_hints(workspace, outcome)
    return hints[: given_so_far(workspace, about)]


def all_hints(workspace, outcome):
    """What the hints are about, so that it is known again, and the Hints."""
    step = workspace.course.steps[outcome.here]
    failure = outcome.failures[0] if outcome.failures else None
    number, block = block_for(workspace, step, failure)
    test = failure.test if failure else ""
    return [step.slug, test, number], hints_of(step, block, test)


def given_so_far(workspace, about):
    """How many hints were given already that were about just this."""
    known, count = read_notes(workspace).get("hint", (None, 0))
    return count if known == about else 0


def hints_of(step, block, test):
    """The Hints that a block has for a check, in order."""
    about = sentence(test) if test else step.title
    texts = [look_for(block, step), *map("\n".join, parts_of(block))]
    hints = [Hint(about, n, text) for n, text in enumerate(texts, 1)]
    return [*hints, Hint(about, len(KINDS), "", block.diff)]


def parts_of(block):
    return place_of(block), shape_of(block)


def coloured(diff):
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = diff.rstrip("\n").split("\n")
    styled = (click.style(x, fg=colours.get(x[:1])) for x in lines)
    return "\n".join(styled)
