"""The worked way of an exercise, fitted to its chapter's end anew."""

import re
import tempfile

from ..errors import CourseError
from ..git import GitError, git
from ..pages import Block, Page, plain_diff, read_page, write_page
from ..states import States

AS_WELL_AS_IT_GOES = ["--recount", "-C1", "--whitespace=nowarn"]
LONG_PLACE = re.compile(r"^(@@ .+ @@)(?=.{60}).*", re.MULTILINE)
SHORT = ["--no-color", "--no-renames", "-U2"]


def refit(course, name):
    """Write the diffs of an exercise's page as git would; say so.

    They may have wrong line numbers, and stand where a step has moved lines.
    Raises CourseError where git finds no place for a block.
    """
    exercise, states = course.exercise(name), States(course)
    end = course.chapter(exercise.state.chapter).last
    page, tree = read_page(exercise.text), states.trees[end]
    blocks = []
    for block in page.blocks:
        after = applied(states, tree, block, exercise)
        diff = git("diff", *SHORT, tree, after, folder=states.repository)
        diff = LONG_PLACE.sub(r"\1", plain_diff(diff))
        blocks.append(Block(block.prose, diff))
        tree = after
    text = write_page(Page(tuple(blocks), page.after))
    exercise.page.write_text(text, encoding="utf-8", newline="\n")
    return f"{exercise.shown} fits the end of chapter {end.chapter}."


def applied(states, tree, block, exercise):
    """The tree after a block that need not be exact."""
    with tempfile.TemporaryDirectory() as scratch:
        kept = {"folder": states.repository, "index": f"{scratch}/index"}
        git("read-tree", tree, **kept)
        try:
            patch = block.diff.encode()
            git("apply", "--cached", *AS_WELL_AS_IT_GOES, stdin=patch, **kept)
        except GitError as error:
            raise CourseError(
                f"{exercise.shown}, line {block.line}: git finds no place for "
                f"this block:\n{error.indented}\nMend what stands around its "
                f"changes, then type: make refit {exercise.slug}"
            ) from None
        return git("write-tree", **kept).strip()
