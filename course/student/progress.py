"""Every chapter and step, and what of it is done."""

import click

from ..check.report import step_lines
from .notes import remembered
from .workspaces import Workspaces


def progress(course):
    """Print a line for each step of each chapter.

    A workspace that has changed since its last check is checked again.
    """
    for workspace in Workspaces(course).all():
        chapter = workspace.chapter
        if workspace.exists:
            outcome = remembered(workspace)
            done, steps = len(outcome.passed(chapter)), len(chapter.steps)
            said = f"{workspace.shown}, {done} of {steps} steps"
            lines = step_lines(workspace, outcome)
        else:
            said = f"not started: make start {chapter.number}"
            lines = [f"         {s.state}  {s.title}" for s in chapter.steps]
        click.secho(f"Chapter {chapter.number}, {said}", bold=True)
        click.echo("\n".join([*lines, ""]))
