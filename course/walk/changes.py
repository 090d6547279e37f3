"""The changes of a block as slides show them: where each line stands."""

from typing import NamedTuple

from .fitting import changes_by_slide, is_rewritten
from .whole import lines_of, place_of


class ShownChange(NamedTuple):
    """A FileChange before or after it; `file` numbers its whole file."""

    path: str
    what: str
    hunks: list
    file: int
    before: bool


class Shown:
    """The changes of a course's blocks, and the files that they are in.

    `files` has each text once, as its lines in HTML.
    """

    def __init__(self):
        self.numbers = {}
        self.files = []

    def slides_of(self, around, lead):
        """For each slide its sides: before and after, or both in one."""
        for shown in changes_by_slide(around.changes, lead):
            yield [self.side(*each, around) for each in sides_of(shown)]

    def side(self, changes, before, around):
        texts = around.before if before else around.after
        return [self.change(c, before, texts[c.path]) for c in changes]

    def change(self, change, before, text):
        hunks = [placed(change.path, h, before, text) for h in change.hunks]
        number = self.number_of(change.path, text)
        return ShownChange(change.path, change.what, hunks, number, before)

    def number_of(self, path, text):
        key = path, text
        if key not in self.numbers:
            self.numbers[key] = len(self.files)
            self.files.append((path, lines_of(path, text)))
        return self.numbers[key]


def placed(path, hunk, before, text):
    """A hunk with its place, which is that of its first line in the text."""
    numbers = (
        line.old if before else line.number
        for line in hunk.lines
        if line.text.strip()
    )
    number = next(filter(None, numbers), None)
    return hunk._replace(place=place_of(path, text, number) if number else "")


def sides_of(changes):
    """What a slide shows, and whether that is before the change.

    Where little is taken out, it stands beside what takes its place.
    """
    lines = [x for c in changes for h in c.hunks for x in h.lines]
    if not is_rewritten(lines):
        kinds = {line.kind for line in lines}
        return [(changes, "removed" in kinds and "added" not in kinds)]
    kinds = ({"same", "removed"}, True), ({"same", "added"}, False)
    sides = [(only(changes, kind), before) for kind, before in kinds]
    return [(side, before) for side, before in sides if has_news(side)]


def has_news(changes):
    lines = (x for c in changes for h in c.hunks for x in h.lines)
    return any(line.kind != "same" for line in lines)


def only(changes, kinds):
    """The changes with the lines of these kinds; without lines, after."""
    kept = []
    for change in changes:
        hunks = [
            hunk._replace(lines=[x for x in hunk.lines if x.kind in kinds])
            for hunk in change.hunks
        ]
        if any(x.lines for x in hunks) or (not hunks and "added" in kinds):
            kept.append(change._replace(hunks=hunks))
    return kept
