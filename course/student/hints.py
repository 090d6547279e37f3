"""A step's page, revealed piece by piece."""

import click

from ..check.report import before_it, no_checks, sentence
from ..pages import read_page
from .notes import read_notes, remembered, write_notes


def hint(workspace):
    """Print the next hint for the step that the workspace is at."""
    outcome = remembered(workspace)
    if not outcome.here:
        click.echo(nothing_to_hint_at(workspace, outcome))
        return
    step = workspace.course.steps[outcome.here]
    hints = hints_of(step, outcome.planned.get(str(step.state), []))
    given = hints_given(workspace, step)
    number = min(given + 1, len(hints))
    click.secho(f"Hint {number} of {len(hints)}", bold=True)
    for each in before_it(workspace, outcome):
        click.echo(f"First read {each}") if given == 0 else None
    click.echo(f"\n{hints[number - 1]}\n")
    click.echo(last_line(given, hints, outcome.here))
    write_notes(workspace, hint={"step": step.slug, "given": given + 1})


def nothing_to_hint_at(workspace, outcome):
    if outcome.planned:
        said = f"Every step of {workspace.shown} that has checks is done"
    else:
        said = no_checks(workspace.chapter)
    return f"{said}; there is nothing to hint at.\nTry: make check"


def hints_given(workspace, step):
    """How many hints the student has had at this step."""
    noted = read_notes(workspace).get("hint")
    known = isinstance(noted, dict) and noted.get("step") == step.slug
    return noted.get("given", 0) if known else 0


def hints_of(step, tests):
    """What the step is after, then prose and diff of each block in turn."""
    page = read_page(step.text)
    hints = [what_it_is_after(step, tests)]
    for block in page.blocks:
        hints += [block.prose, coloured(block.diff)]
    return [*hints, page.after] if page.after else hints


def what_it_is_after(step, tests):
    goals = [f"  - {sentence(test)}." for test in tests]
    title = f"Step {step.state}, “{step.title}”, is done when this holds:"
    return "\n".join([title, "", *goals])


def coloured(diff):
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = diff.rstrip("\n").split("\n")
    styled = (click.style(x, fg=colours.get(x[:1])) for x in lines)
    return "\n".join(styled)


def last_line(given, hints, state):
    if given + 1 < len(hints):
        return "More: make hint"
    return f"That was all of it. To have it merged in: make catch-up {state}"
