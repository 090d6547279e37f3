"""A copy of what a command may change, put in place once it is right."""

import json
import re
import shutil

from ..errors import CourseError
from ..pages import read_page
from .placement import NOTES, UNFINISHED, digest, finish
from .repository import listed

OURS = ["*.md", "notebooks/*.ipynb", "chapters/**/*"]
OF_PROGRAMS = {"instance", "__pycache__"}


class Copy:
    """The files of a course that a command may change, in `root`."""

    def __init__(self, course, scratch):
        self.course, self.root = course.root, scratch / "new"
        for name in names_in(self.course):
            target = self.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.course / name, target)
        self.seen = standing(self.root)

    @property
    def changes(self):
        """Of each file that is not as it was: its old digest, its new one."""
        now = standing(self.root)
        both = {
            name: (self.seen.get(name, ""), now.get(name, ""))
            for name in sorted({*self.seen, *now})
        }
        return {name: ends for name, ends in both.items() if len({*ends}) > 1}

    def put_in_place(self):
        """Make the course what the copy is; the copy is gone then.

        Raises CourseError, with nothing replaced, where a file is not any
        more what was copied.
        """
        changes = self.changes
        saved = [
            n for n in changes if digest(self.course / n) != changes[n][0]
        ]
        if saved:
            raise CourseError(
                "changed while this command was at work, and so left alone:\n"
                f"{listed(saved)}\nNothing was written. Type the same command "
                "again."
            )
        notes = self.root / NOTES
        notes.write_text(json.dumps(changes), encoding="utf-8")
        self.root.rename(self.course / UNFINISHED)
        try:
            finish(self.course)
        except KeyboardInterrupt:
            finish(self.course)
            raise


def names_in(root):
    paths = [p.relative_to(root) for like in OURS for p in root.glob(like)]
    return [
        path.as_posix()
        for path in paths
        if not OF_PROGRAMS & {*path.parts} and (root / path).is_file()
    ]


def standing(root):
    return {name: digest(root / name) for name in names_in(root)}


def what_moved(copy, lost=()):
    """The files of a Copy that change, a line each, with what changes there.

    `lost` names what is left to mend by hand.
    """
    changes = copy.changes
    if not changes:
        return "Nothing moved: chapters/ already says the same."
    lines = [f"  {name}{remark(copy, name)}" for name in changes]
    if lost:
        lines += ["No more, and left to you:", *(f"  {one}" for one in lost)]
    return "\n".join(["Moved:", *lines])


def remark(copy, name):
    old, new = copy.course / name, copy.root / name
    if not new.exists():
        return "  (removed)"
    if not old.exists():
        return "  (new)"
    if old.parent.name != "steps" or essence(old) != essence(new):
        return ""
    if essence(old, "[a-z]") != essence(new, "[a-z]"):
        return "  (the mode of a file)"
    return "  (line numbers and context only)"


def essence(path, lines="[+-]"):
    """A page's prose, and those lines of its diffs that start so."""
    page = read_page(path.read_bytes().decode("utf-8"))
    diffs = [re.findall(rf"(?m)^{lines}.*", b.diff) for b in page.blocks]
    return [block.prose for block in page.blocks], diffs, page.after
