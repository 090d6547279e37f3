"""A step's page, revealed piece by piece."""

import click

from ..check.report import before_it, no_checks, sentence
from ..glossary import rewritten
from ..pages import read_page
from .notes import read_notes, remembered, write_notes


def hint(workspace):
    """Print the next hint for the step that the workspace is at."""
    outcome = remembered(workspace)
    if not outcome.here:
        return nothing_to_hint_at(workspace, outcome)
    step = workspace.course.steps[outcome.here]
    hints = hints_of(step, outcome.planned.get(str(step.state), []))
    slug, given = read_notes(workspace).get("hint", ("", 0))
    number = min(given + 1, len(hints)) if slug == step.slug else 1
    lines = [click.style(f"Hint {number} of {len(hints)}", bold=True)]
    if number == 1:
        lines += [f"First read {x}" for x in before_it(workspace, outcome)]
    last = "More: make hint"
    if number == len(hints):
        last = (
            f"That was all. To have it merged in: make catch-up {step.state}"
        )
    write_notes(workspace, hint=(step.slug, number))
    return "\n".join([*lines, "", hints[number - 1], "", last])


def nothing_to_hint_at(workspace, outcome):
    if outcome.planned:
        said = f"Every step of {workspace.shown} that has checks is done"
    else:
        said = no_checks(workspace.chapter)
    return f"{said}; there is nothing to hint at.\nTry: make check"


def hints_of(step, tests):
    """What the step is after, then prose and diff of each block in turn."""
    page = read_page(step.text)
    goals = [f"  - {sentence(test)}." for test in tests]
    title = f"Step {step.state}, “{step.title}”, is done when this holds:"
    hints = ["\n".join([title, "", *goals])]
    for block in page.blocks:
        hints += [for_a_terminal(block.words, step)]
        hints += [] if block.given else [coloured(block.diff)]
    after = for_a_terminal(page.after, step)
    return [*hints, after] if after else hints


def for_a_terminal(prose, step):
    return rewritten(prose, step.text, lambda words, _: words)


def coloured(diff):
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = diff.rstrip("\n").split("\n")
    styled = (click.style(x, fg=colours.get(x[:1])) for x in lines)
    return "\n".join(styled)
