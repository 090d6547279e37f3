"""The words that pages link to, from `chapters/glossary.md`."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference

NAME = "glossary.md"
ENTRY = re.compile(
    r"^### (?P<heading>[^\n]+)\n\n(?P<text>.+?)\n\n"
    r"First in step \[(?P<number>[\d.]+)\]",
    re.MULTILINE | re.DOTALL,
)
TEXT = r"\[((?:`[^`]*`|[^][`])+)\]"
WORD = re.compile(rf"`[^`]*`|{TEXT}(?![(:])(?:{TEXT})?")
DEFINITION = re.compile(rf"\n*^{TEXT}: \S*{NAME}#\S+$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """A heading of the glossary, which may name several words.

    `number` is the step that uses it first, as a person reads it.
    """

    heading: str
    text: str
    number: str

    @property
    def words(self):
        return self.heading.split(", ")

    @property
    def anchor(self):
        """The heading as a forge and the book link to it."""
        return anchor_of(self.heading)

    @property
    def plain(self):
        """What it means, in one line without marks."""
        unlinked = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", self.text)
        return " ".join(re.sub(r"[`*]", "", unlinked).split())


def anchor_of(heading):
    """What a forge and the book link to a heading by."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def entries_of(course):
    """The entries of a course's glossary by anchor; a course may have none."""
    if course.glossary is None:
        return {}
    text = course.glossary.read_text(encoding="utf-8")
    found = (Entry(**match.groupdict()) for match in ENTRY.finditer(text))
    return {entry.anchor: entry for entry in found}


def anchor_in(address):
    """The anchor that a link to the glossary names, or None."""
    page, _, anchor = address.partition("#")
    return anchor if page.rpartition("/")[2] == NAME else None


def definitions_of(text):
    """What a page's `[word]: address` lines define, as markdown-it reads."""
    environment = {}
    MarkdownIt("commonmark").parse(text, environment)
    return environment.get("references", {})


def rewritten(text, page, form):
    """A part of a page with its links to the glossary in another form.

    `form` is called with the words of each and the address, as the page's
    last lines define it. These lines themselves are left out.
    """
    definitions = definitions_of(page)

    def change(match):
        label = match[2] or match[1] or ""
        found = definitions.get(normalizeReference(label))
        if not found or not anchor_in(found["href"]):
            return match[0]
        return form(match[1], found["href"])

    return WORD.sub(change, DEFINITION.sub("", text))
