"""An exercise: what its checks say of a workspace."""

import click

from ..check.report import tell_failures


def tell_exercise(workspace, exercise, outcome, verbose=False):
    """Print what an exercise lacks and what to do; return if it is done."""
    click.secho(f"{named(exercise)}, in {workspace.shown}\n", bold=True)
    tell_failures(outcome, verbose)
    click.echo("\n".join(what_next(exercise, outcome)))
    return not outcome.here


def what_next(exercise, outcome):
    number, chapter = exercise.number, exercise.state.chapter
    if not outcome.here:
        return [
            f"Exercise {number} is done: every check passes.",
            f"Compare  One worked way is at the end of {exercise.shown}",
        ]
    return [
        f"Read   {exercise.shown}",
        f"Chapter {chapter} itself is checked by: make check {chapter}",
        "Stuck  a hint and one worked way are folded in that page",
    ]


def thought_about(exercise):
    """What there is to say of an exercise that nothing can check."""
    return (
        f"{named(exercise)}, asks you to think; nothing checks it.\n"
        f"Compare  An answer is at the end of {exercise.shown}"
    )


def named(exercise):
    return f"Exercise {exercise.number}, “{exercise.title}”"
