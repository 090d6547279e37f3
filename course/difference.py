"""The change between two trees, shown by git."""

import os
import subprocess

from .git import git_bytes
from .states import States


def show_diff(course, a, b=None, stat=False):
    """Show the change from one state to another; alone, what it changed."""
    first, second = map(course.state, (a, b)) if b else course.span(a)
    states = States(course)
    trees = [states.trees[state] for state in (first, second)]
    return show_trees(states, trees, stat)


def show_trees(states, trees, stat=False, options=()):
    """Show the change as a person's own git shows one; return its status.

    Git colours and pages it on a terminal, and leaves it plain in a pipe.
    """
    how = ["--stat"] if stat else ["--color-moved", *options]
    plain = ["git", "-c", "core.quotePath=false"]
    environment = os.environ | {"GIT_DIR": str(states.repository)}
    return subprocess.call([*plain, "diff", *how, *trees], env=environment)


def diff_between(states, before, after):
    """The change from one tree to another, as git writes it."""
    words = ["diff-tree", "-r", "-p", "-M", "--no-color", before, after]
    said = git_bytes(*words, folder=states.repository)
    return said.decode("utf-8", "replace")
