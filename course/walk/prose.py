"""The sentence of a paragraph that goes on the slide, and its notes."""

import re
from typing import NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

from ..asides import aloud
from ..glossary import anchor_in
from ..pages import PICTURE

MARKDOWN = MarkdownIt(
    "commonmark", {"typographer": True, "html": False}
).enable(["smartquotes", "table"])
ENOUGH = 24
LOCAL = re.compile(r"http://localhost:\d+(/\S*)?$")


def say_what_words_mean(state):
    """Make of each link to the glossary its word, with what it means.

    Slides may be carried to where there is no glossary.
    """
    words, meaning = state.env.get("words", {}), None
    for token in (t for part in state.tokens for t in part.children or []):
        if token.type == "link_open":
            meaning = words.get(anchor_in(token.attrs["href"]))
        if token.type in ("link_open", "link_close") and meaning:
            token.tag = "dfn"
            token.attrs = {"title": meaning} if token.nesting > 0 else {}


def lead_to_the_program(state):
    """Let links to a program on this machine lead to the one on the slide.

    A link to another page of the course becomes its words: where the slides
    are, there is no such page.
    """
    live = state.env.get("live")
    leads = False
    for token in (t for part in state.tokens for t in part.children or []):
        if token.type == "link_open" and token.tag == "a":
            address = token.attrs["href"]
            leads = "://" in address
            if live and (own := LOCAL.match(address)):
                token.attrs = {"href": f"{live}{own[1] or '/'}"}
        if token.tag == "a" and not leads:
            token.tag, token.attrs = "span", {}
        elif token.type == "link_open" and token.tag == "a":
            token.attrs |= {"target": "_blank"}


MARKDOWN.core.ruler.push("words", say_what_words_mean)
MARKDOWN.core.ruler.push("program", lead_to_the_program)


class Thought(NamedTuple):
    """A paragraph: its first sentence for the class, all of it as notes.

    `code` is the text of a fence that follows it, or None; `links` holds the
    definitions that `[word]` in it leads to.
    """

    lead: str
    notes: Markup
    links: dict
    code: str | None = None

    @property
    def html(self):
        return inline(self.lead, self.links)

    @property
    def alone(self):
        """The same where nothing stands below it that a colon leads to."""
        return inline(re.sub(":$", ".", self.lead), self.links)


def inline(text, links=None):
    """The HTML of a title or a sentence, which may have `code` in it."""
    return Markup(MARKDOWN.renderInline(text, {**(links or {})}))


def thoughts_of(text, links=None):
    """The Thoughts of a Markdown text; what is no paragraph is a note.

    Pictures are left out, as slides have the program itself. The first has
    no lead where the text starts with something else. `links` is
    markdown-it's environment, the definitions at the end of a page.
    """
    text, links = PICTURE.sub("", aloud(text)), links or {}
    lines = text.splitlines()
    found = []
    for token in MARKDOWN.parse(text, {**links}):
        if token.level or not token.map or token.nesting < 0:
            continue
        part = "\n".join(lines[slice(*token.map)])
        notes = Markup(MARKDOWN.render(part, {**links}))
        if token.type == "paragraph_open":
            found.append(Thought(lead_of(part), notes, links))
        elif token.type != "heading_open":
            code = token.content if token.type == "fence" else None
            last = found.pop() if found else Thought("", Markup(), links)
            notes, code = last.notes + notes, last.code or code
            found.append(last._replace(notes=notes, code=code))
    return found


def lead_of(paragraph):
    """Its first sentence, and the next while that is too little to say."""
    flat = " ".join(paragraph.split())
    first, *others = re.split(r'(?<=[.?!:])\s+(?=[A-Z`*"“[])', flat)
    while others and len(first) < ENOUGH:
        first += " " + others.pop(0)
    return first
