"""A step's page, revealed piece by piece."""

import click

from ..check.report import sentence
from ..pages import read_page
from .notes import read_notes, remembered, write_notes


def hint(course, workspace):
    """Print the next hint for the step that the workspace is at."""
    outcome = remembered(workspace)
    if not outcome.here:
        click.echo(
            f"Every step of {workspace.shown} is done; there is nothing to "
            "hint at.\nTry: make check"
        )
        return
    step = course.steps[outcome.here]
    hints = hints_of(step, outcome.planned)
    given = hints_given(workspace, outcome.here)
    shown = hints[min(given, len(hints) - 1)]
    click.secho(
        f"Hint {min(given + 1, len(hints))} of {len(hints)}", bold=True
    )
    click.echo(f"\n{shown}\n")
    click.echo(last_line(given, hints, outcome.here))
    write_notes(
        workspace, hint={"step": str(outcome.here), "given": given + 1}
    )


def hints_given(workspace, state):
    """How many hints the student has had at this step."""
    noted = read_notes(workspace).get("hint", {})
    return noted["given"] if noted.get("step") == str(state) else 0


def hints_of(step, planned):
    """What the step is after, then prose and diff of each block in turn."""
    page = read_page(step.page.read_text(encoding="utf-8"))
    hints = [what_it_is_after(step, planned.get(str(step.state), []))]
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
