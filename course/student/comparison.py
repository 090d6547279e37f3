"""The student's program beside the state they are working towards."""

from ..difference import show_trees
from ..states import States
from .given import given_later
from .notes import remembered


def compare(workspace, stat=False):
    """Show, through git, what leads from the workspace to the state.

    Lines with `-` are the student's, lines with `+` the state's.
    """
    goal = remembered(workspace).here or workspace.chapter.last
    states = States(workspace.course)
    later = given_later(workspace.chapter, goal)
    trees = [workspace.tree(states, later), states.trees[goal]]
    if trees[0] == trees[1]:
        return f"{workspace.shown} is the same as state {goal}."
    names = [f"--src-prefix={workspace.shown}/", f"--dst-prefix={goal}/"]
    return show_trees(states, trees, stat, names)
