"""Catching up: a step's change, merged by git into what a student wrote."""

import re
import shutil
import tempfile
from pathlib import Path

import click

from ..errors import CourseError
from ..git import GitError, git
from ..states import States
from .notes import remembered
from .saving import save_copy
from .trees import tree_of

IDENTITY = ["-c", "user.name=course", "-c", "user.email=course@localhost"]
MARKS = re.compile(rb"^<{7} .*^>{7} ", re.MULTILINE | re.DOTALL)


def catch_up(course, workspaces, workspace, goal=None):
    """Merge what the pages change, up to a state, into a workspace.

    A whole copy is saved first. Raises CourseError, with nothing changed,
    where there is nothing to catch up with or conflicts are still open.
    """
    here = remembered(workspace).here
    goal = goal or here
    check_goal(course, workspace, here, goal)
    check_marks(workspace)
    states = States(course)
    trees = [
        states.trees[course.before(here)],
        tree_of(states, workspace),
        states.trees[goal],
    ]
    with tempfile.TemporaryDirectory(dir=states.build) as scratch:
        merge = Merge(states, Path(scratch) / "merge", trees, goal)
        check_hidden(workspace, merge)
        if not merge.changes:
            raise CourseError(nothing_to_merge(here))
        saved = save_copy(workspaces, workspace)
        apply(workspace, merge, saved)
    click.echo(summary(workspace, merge, goal, saved))


def check_goal(course, workspace, here, goal):
    number = workspace.chapter.number
    if here is None or (goal and goal < here):
        raise CourseError(
            f"{workspace.shown} has done step {goal or workspace.chapter.last}"
            f" already.\nTry: make check {number}"
        )
    if goal.chapter != number and goal != here:
        raise CourseError(
            f"step {goal} is not one of {workspace.shown}.\n"
            f"Try: make catch-up {workspace.chapter.last}"
        )


def check_marks(workspace):
    for path in workspace.files():
        if MARKS.search(path.read_bytes()):
            shown = path.relative_to(workspace.folder).as_posix()
            raise CourseError(
                f"{workspace.shown}/{shown} holds conflict marks from before "
                "(<<<<<<<). Settle them first, then type: make check"
            )


def check_hidden(workspace, merge):
    """Refuse to write over a file that git was told to leave out."""
    for path, kind in merge.changes.items():
        if kind == "A" and (workspace.folder / path).exists():
            raise CourseError(
                f"{workspace.shown}/{path} is in the way, and your .gitignore "
                "leaves it out of the merge. Nothing was changed.\n"
                "Move it aside and type the same command again."
            )


def nothing_to_merge(here):
    return (
        f"your program holds all that step {here} changes. What fails is "
        "somewhere else.\nTry: make compare, or make check VERBOSE=1"
    )


class Merge:
    """Three trees merged in a repository of its own.

    `changes` says what becomes of the student's files, by path: A, M or D;
    `conflicts` are the paths that git left marks in, or could not merge.
    """

    def __init__(self, states, folder, trees, goal):
        self.folder = folder
        self.kept = {"folder": folder / ".git", "work_tree": folder}
        git("init", "--quiet", folder)
        alternates = folder / ".git" / "objects" / "info" / "alternates"
        objects = (states.repository / "objects").as_posix()
        alternates.write_text(objects + "\n", encoding="utf-8")
        base, ours, theirs = trees
        root = self.commit(base)
        self.git("update-ref", "HEAD", self.commit(ours, root))
        name = f"state-{goal}"
        self.git("branch", name, self.commit(theirs, root))
        self.git("reset", "--quiet", "--hard")
        self.conflicts = self.merged(name)
        self.git("add", "--all", "--force", ".")
        self.changes = self.compared(ours, self.git("write-tree").strip())

    def git(self, *arguments):
        return git(*IDENTITY, "-C", self.folder, *arguments, **self.kept)

    def commit(self, tree, parent=None):
        parents = ["-p", parent] if parent else []
        return self.git("commit-tree", tree, *parents, "-m", "-").strip()

    def merged(self, branch):
        """Merge a branch; return the paths that are in conflict."""
        options = ["--quiet", "--no-commit", "--no-ff"]
        try:
            self.git("merge", *options, "-X", "ignore-cr-at-eol", branch)
        except GitError:
            listed = self.git("diff", "--name-only", "--diff-filter=U", "-z")
            if not listed:
                raise
            return sorted(set(listed.split("\0")) - {""})
        return []

    def compared(self, before, after):
        options = ["-r", "-z", "--no-renames", "--name-status"]
        words = self.git("diff-tree", *options, before, after).split("\0")
        return dict(zip(words[1::2], words[::2], strict=False))


def apply(workspace, merge, saved):
    """Write the merged files into the workspace, each at one stroke."""
    try:
        for path, kind in merge.changes.items():
            target = workspace.folder / path
            if kind == "D":
                target.unlink()
            else:
                put(merge.folder / path, target)
    except (OSError, KeyboardInterrupt) as error:
        raise CourseError(
            f"stopped half-way: {error or 'interrupted'}.\n"
            f"To have it as it was: make restore {saved.name}"
        ) from None


def put(source, target):
    """Replace a file, or make it, so that no reader sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, new)
    if target.exists():
        shutil.copymode(target, new)
    new.replace(target)


def summary(workspace, merge, goal, saved):
    words = {"A": "added", "M": "merged", "D": "removed"}
    lines = [f"{workspace.shown} is at the end of step {goal}:", ""]
    for path, kind in sorted(merge.changes.items()):
        how = "CONFLICT" if path in merge.conflicts else words[kind]
        lines.append(f"  {how:<8}  {workspace.shown}/{path}")
    lines += ["", f"As it was: make restore {saved.name}"]
    if merge.conflicts:
        lines[0] = f"Step {goal} was merged into {workspace.shown}:"
        lines.append(
            "Settle the lines between <<<<<<< and >>>>>>> (yours, then the "
            "course's), and then: make check"
        )
    else:
        lines.append("Next:      make check")
    return "\n".join(lines)
