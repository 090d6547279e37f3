"""What Sphinx reads, written from the pages as they stand.

Every page keeps its place, so that its links hold: a lesson is
`chapters/02-login/README`, a step `chapters/02-login/steps/3-log-out`. Each
diff is put in as HTML, and around the page's own text comes what the course
knows about its state.
"""

import re
from functools import cached_property
from pathlib import Path

from ..git import git
from ..glossary import rewritten
from ..pages import read_page
from ..states import States
from .diffs import read_diff
from .links import dashed, linked, places_of_files, relinked
from .specs import Specs
from .standards import Standards
from .templates import raw, templates_of

ELSEWHERE = "## What you may read elsewhere"
IMAGE = re.compile(r"(!\[[^]]+\]\(([^):]+)\))")
FOLD = re.compile(r"^</?details>(?:\n<summary>.+</summary>)?$", re.MULTILINE)


class Source:
    """The pages of the book, as a folder for Sphinx."""

    def __init__(self, course, folder):
        self.course = course
        self.folder = folder
        self.states = States(course)
        self.specs = Specs(course)
        self.standards = Standards(course)
        self.notebooks = sorted(course.root.glob("notebooks/*.ipynb"))
        found = course.root.glob("chapters/pictures/*-*.*")
        self.pictures = [p for p in found if p.suffix in (".svg", ".webp")]
        self.shown_first = images_in(course.root / "README.md")
        self.templates = templates_of(course)
        self.whole = places_of_files(self.states)

    @cached_property
    def pages(self):
        """What every page holds, by its path in the book."""
        pages = {"index.md": self.index(), "what-changed.md": self.changed()}
        if self.standards.asked:
            pages["standards.md"] = self.render(
                "standards.md", standards=self.standards
            )
        for page in self.course.beside:
            text = linked(self.course, page.read_text(encoding="utf-8"))
            pages[Path("chapters", page.name)] = text
        if is_licensed(self.course):
            pages["copyright.md"] = self.render("copyright.md")
        for chapter in self.course.chapters:
            folder = chapter.folder.relative_to(self.course.root)
            pages[folder / "README.md"] = self.lesson(chapter)
            pages[folder / "difference.md"] = self.difference(chapter)
            for step in chapter.steps:
                pages[folder / "steps" / step.page.name] = self.step(step)
                pages[f"program/{dashed(step.state)}.md"] = self.program(step)
            for each in chapter.exercises:
                path = folder / "exercises" / each.page.name
                pages[path] = self.exercise(each)
        pages = {Path(path): text.encode() for path, text in pages.items()}
        files = [*self.notebooks, *self.pictures]
        files += [self.course.root / name for _, name in self.shown_first]
        for path in files:
            pages[path.relative_to(self.course.root)] = path.read_bytes()
        return pages

    @property
    def outline(self):
        """The pages and their headings, which each page's sidebar shows."""
        return "\n".join(
            f"{path.as_posix()}\n{line}"
            for path, content in self.pages.items()
            if path.suffix in (".md", ".ipynb")
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

    def index(self):
        title, intro = front_of(self.course)
        return self.render(
            "index.md",
            title=title,
            intro=intro,
            notebooks=self.notebooks,
            standards=self.standards,
            shown=self.shown_first,
        )

    def lesson(self, chapter):
        text = linked(self.course, chapter.lesson.read_text(encoding="utf-8"))
        return text + self.render("lesson.md", chapter=chapter)

    def step(self, step):
        page = page_of(step)
        return self.render(
            "step.md",
            step=step,
            chapter=self.course.chapter(step.state.chapter),
            blocks=[
                (
                    linked(self.course, block.words),
                    self.shown(block.diff, step.state),
                    block.given,
                )
                for block in page.blocks
            ],
            after=linked(self.course, page.after),
            specs=self.specs,
            program="../../../program/",
        )

    def exercise(self, exercise):
        page = page_of(exercise)
        return self.render(
            "exercise.md",
            exercise=exercise,
            blocks=[
                (self.folding(x.prose), self.shown(x.diff))
                for x in page.blocks
            ],
            after=self.folding(page.after),
        )

    def folding(self, prose):
        """The prose, in which what starts and ends a fold is HTML."""
        return FOLD.sub(lambda m: raw(m[0]), linked(self.course, prose))

    def shown(self, diff, state=None):
        """The changes of a diff, each with where to read its whole file."""
        whole = self.whole.get(state, {})
        return [(change, whole.get(change.path)) for change in read_diff(diff)]

    def program(self, step):
        files, others = [], []
        for path, place in sorted(self.whole[step.state].items()):
            if place.startswith(f"{dashed(step.state)}.html#"):
                text = self.states.folder(step.state) / path
                files.append((path, text.read_text(encoding="utf-8")))
            else:
                others.append((path, place))
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
            table = rewritten(table, lesson, "[{}]({})".format)
            folder = f"chapters/{chapter.folder.name}/"
            tables.append((chapter, relinked(table, folder).strip("\n")))
        return self.render("what-changed.md", tables=tables)

    def render(self, name, **values):
        return self.templates.get_template(name).render(values)


def images_in(readme):
    """The pictures of a README, each as Markdown and as a path."""
    if not readme.is_file():
        return []
    found = IMAGE.findall(readme.read_text(encoding="utf-8"))
    there = [(t, p) for t, p in found if (readme.parent / p).is_file()]
    return [(" ".join(text.split()), path) for text, path in there]


def is_licensed(course):
    return (course.root / "LICENSE-TEXT").is_file()


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
