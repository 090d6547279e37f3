"""The patch in a page, and whom to blame where git refuses it.

Nothing here parses Markdown: a state is made before there is a parser.
"""

import re

from .git import GitError, git_bytes

FENCE = re.compile(rb"^(`{3,})diff\r?\n.*?^\1`*\r?$", re.DOTALL | re.MULTILINE)
DIFF_LIKE = re.compile(rb"^(?:diff --git |--- |@@ -)", re.MULTILINE)
CRLF = (
    "Its lines end as on Windows (CRLF), the course's with LF alone. Let your "
    "editor\nsave it with LF, and type the same command again."
)


def diff_in(text):
    """What git could read in a page: its diffs, or all, to be sure."""
    if DIFF_LIKE.search(FENCE.sub(b"", text)):
        return text
    return b"".join(b"\n" + match[0] for match in FENCE.finditer(text))


def advice(course, step):
    """What to do about a page that does not apply."""
    if has_crlf(step.page):
        return CRLF
    if step in course.exercises:
        return (
            "The worked way goes on from the end of its chapter, which may "
            f"have changed.\nTo have its diffs written anew: make refit "
            f"{step.slug}"
        )
    edited = edited_by_hand(course, step)
    if not edited:
        return "Diffs are git's to write: edit the snapshot, then make amend."
    return (
        f"The diffs of {edited.shown} are not those of its last commit, and "
        "diffs are\ngit's to write. Take them back (git diff shows them), "
        f"edit the program in\nchapters/{edited.page.parent.parent.name}, "
        f"then type:\n    make amend {edited.state}"
    )


def has_crlf(path):
    """Whether the first line of a file ends as on Windows."""
    return path.read_bytes().partition(b"\n")[0].endswith(b"\r")


def edited_by_hand(course, step):
    """The first page, up to a step's, whose diffs git knows otherwise."""
    for each in course.steps.values():
        old = committed(course.root, each.page)
        if old and diff_in(old) != diff_in(each.page.read_bytes()):
            return each
        if each.page == step.page:
            return None


def committed(root, path):
    """What the last commit of the course's own repository has there."""
    name = path.relative_to(root).as_posix()
    try:
        return git_bytes("-C", root, "show", f"HEAD:./{name}")
    except GitError:
        return None
