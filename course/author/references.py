"""Where prose names a step, by number or by page, and the same after a move.

A number such as 2.3 may be a version of a library. It is a step's where it is
said to be one: by a word or a command before it, or as code or a link.
"""

import json
import re
from posixpath import dirname, join, normpath, relpath

from ..pages import outside_diffs

NUMBER = re.compile(r"(?<![\w~=])(?<![^.]\.)\d{1,2}\.\d{1,2}(?!\w|\.\d)")
LEAD = re.compile(
    r"(?:\b(?:[Ss]teps?|[Ss]tates?|chapter|diff|catch-up|make\s+[\w-]+|"
    r"git\s+[a-z]+(?:\s+-[\w-]+)*)\s+|`|load\(\"|compare/)$"
)
JOIN = re.compile(r"\s|\.\.\.?|(?:,\s|\s(?:and|or|to)\s)")
IN_WORDS = re.compile(r"(\bstep\s+)(\d+)(\s+of\s+chapter\s+)(\d+)\b")
PAGE = re.compile(r"(?:[\w.-]+/)*\d+-[a-z0-9-]+\.md")


def mentions(text):
    """The matches of NUMBER in a text that stand for a step."""
    last = None
    for match in NUMBER.finditer(text):
        before = text[: match.start()]
        joined = last and JOIN.fullmatch(before, last.end())
        linked = before.endswith("[") and text.startswith("](", match.end())
        if joined or linked or LEAD.search(before, max(0, len(before) - 60)):
            last = match
            yield match


class Moves:
    """Where the steps of a course are in the one that follows from it."""

    def __init__(self, old, new):
        self.old, self.new = pages_of(old), pages_of(new)
        self.pages = {p: self.new.get(s) for s, p in self.old.items()}
        states = {str(state): s for s, state in old.slugs.items()}
        left = {n: s for n, s in states.items() if s in new.slugs}
        self.gone = states.keys() - left.keys()
        self.numbers = {n: str(new.slugs[s]) for n, s in left.items()}

    def __bool__(self):
        return any(old != new for old, new in self.pages.items())

    def rewritten(self, text, here, there):
        """A text with the new places; it moves from one path to another."""

        def change(prose):
            return self.prose(prose, dirname(here), dirname(there))

        if here.endswith(".ipynb"):
            return in_cells(text, change)
        return outside_diffs(text, change)

    def prose(self, text, here, there):
        for match in reversed(list(mentions(text))):
            number = self.numbers.get(match[0], match[0])
            text = text[: match.start()] + number + text[match.end() :]
        text = IN_WORDS.sub(self.in_words, text)
        return PAGE.sub(lambda match: self.link(match[0], here, there), text)

    def in_words(self, match):
        before, step, between, chapter = match.groups()
        number = self.numbers.get(f"{chapter}.{step}", f"{chapter}.{step}")
        chapter, step = number.split(".")
        return f"{before}{step}{between}{chapter}"

    def link(self, target, here, there):
        page = normpath(join(here, target))
        new = self.pages.get(page)
        if not new or (new == page and here == there):
            return target
        return relpath(new, there or ".")

    def lost(self, text):
        """The numbers by which a text names steps that are no more."""
        return sorted({m[0] for m in mentions(text)} & self.gone)


def pages_of(course):
    """The path of each step's page below the root, by its slug."""
    return {
        step.slug: step.page.relative_to(course.root).as_posix()
        for step in course.steps.values()
    }


def follow(old, new):
    """Rewrite what names a step by a number or a page that it had before.

    It is done in the course `new`, a copy of `old` with other pages. Returns
    a line for each mention of a step that is gone.
    """
    moves, lost = Moves(old, new), []
    before = {page: moves.old.get(s, page) for s, page in moves.new.items()}
    for name in [*before, *documents(new.root)] if moves else []:
        path = new.root / name
        text = path.read_bytes().decode("utf-8")
        lost += [f"{name} names step {n}" for n in moves.lost(text)]
        text = moves.rewritten(text, before.get(name, name), name)
        path.write_bytes(text.encode())
    return lost


def documents(root):
    """What is prose and names steps, the pages aside."""
    found = [*root.glob("*.md"), *root.glob("notebooks/*.ipynb")]
    found += root.glob("teaching/*.md")
    found += root.glob("chapters/*.md")
    found += root.glob("chapters/*/*.md")
    found += root.glob("chapters/*/exercises/**/*.md")
    return [path.relative_to(root).as_posix() for path in found]


def in_cells(text, change):
    """The text of a notebook, with its Markdown changed."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = change("".join(cell["source"]))
            cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
