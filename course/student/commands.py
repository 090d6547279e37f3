"""What the commands of the loop do that takes more than one line."""

import os

import click

from ..check.checking import check
from ..check.report import tell
from .copies import restore, saved_copies, shown
from .notes import remember
from .workspaces import Workspaces

ALL = 1000  # more failures than there are tests


def check_workspace(course, number, watch=False, verbose=False):
    """Check a workspace and tell what was found; return the exit status.

    Under make it is 0, or make would add an error line of its own.
    """
    workspace = Workspaces(course).chosen(number)
    if watch:
        from .watch import watch_and_check

        watch_and_check(course, workspace, verbose)
        return 0
    digest = workspace.digest()
    outcome = check(workspace, most=ALL if verbose else 3)
    remember(workspace, digest, outcome)
    tell(course, workspace, outcome, verbose)
    return 1 if outcome.here and "MAKELEVEL" not in os.environ else 0


def restore_copy(course, name=None):
    """List the saved copies; with a name, bring that one back."""
    workspaces = Workspaces(course)
    if name is None:
        for copy in saved_copies(workspaces):
            click.echo(f"make restore {copy}\n    {shown(copy)}")
        if not saved_copies(workspaces):
            click.echo("There are no saved copies yet.")
        return
    workspace, aside = restore(workspaces, name)
    click.echo(f"{workspace.shown} is as it was: {shown(name)}.")
    if aside:
        click.echo(f"What stood there is now: make restore {aside.name}")
