"""What Sphinx reads, written from the pages as they stand.

Every page keeps its place, so that its links hold: a lesson is
`chapters/02-login/README`, a step `chapters/02-login/steps/3-log-out`. Each
diff is put in as HTML, and around the page's own text comes what the course
knows about its state.
"""

import re
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from ..git import git
from ..pages import fence_for, read_page
from ..states import States
from .diffs import read_diff, side_by_side
from .specs import Specs

HERE = Path(__file__).parent
FOLDERS = [HERE / "templates", HERE.with_name("walk")]
ELSEWHERE = "## What you may read elsewhere"


class Source:
    """The pages of the book, as a folder for Sphinx."""

    def __init__(self, course, folder):
        self.course = course
        self.folder = folder
        self.states = States(course)
        self.specs = Specs(course)
        self.templates = templates_of(course)

    @cached_property
    def pages(self):
        """The text of every page, by its path in the book."""
        pages = {"index.md": self.index(), "what-changed.md": self.changed()}
        for chapter in self.course.chapters:
            folder = chapter.folder.relative_to(self.course.root)
            pages[folder / "README.md"] = self.lesson(chapter)
            pages[folder / "difference.md"] = self.difference(chapter)
            for step in chapter.steps:
                pages[folder / "steps" / step.page.name] = self.step(step)
                pages[f"program/{dashed(step.state)}.md"] = self.program(step)
        return {Path(path): text for path, text in pages.items()}

    def write(self):
        """Write what changed, and remove what is no longer a page."""
        for path, text in self.pages.items():
            write_if_new(self.folder / path, text.encode())
        for notebook in self.notebooks:
            copy = self.folder / "notebooks" / notebook.name
            write_if_new(copy, notebook.read_bytes())
        kept = {Path("notebooks", n.name) for n in self.notebooks}
        for path in self.folder.rglob("*.*"):
            if path.relative_to(self.folder) not in self.pages.keys() | kept:
                path.unlink()

    @cached_property
    def notebooks(self):
        return sorted(self.course.root.glob("notebooks/*.ipynb"))

    def index(self):
        return self.render("index.md", notebooks=self.notebooks)

    def lesson(self, chapter):
        text = self.linked(chapter.lesson.read_text(encoding="utf-8"))
        return text + self.render("lesson.md", chapter=chapter)

    def step(self, step):
        page = read_page(step.page.read_text(encoding="utf-8"))
        title, _, rest = page.blocks[0].prose.partition("\n")
        proses = [rest, *(block.prose for block in page.blocks[1:])]
        blocks = [
            (self.linked(prose), read_diff(block.diff))
            for prose, block in zip(proses, page.blocks, strict=True)
        ]
        return self.render(
            "step.md",
            step=step,
            chapter=self.course.chapter(step.state.chapter),
            title=title.removeprefix("# "),
            blocks=blocks,
            after=self.linked(page.after),
            green=self.specs.turned_green_by(step.state),
            retired=self.specs.retired_by(step.state),
            program="../../../program/" + dashed(step.state),
        )

    def program(self, step):
        folder = self.states.folder(step.state)
        files = {
            path.relative_to(folder).as_posix(): path.read_text("utf-8")
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        return self.render("program.md", step=step, files=files)

    def difference(self, chapter):
        before, after = self.course.span(chapter.number)
        trees = self.states.trees
        diff = git(
            *("diff", "--no-color", "-M", trees[before], trees[after]),
            folder=self.states.repository,
        )
        return self.render(
            "difference.md",
            chapter=chapter,
            before=before,
            after=after,
            changes=read_diff(diff),
            program="../../program/" + dashed(after),
        )

    def changed(self):
        """The lessons' tables of what is told elsewhere, on one page."""
        tables = []
        for chapter in self.course.chapters:
            lesson = chapter.lesson.read_text(encoding="utf-8")
            _, _, rest = lesson.partition(ELSEWHERE + "\n")
            table = re.split(r"^## ", rest, maxsplit=1, flags=re.M)[0]
            folder = f"chapters/{chapter.folder.name}/"
            tables.append((chapter, relinked(table, folder).strip("\n")))
        return self.render("what-changed.md", tables=tables)

    def linked(self, text):
        """The text with its links to the course's front page and notebooks.

        A link to a notebook that does not exist yet becomes plain text.
        """
        text = re.sub(r"\]\((\.\./)+README\.md\)", "](/index.md)", text)
        return re.sub(
            r"\[([^]]+)\]\(((?:\.\./)+)(notebooks/[^)#]+)\)",
            lambda m: m[0] if (self.course.root / m[3]).exists() else m[1],
            text,
        )

    def render(self, name, **values):
        return self.templates.get_template(name).render(values)


def templates_of(course):
    """The templates in `book/templates`, with what they call."""
    templates = Environment(
        loader=FileSystemLoader(FOLDERS),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["course"] = course
    templates.filters.update(raw=raw, side_by_side=side_by_side)
    return templates


def relinked(text, folder):
    """The Markdown of a page in that folder, read from the book's top."""
    return re.sub(r"\]\((?!\w+:|#|/)", f"]({folder}", text)


def raw(html):
    """HTML as a block of Markdown that nothing looks into."""
    html = html.strip("\n")
    fence = fence_for(html)
    return f"{fence}{{raw}} html\n{html}\n{fence}"


def dashed(state):
    return str(state).replace(".", "-")


def write_if_new(path, content):
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
