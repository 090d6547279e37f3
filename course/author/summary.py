"""What a change to the course moved, said to its author."""

import re

from ..pages import read_page


def what_moved(course, changes):
    """The files that change, a line each, with what changes in a page."""
    if not changes:
        return "Nothing moved: chapters/ already says the same."
    lines = []
    for name, source in sorted(changes.items()):
        lines.append(f"  {name}{remark(course.root / name, source)}")
    return "\n".join(["Moved:", *lines])


def remark(old, new):
    if new is None:
        return "  (removed)"
    if not old.exists():
        return "  (new)"
    if old.suffix == ".md" and essence(old) == essence(new):
        return "  (line numbers and context only)"
    return ""


def essence(path):
    """A page without what follows from its place: context and headings."""
    page = read_page(path.read_bytes().decode("utf-8"))
    lines = [
        re.findall(r"^[+-].*", block.diff, re.MULTILINE)
        for block in page.blocks
    ]
    return [block.prose for block in page.blocks], lines, page.after
