"""The blocks of a page, as git takes them one by one."""

import re
from itertools import pairwise, zip_longest

from ..git import GitError
from ..patches import advice
from .rules import refuse


def block_trees(course, step, page, tree, repository):
    """The tree before a page, and that after each of its blocks.

    Raises CourseError which says which block git refuses, on which line.
    """
    kept, trees = {"index": repository.index}, [tree]
    repository.git("read-tree", tree, **kept)
    for number, block in enumerate(page.blocks, 1):
        try:
            patch = on_its_lines(block)
            repository.git("apply", "--cached", stdin=patch, **kept)
        except GitError as error:
            refuse(
                step,
                f"does not apply: block {number}, which starts on line "
                f"{block.line}. git said:\n{error.indented}\n"
                f"{advice(course, step)}",
            )
        trees.append(repository.git("write-tree", **kept).strip())
    return trees


def on_its_lines(block):
    """The diff, as far down as in its page: git counts the lines it names."""
    return ("\n" * (block.line - 1) + block.diff).encode()


def check_pages(states, repository, told):
    """Raise CourseError where a page is not what git says of its trees.

    Git passes over a line that is no diff, and it would be lost. `told` has
    each step, its page and the trees before and after its blocks.
    """
    pairs = (ends for *_, trees in told for ends in pairwise(trees))
    diffs = iter(repository.diffs(pairs))
    for step, page, trees in told:
        for block in page.blocks:
            check_block(states.course, step, block, next(diffs))
        if states.trees[step.state] != trees[-1]:
            refuse(
                step,
                "says one thing to a reader and another to git: its blocks, "
                "applied at once,\ngive other files than one by one. Either a "
                "fence is indented, or a file comes and\ngoes in one step: "
                "make that two steps.",
            )


def check_block(course, step, block, diff):
    lines = zip_longest(placeless(block.diff), placeless(diff), fillvalue="")
    for number, (ours, gits) in enumerate(lines, block.line):
        if ours != gits:
            refuse(
                step,
                f"has on line {number} what is not git's diff of this block:\n"
                f"    {ours}\nIs a closing ``` missing above it? Words belong "
                f"outside of a fence.\n{advice(course, step)}",
            )


def placeless(diff):
    """The lines of a diff, without what follows from its place."""
    return re.sub(r"^@@ -.*", "@@", diff, flags=re.MULTILINE).split("\n")
