"""What Sphinx reads, written from the pages as they stand.

Every page keeps its place, so that its links hold: a lesson is
`chapters/02-login/README`, a step `chapters/02-login/steps/3-log-out`. Each
diff is put in as HTML, and around the page's own text comes what the course
knows about its state.
"""

import re
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from ..git import git
from ..pages import fence_for, read_page
from ..states import States
from .diffs import anchor_of, read_diff, side_by_side
from .marking import lexer_of
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
        """What every page holds, by its path in the book."""
        pages = {"index.md": self.index(), "what-changed.md": self.changed()}
        for chapter in self.course.chapters:
            folder = chapter.folder.relative_to(self.course.root)
            pages[folder / "README.md"] = self.lesson(chapter)
            pages[folder / "difference.md"] = self.difference(chapter)
            for step in chapter.steps:
                pages[folder / "steps" / step.page.name] = self.step(step)
                pages[f"program/{dashed(step.state)}.md"] = self.program(step)
        pages = {Path(path): text.encode() for path, text in pages.items()}
        for notebook in self.notebooks:
            pages[Path("notebooks", notebook.name)] = notebook.read_bytes()
        return pages

    @property
    def outline(self):
        """The pages and their headings, which each page's sidebar shows."""
        return "\n".join(
            f"{path.as_posix()}\n{line}"
            for path, content in self.pages.items()
            for line in re.findall(r"^ *\"?#.*", content.decode(), re.M)
        )

    def write(self):
        """Write what changed, and remove what is no longer a page."""
        for name, content in self.pages.items():
            path = self.folder / name
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for path in self.folder.rglob("*.*"):
            if path.relative_to(self.folder) not in self.pages:
                path.unlink()

    @cached_property
    def notebooks(self):
        return sorted(self.course.root.glob("notebooks/*.ipynb"))

    def index(self):
        title, intro = front_of(self.course)
        return self.render(
            "index.md", title=title, intro=intro, notebooks=self.notebooks
        )

    def lesson(self, chapter):
        text = self.linked(chapter.lesson.read_text(encoding="utf-8"))
        return text + self.render("lesson.md", chapter=chapter)

    def step(self, step):
        page = page_of(step)
        return self.render(
            "step.md",
            step=step,
            chapter=self.course.chapter(step.state.chapter),
            blocks=[
                (self.linked(block.prose), self.shown(block.diff, step.state))
                for block in page.blocks
            ],
            after=self.linked(page.after),
            specs=self.specs,
            program="../../../program/",
        )

    def shown(self, diff, state):
        """The changes of a diff, each with where to read its whole file."""
        whole = self.whole[state]
        return [(change, whole.get(change.path)) for change in read_diff(diff)]

    @cached_property
    def whole(self):
        """For each state, by file, the place in `program/` that shows it.

        A file is shown where it last changed, and linked to from there on.
        """
        places, now = {}, {}
        trees = self.states.trees
        for before, state in pairwise(self.course.states):
            there = self.states.folder(state)
            changed = self.states.changed_files(trees[before], trees[state])
            page = f"{dashed(state)}.html#"
            now = now | {path: page + anchor_of(path) for path in changed}
            now = {p: at for p, at in now.items() if (there / p).is_file()}
            places[state] = now
        return places

    def program(self, step):
        folder, whole = self.states.folder(step.state), self.whole[step.state]
        here = f"{dashed(step.state)}.html#"
        files = [
            (
                path,
                lexer_of(path).aliases[0],
                (folder / path).read_text("utf-8"),
            )
            for path, place in sorted(whole.items())
            if place.startswith(here)
        ]
        others = [x for x in sorted(whole.items()) if here not in x[1]]
        return self.render("program.md", step=step, files=files, others=others)

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
            changes=self.shown(diff, after),
            program="../../program/",
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
    """The templates of the book and the slides, with what they call."""
    templates = Environment(
        loader=FileSystemLoader(FOLDERS),
        autoescape=select_autoescape(["html"]),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["course"] = course
    templates.filters.update(raw=raw, side_by_side=side_by_side)
    return templates


def front_of(course):
    """The title of a course and its first paragraph, from its README."""
    readme = course.root / "README.md"
    if not readme.is_file():
        return course.root.resolve().name, ""
    title, intro, *_ = readme.read_text(encoding="utf-8").split("\n\n", 2)
    return title.removeprefix("# ").strip(), intro


def page_of(step):
    """The Page of a step, without its title."""
    return read_page(step.text.partition("\n")[2])


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
