"""The sentence of a paragraph that goes on the slide, and its notes."""

import re
from typing import NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

from ..pages import PICTURE

MARKDOWN = MarkdownIt(
    "commonmark", {"typographer": True, "html": False}
).enable(["smartquotes"])
ENOUGH = 24


class Thought(NamedTuple):
    """A paragraph: its first sentence for the class, all of it as notes.

    `code` is the text of a fence that follows it, or None.
    """

    lead: str
    notes: Markup
    code: str | None = None

    @property
    def html(self):
        return inline(self.lead)


def inline(text):
    """The HTML of a title or a sentence, which may have `code` in it."""
    return Markup(MARKDOWN.renderInline(text))


def thoughts_of(text):
    """The Thoughts of a Markdown text; what is no paragraph is a note.

    Pictures are left out, as slides have the program itself. The first has
    no lead where the text starts with something else.
    """
    text = PICTURE.sub("", text)
    lines = text.splitlines()
    found = []
    for token in MARKDOWN.parse(text):
        if token.level or not token.map or token.nesting < 0:
            continue
        part = "\n".join(lines[slice(*token.map)])
        notes = Markup(MARKDOWN.render(part))
        if token.type == "paragraph_open":
            found.append(Thought(lead_of(part), notes))
        elif token.type != "heading_open":
            code = token.content if token.type == "fence" else None
            last = found.pop() if found else Thought("", Markup())
            found.append(
                Thought(last.lead, last.notes + notes, last.code or code)
            )
    return found


def lead_of(paragraph):
    """Its first sentence, and the next while that is too little to say."""
    flat = " ".join(paragraph.split())
    first, *others = re.split(r'(?<=[.?!:])\s+(?=[A-Z`*"“])', flat)
    while others and len(first) < ENOUGH:
        first += " " + others.pop(0)
    return first
