"""A page of the course as HTML: coloured, with its changes as the book's."""

import logging
import re

from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_by_name
from pygments.util import ClassNotFound

from ..asides import aloud
from ..book.diffs import read_diff
from ..book.marking import lexer_of
from ..book.templates import templates_of
from ..difference import diff_between
from ..glossary import anchor_of
from ..states import States

PLAIN = HtmlFormatter(nowrap=True)
NUMBERED = HtmlFormatter(linenos="inline", nowrap=False, wrapcode=True)
FENCE = '<div class="highlight"><pre tabindex="0">{}</pre></div>'
STYLES = ("a11y-high-contrast-light", "a11y-high-contrast-dark")
README = re.compile(r"\]\((\.\./){2,}README\.md\)")  # the course's own
NOTEBOOK = re.compile(r"\[([^]]+)\]\([^)]*\.ipynb[^)]*\)")


class Reader:
    """Makes HTML of the pages of a course; its pictures are linked to."""

    def __init__(self, course):
        self.course, self.states = course, States(course)
        self.macros = templates_of(course).get_template("diff.html").module
        self.markdown = MarkdownIt("commonmark", {"html": True})
        self.markdown.enable("table")
        self.markdown.renderer.rules["fence"] = self.fence
        self.markdown.core.ruler.push("anchors", number_headings)

    def page(self, path, state=None):
        """The HTML of a Markdown file; diffs link to files of a state."""
        text = aloud(path.read_text(encoding="utf-8"))
        text = NOTEBOOK.sub(r"\1 (`make lab` opens it)", text)
        text = README.sub("](/)", text)
        return Markup(self.markdown.render(text, {"state": state}))

    def inline(self, text):
        return Markup(self.markdown.renderInline(text))

    def fence(self, tokens, index, options, env):
        token = tokens[index]
        if token.info.strip() == "diff":
            return str(self.diff(token.content, env.get("state")))
        return FENCE.format(coloured(token))

    def diff(self, text, state=None):
        """The changes of a diff, each with a link to its whole file."""
        there = f"/files/{state}/"
        changes = [
            (change, state and change.path) for change in read_diff(text)
        ]
        html = str(self.macros.unified(changes, there))
        return Markup(html.replace("<pre>", '<pre tabindex="0">'))

    def difference(self, trees):
        """What leads from one tree to another."""
        return self.diff(diff_between(self.states, *trees))

    def file(self, state, name):
        """A whole file of a state, with numbered lines; None without one."""
        folder = self.states.folder(state).resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            return None
        text = path.read_text("utf-8", "replace")
        return Markup(highlight(text, lexer_of(name), NUMBERED))


def coloured(token):
    try:
        lexer = get_lexer_by_name(token.info.strip() or "text")
    except ClassNotFound:
        lexer = TextLexer()
    return highlight(token.content, lexer, PLAIN)


def number_headings(state):
    """Give each heading the id that links to it name."""
    for before, token in zip(state.tokens, state.tokens[1:], strict=False):
        if before.type == "heading_open":
            before.attrs["id"] = anchor_of(token.content)


def colours():
    """The style sheet of the colours, in the light and in the dark."""
    logging.basicConfig(format="%(message)s")  # the styles would set another
    light, dark = (
        HtmlFormatter(style=style).get_style_defs(".highlight")
        for style in STYLES
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
