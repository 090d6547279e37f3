"""Where chapters, steps and states are found, and what they are called."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from .errors import CourseError

WORKED = r"^(?:diff --git |<summary>One worked way)"
ROOT = Path(__file__).resolve().parent.parent


class State(NamedTuple):
    """The program after a step. `State(0, 0)` is the empty folder."""

    chapter: int
    step: int

    def __str__(self):
        return f"{self.chapter}.{self.step}" if self.chapter else "0"


class Worked(NamedTuple):
    """The program after the worked way of an exercise."""

    chapter: int
    slug: str

    def __str__(self):
        return f"{self.chapter}-{self.slug}"


@dataclass(frozen=True)
class Step:
    """One page: `chapters/NN-name/steps/K-slug.md`.

    Its slug, unique in the course, is what marks, mistakes and links know it
    by; its number is its place.
    """

    state: State
    slug: str
    page: Path

    @property
    def title(self):
        return self.text.partition("\n")[0].removeprefix("# ").strip()

    @property
    def text(self):
        """What the page says. Raises CourseError where it is not UTF-8."""
        try:
            return self.page.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise CourseError(
                f"{self.shown} is not UTF-8 at its byte {error.start}. Let "
                "your editor save it as UTF-8."
            ) from None

    @property
    def shown(self):
        """The page as it is named to a person, from `chapters` on."""
        return "/".join(self.page.parts[-4:])

    @property
    def is_refactoring(self):
        """Whether its page says at its start that no behaviour changes."""
        return re.match(r"#[^\n]*\s+\*\*A refactoring step", self.text)


@dataclass(frozen=True)
class Exercise(Step):
    """One page: `chapters/NN-name/exercises/K-slug.md`, a side step.

    Its state is that of its worked way, its number its place: `2.1`.
    """

    number: State

    @property
    def asks_for_code(self):
        """Whether its worked way changes the program; else it is thought."""
        return bool(re.search(WORKED, self.text, re.MULTILINE))


@dataclass(frozen=True)
class Chapter:
    """One folder, `chapters/NN-name/`: snapshot, lesson, steps, exercises."""

    number: int
    name: str
    folder: Path

    @property
    def last(self):
        return State(self.number, len(self.steps))

    @property
    def lesson(self):
        return self.folder / "README.md"

    @cached_property
    def steps(self):
        pages = numbered(self.folder / "steps", r"(\d+)-(.+)\.md")
        return [
            Step(State(self.number, number), slug, page)
            for number, slug, page in pages
        ]

    @cached_property
    def exercises(self):
        pages = numbered(self.folder / "exercises", r"(\d+)-(.+)\.md")
        return [
            Exercise(Worked(self.number, slug), slug, page, number)
            for place, slug, page in pages
            for number in [State(self.number, place)]
        ]


class Course:
    """The chapters below a folder, in order, and the states they make."""

    def __init__(self, root=None):
        """Read the course below root, COURSE_ROOT or this repository."""
        root = Path(root or os.environ.get("COURSE_ROOT") or ROOT)
        self.root = root.absolute()

    @cached_property
    def program(self):
        """The module that knows the program: the root's own, or ours."""
        from . import loading, program

        own = self.root / "program.py"
        return loading.load_file("program", own) if own.is_file() else program

    @cached_property
    def chapters(self):
        found = numbered(self.root / "chapters", r"(\d\d)-(.+)")
        return [Chapter(*chapter) for chapter in found]

    @property
    def primers(self):
        """The pages beside the chapters: what to read before the first."""
        pages = sorted((self.root / "chapters").glob("*.md"))
        return [page for page in pages if page != self.glossary]

    @property
    def glossary(self):
        """The page that says what words mean, or None."""
        page = self.root / "chapters" / "glossary.md"
        return page if page.is_file() else None

    @property
    def beside(self):
        """All pages beside the chapters: the primers and the glossary."""
        return [*self.primers, *filter(None, [self.glossary])]

    @cached_property
    def steps(self):
        """Every step by its state, in order."""
        return {s.state: s for c in self.chapters for s in c.steps}

    @cached_property
    def slugs(self):
        """The state of every step by its slug."""
        return {step.slug: state for state, step in self.steps.items()}

    @cached_property
    def later(self):
        """The slugs of steps that a students' edition does not have."""
        path = self.root / "chapters" / "later.txt"
        return path.read_text("utf-8").split() if path.is_file() else []

    @cached_property
    def exercises(self):
        """Every exercise, in order."""
        return [e for chapter in self.chapters for e in chapter.exercises]

    @cached_property
    def states(self):
        """Every state in order, from the empty folder on."""
        return [State(0, 0), *self.steps]

    def chapter(self, number):
        """The chapter of that number. Raises CourseError if there is none."""
        for chapter in self.chapters:
            if chapter.number == number:
                return chapter
        raise CourseError(
            f"chapter {number} does not exist. There are "
            f"{len(self.chapters)}: {self.listed_chapters()}.\n"
            f"Try: make chapter {self.chapters[-1].number}"
        )

    def state(self, text):
        """Read `2.3`, `log-out`, `2` (the end of chapter 2) or `0`.

        Raises CourseError, which says what exists, for anything else.
        """
        if text in self.slugs:
            return self.slugs[text]
        match = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,3}))?", str(text))
        if not match:
            raise CourseError(
                f"“{text}” is not a state. A state is a chapter, such as 2, "
                "or a step of one, such as 2.3.\n"
                "Try: make chapters"
            )
        number, step = match.groups()
        if int(number) == 0 and not int(step or 0):
            return State(0, 0)
        chapter = self.chapter(int(number))
        if step is None:
            return chapter.last
        if not 1 <= int(step) <= len(chapter.steps):
            raise CourseError(
                f"chapter {chapter.number} has no step {int(step)}. It has "
                f"{len(chapter.steps)}, {chapter.number}.1 to {chapter.last}"
                ".\nTry: make chapters"
            )
        return State(chapter.number, int(step))

    def exercise(self, text):
        """The exercise `2.1`, or of that slug. Raises CourseError."""
        for exercise in self.exercises:
            if text in (str(exercise.number), exercise.slug):
                return exercise
        numbers = ", ".join(str(e.number) for e in self.exercises) or "none"
        raise CourseError(
            f"there is no exercise {text}. There are: {numbers}.\n"
            f"Try: make check EXERCISE={numbers.partition(',')[0]}"
        )

    def before(self, state):
        """The state that this one was made from (itself, for state 0)."""
        return self.states[max(self.states.index(state) - 1, 0)]

    def span(self, text):
        """The states before and after what `2`, `2.3` or `log-out` names.

        A chapter starts at the end of the one before it.
        """
        state = self.state(text)
        whole = str(text).isdigit()
        first = State(state.chapter, 1) if whole and state.chapter else state
        return self.before(first), state

    def listed_chapters(self):
        return ", ".join(f"{c.number} {c.name}" for c in self.chapters)


def numbered(folder, pattern):
    """The entries named like pattern, as (number, name, path), in order."""
    if not folder.is_dir():
        return []
    entries = ((re.fullmatch(pattern, p.name), p) for p in folder.iterdir())
    return sorted((int(m[1]), m[2], path) for m, path in entries if m)
