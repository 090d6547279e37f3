"""The block of a step's page that a failing check is about."""

from ..check.blame import ALIKE, added_in, alike
from ..pages import read_page

MOST = 0.4  # of a block's lines are missing, where it was not written


def block_for(workspace, step, failure=None):
    """The block to hint at, as its number and itself.

    It is the one with the line that broke the check, unless that line is
    as the page has it; or else one that is not there yet, or that most is
    missing of: in the file that the check names, or in any.
    """
    page = read_page(step.text).blocks
    blocks = [(n, block) for n, block in enumerate(page) if not block.given]
    file, _, text = (failure and failure.place) or ("", 0, "")
    if found := likest(blocks, file, text):
        return found
    lacks = {n: lacking(workspace, block, same) for n, block in blocks}
    away = [x for x in blocks if lacking(workspace, x[1], much_alike) > MOST]
    named = [x for x in blocks if file in x[1].files]
    among = (
        [x for x in away if x in named]
        or away
        or [x for x in named if lacks[x[0]]]
        or [x for x in blocks if lacks[x[0]]]
        or named
        or blocks
    )
    return max(among, key=lambda each: lacks[each[0]])


def likest(blocks, file, text):
    """The block with a line much like this one, but not the same."""
    best, found = ALIKE, None
    for each in blocks:
        for line in added_in(each[1].diff, file):
            if (likeness := alike(text, line)) > best:
                best, found = likeness, each
    return found if best < 1 else None


def lacking(workspace, block, known):
    """The share of a block's lines that are not in the program."""
    asked, found = 0, 0
    for file in block.files:
        own = stripped(workspace.folder / file)
        for line in added_in(block.diff, file):
            asked += 1
            found += known(line.strip(), own)
    return (asked - found) / max(asked, 1)


def same(line, lines):
    """Whether a line is there; each is found once."""
    if line in lines:
        lines.remove(line)
        return True
    return False


def much_alike(line, lines):
    return line in lines or any(alike(line, each) > ALIKE for each in lines)


def stripped(path):
    if not path.is_file():
        return []
    text = path.read_text("utf-8", "replace")
    return [line.strip() for line in text.splitlines()]
