"""A step page, read as prose and diffs in turn, and written as one.

Markdown decides where a fence starts and ends, so the reading is
markdown-it's; what is inside a `diff` fence is git's.
"""

import re
from dataclasses import dataclass, field
from itertools import chain, pairwise

from markdown_it import MarkdownIt

FOLD = re.compile(r"\n*<details>\n<summary>(.+)</summary>\Z")
UNFOLD = "</details>"
PICTURE = re.compile(
    r'<picture>\n.*?srcset="(.+?)">.*?<img\s+alt="(.+?)"\s+'
    r'(?:width="(\d+)"\s+)?src="(.+?)">\n</picture>\n*',
    re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """Prose and the diff that it explains.

    `line` is the line of the page, from 1, on which the diff starts. A diff
    is given, and not typed, where its prose ends with a fold that is open:
    the page closes it after the diff.
    """

    prose: str
    diff: str
    line: int = field(default=0, compare=False)

    @property
    def given(self):
        """What the fold says around a diff that is given; else None."""
        match = FOLD.search(self.prose)
        return match and match[1]

    @property
    def words(self):
        """The prose, without the fold that the diff is in."""
        return FOLD.sub("", self.prose)

    @property
    def files(self):
        """The files that its diff makes or changes, by their names."""
        return re.findall(r"^\+\+\+ b/(.+)$", self.diff, re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """The blocks of a step in order, and the prose after the last."""

    blocks: tuple[Block, ...]
    after: str = ""

    @property
    def title(self):
        return title_of(self.blocks[0].prose if self.blocks else self.after)


def title_of(prose):
    """The `# heading` that prose starts with, or None."""
    match = re.match(r"# (.+)", prose)
    return match and match[1].strip()


def slug_of(title):
    """The part of a page's name that comes from its title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def fences(text):
    """Every top-level fence of a Markdown text, as (language, token)."""
    tokens = MarkdownIt("commonmark").parse(text)
    found = (t for t in tokens if t.type == "fence" and t.level == 0)
    return [(token.info.strip(), token) for token in found]


def lines_of(text):
    return re.findall(r".*?(?:\r\n?|\n)|.+\Z", text, re.DOTALL)


def without_fences(text, language=None):
    """A Markdown text with empty lines for fences, or those of a language."""
    lines = lines_of(text)
    for found, token in fences(text):
        if language in (None, found):
            lines[slice(*token.map)] = ["\n"] * (token.map[1] - token.map[0])
    return "".join(lines)


def parts_of(text):
    """A Markdown text as lists of lines: prose, diff fence, prose, and so on.

    The first and the last are prose, if only of no lines.
    """
    lines = lines_of(text)
    cuts = [t.map for language, t in fences(text) if language == "diff"]
    cuts = [0, *chain.from_iterable(cuts), len(lines)]
    return [lines[start:end] for start, end in pairwise(cuts)]


def read_page(text):
    """The Page that a Markdown text holds."""
    parts, blocks, line = parts_of(text), [], 1
    for prose, fence in zip(parts[::2], parts[1::2], strict=False):
        line += len(prose)
        diff = "".join(fence[1:-1])
        blocks.append(Block(following(blocks, prose), diff, line + 1))
        line += len(fence)
    return Page(tuple(blocks), following(blocks, parts[-1]))


def following(blocks, lines):
    """The prose that follows on blocks; it may close the fold of the last."""
    prose = "".join(lines).strip("\n")
    if blocks and blocks[-1].given:
        prose = prose.removeprefix(UNFOLD).lstrip("\n")
    return prose


def outside_diffs(text, change):
    """A Markdown text with a function called on all but its diffs."""
    parts = ["".join(part) for part in parts_of(text)]
    parts[::2] = map(change, parts[::2])
    return "".join(parts)


def write_page(page):
    """The Markdown text of a Page; `read_page` is its inverse."""
    parts = []
    for block in page.blocks:
        fence = fence_for(block.diff)
        parts += [block.prose, f"{fence}diff\n{block.diff}{fence}"]
        parts += [UNFOLD] if block.given else []
    return "\n\n".join(part for part in [*parts, page.after] if part) + "\n"


def fence_for(text):
    """A fence longer than any that the text could close it with."""
    runs = re.findall(r"^ {0,3}(`{3,})", text, re.MULTILINE)
    return "`" * max([3, *(len(run) + 1 for run in runs)])


def plain_diff(diff):
    """Git's diff without index lines and without blanks on empty lines."""
    lines = diff.split("\n")
    kept = (x for x in lines if not re.match(r"index [0-9a-f]+\.\.", x))
    return "\n".join("" if line == " " else line for line in kept)
