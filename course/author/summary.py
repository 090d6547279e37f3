"""What a change to the course moved, said to its author."""

import re

from ..pages import read_page


def what_moved(course, changes, lost=()):
    """The files that change, a line each, with what changes in a page.

    `lost` names what is left to mend by hand.
    """
    if not changes:
        return "Nothing moved: chapters/ already says the same."
    lines = [
        f"  {name}{remark(course.root / name, source)}"
        for name, source in sorted(changes.items())
    ]
    if lost:
        lines += ["No more, and left to you:", *(f"  {one}" for one in lost)]
    return "\n".join(["Moved:", *lines])


def remark(old, new):
    if new is None:
        return "  (removed)"
    if not old.exists():
        return "  (new)"
    if old.parent.name == "steps" and essence(old) == essence(new):
        if essence(old, "[a-z]") == essence(new, "[a-z]"):
            return "  (line numbers and context only)"
        return "  (the mode of a file)"
    return ""


def essence(path, lines="[+-]"):
    """A page's prose, and those lines of its diffs that start so."""
    page = read_page(path.read_bytes().decode("utf-8"))
    found = [
        re.findall(rf"^{lines}.*", block.diff, re.MULTILINE)
        for block in page.blocks
    ]
    return [block.prose for block in page.blocks], found, page.after
