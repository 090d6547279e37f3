"""The student's program beside the course's, in what one step is about."""

import re

import click

from ..asides import aside
from ..difference import show_trees
from ..git import git, git_bytes
from ..pages import read_page
from ..states import States
from .given import given_later
from .notes import remembered
from .workspaces import Workspaces

HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
NAMES = ["--src-prefix=yours/", "--dst-prefix=the course's/"]


def compare(course, state=None, stat=False):
    """Show how a step's own lines differ: the last one that is done.

    Its reason comes first. Where no step is done, it is the one to do next.
    Lines with `-` are the student's, lines with `+` the course's.
    """
    workspace = Workspaces(course).chosen(state and state.chapter)
    done = remembered(workspace).passed(workspace.chapter)
    steps = {step.state: step for step in workspace.chapter.steps}
    step = (done or workspace.chapter.steps)[-1 if done else 0]
    step = steps[state] if state else step
    for line in introduction(step, step in done):
        click.echo(line)
    trees = trees_of(workspace, step.state)
    if trees[0] == trees[1]:
        return f"Yours is the same as step {step.state}."
    states = States(course)
    return show_trees(states, trees, stat, NAMES)


def introduction(step, is_done):
    """The step, its reason once it is done, and how to read what follows."""
    click.secho(f"Step {step.state}, “{step.title}”\n", bold=True)
    why = reason_of(step)
    if is_done and why:
        yield f"{click.formatting.wrap_text(why, 79)}\n"
    yield (
        "This step's lines: - is yours, + is the course's as it was after "
        "it. Q leaves.\n"
    )


def reason_of(step):
    """Why the course does it this way, as the step's author says it."""
    return aside("why", read_page(step.text).after)


def trees_of(workspace, state):
    """The student's tree, and the same with the course's lines of a step.

    These are the lines of the state where the step changed something.
    """
    states, course = States(workspace.course), workspace.course
    later = given_later(workspace.chapter, state)
    own, theirs = workspace.tree(states, later), states.trees[state]
    base = states.trees[course.before(state)]
    places = changed_lines(states, base, theirs)
    patch = "".join(kept(diff_of(states, own, theirs), places))
    patch = patch.encode("utf-8", "surrogateescape")
    return own, patched(states, own, patch)


def diff_of(states, before, after):
    options = ["--unified=0", "--no-renames", "--binary", "--full-index"]
    words = ["diff-tree", "-r", "-p", *options, before, after]
    said = git_bytes(*words, folder=states.repository)
    return said.decode("utf-8", "surrogateescape")


def changed_lines(states, before, after):
    """The lines of each file, by name, that differ in `after`."""
    return {
        name: [range_of(match) for match in HUNK.finditer(part)]
        for name, part in parts(diff_of(states, before, after))
    }


def parts(diff):
    """The files of a diff, each with its name."""
    for part in re.split(r"^(?=diff --git )", diff, flags=re.MULTILINE)[1:]:
        name = re.match(r'diff --git "?a/(.+?)"? "?b/', part)[1]
        yield name, part


def range_of(match):
    """The lines that a hunk is about, with those that are next to it."""
    start, count = int(match[1]), int(match[2] or 1)
    return range(start - 1, start + count + 1)


def kept(diff, places):
    """The parts of a diff that are about these places."""
    for name, part in parts(diff):
        head, *hunks = re.split(r"^(?=@@ )", part, flags=re.MULTILINE)
        near = [h for h in hunks if is_near(h, places.get(name, []))]
        if near or (name in places and not hunks):
            yield head + "".join(near)


def is_near(hunk, places):
    lines = range_of(HUNK.match(hunk))
    return any(lines.start < p.stop and p.start < lines.stop for p in places)


def patched(states, tree, patch):
    """The tree with a patch applied to it."""
    if not patch:
        return tree
    index = states.build / "comparison.index"
    where = {"folder": states.repository, "index": index}
    try:
        git("read-tree", tree, **where)
        options = ["--cached", "--unidiff-zero", "--whitespace=nowarn"]
        git("apply", *options, stdin=patch, **where)
        return git("write-tree", **where).strip()
    finally:
        index.unlink(missing_ok=True)
