"""The student's program beside the state they are working towards."""

import os
import subprocess

import click

from ..states import States
from .notes import remembered
from .trees import tree_of


def compare(course, workspace, stat=False):
    """Show, through git, what leads from the workspace to the state.

    Lines with `-` are the student's, lines with `+` the state's. Returns
    git's exit status.
    """
    goal = remembered(workspace).here or workspace.chapter.last
    states = States(course)
    trees = [tree_of(states, workspace), states.trees[goal]]
    if trees[0] == trees[1]:
        click.echo(f"{workspace.shown} is the same as state {goal}.")
        return 0
    names = [f"--src-prefix={workspace.shown}/", f"--dst-prefix={goal}/"]
    options = ["--stat"] if stat else ["--color-moved", *names]
    return subprocess.call(
        ["git", "diff", *options, *trees],
        env=os.environ | {"GIT_DIR": str(states.repository)},
    )
