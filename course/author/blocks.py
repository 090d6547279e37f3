"""The blocks of a page, as git takes them one by one."""

import re
from itertools import zip_longest

from ..git import GitError, git
from ..patches import advice
from .rules import refuse


def block_trees(course, step, page, tree, **kept):
    """The tree after each block of a page, from the one before it on.

    Raises CourseError which says which block git refuses, on which line.
    """
    git("read-tree", tree, **kept)
    trees = []
    for number, block in enumerate(page.blocks, 1):
        try:
            git("apply", "--cached", stdin=on_its_lines(block), **kept)
        except GitError as error:
            refuse(
                step,
                f"does not apply: block {number}, which starts on line "
                f"{block.line}. git said:\n{error.indented}\n"
                f"{advice(course, step)}",
            )
        trees.append(git("write-tree", **kept).strip())
    return trees


def on_its_lines(block):
    """The diff, as far down as in its page: git counts the lines it names."""
    return ("\n" * (block.line - 1) + block.diff).encode()


def check_diffs(repository, steps):
    """Raise CourseError where a block is not git's own diff of its trees.

    Git passes over a line that is no diff, and it would be lost. `steps` has
    each step, with its page and the trees before and after its blocks.
    """
    blocks = [
        (step, block, f"{old} {new}\n")
        for step, page, trees in steps
        for block, old, new in zip(page.blocks, trees, trees[1:], strict=False)
    ]
    diffs = repository.diffs("".join(trees for *_, trees in blocks))
    for (step, block, _), diff in zip(blocks, diffs, strict=True):
        ours, gits = placeless(block.diff), placeless(diff)
        if ours != gits:
            same = [a == b for a, b in zip_longest(ours, gits)].index(False)
            words = (n for n in range(same, len(ours)) if ours[n])
            number = next(words, same)
            line = "".join(ours[number : number + 1])
            refuse_line(step, block.line + number, line)


def placeless(diff):
    """The lines of a diff, without what follows from its place."""
    return re.sub(r"^@@ -.*", "@@", diff, flags=re.MULTILINE).split("\n")


def refuse_line(step, number, line):
    refuse(
        step,
        f"has on line {number} what is no part of git's diff of this block:\n"
        f"    {line}\nIs a closing ``` missing above it? Words belong outside "
        "of a fence, and diffs\nare git's to write: edit the snapshot, then "
        f"type make amend {step.state}.",
    )


def check_whole_pages(states, trees):
    """Raise CourseError where a page and its blocks say two things to git.

    `trees` has, by state, what the blocks make. A page that git reads as it
    stands, prose and all, has to make the same.
    """
    for state, step in states.course.steps.items():
        if states.trees[state] != trees[state]:
            refuse(
                step,
                "says one thing to a reader and another to git: its blocks, "
                "applied at once,\ngive other files than one by one. Either a "
                "fence is indented, or a file comes and\ngoes in one step: "
                "make that two steps.",
            )
