"""The templates of the book and of the slides, and what they call."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from ..pages import fence_for
from .diffs import side_by_side
from .marking import lexer_of

HERE = Path(__file__).parent
FOLDERS = [HERE / "templates", HERE.with_name("walk")]


def templates_of(course):
    templates = Environment(
        loader=FileSystemLoader(FOLDERS),
        autoescape=select_autoescape(["html"]),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["course"] = course
    templates.globals["lexer_of"] = lexer_of
    templates.filters.update(raw=raw, side_by_side=side_by_side)
    return templates


def raw(html):
    """HTML as a block of Markdown that nothing looks into."""
    html = html.strip("\n")
    fence = fence_for(html)
    return f"{fence}{{raw}} html\n{html}\n{fence}"
