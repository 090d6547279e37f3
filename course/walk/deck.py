"""The slides of a chapter, made from its pages."""

from dataclasses import dataclass, field
from itertools import count

from markupsafe import Markup

from ..book.diffs import read_diff
from ..book.source import page_of
from ..glossary import definitions_of, entries_of
from .fitting import changes_by_slide
from .prose import inline, thoughts_of

TESTS_ON_A_SLIDE = 12
SHELL_ROWS = 16


@dataclass
class Slide:
    """One slide; `kind` names the part of the template that draws it.

    Slides of one `group` animate into each other.
    """

    kind: str
    notes: str = ""
    lead: str = ""
    group: str = ""
    values: dict = field(default_factory=dict)


class Deck:
    """The slides of each step, with what their tests said when run.

    `pictures` gives the pictures of a step's program; without it, the
    program itself is on the slide.
    """

    def __init__(self, course, chapter, steps, specs, pictures=None):
        self.course = course
        self.chapter = chapter
        self.steps = steps
        self.specs = specs
        self.pictures = pictures
        self.groups = count(1)
        self.words = {a: e.plain for a, e in entries_of(course).items()}

    @property
    def columns(self):
        """For each step, the step and its slides in order."""
        return [(step, self.slides_of(step)) for step in self.steps]

    def slides_of(self, step):
        page = page_of(step)
        links = {"references": definitions_of(step.text), "words": self.words}
        slides = [Slide("where", notes=inline(step.title))]
        for block in page.blocks:
            slides += self.slides_of_block(block, links)
        after = thoughts_of(page.after, links)
        slides += self.slides_of_shell(after)
        slides += self.slides_of_tests(step)
        notes = Markup().join(thought.notes for thought in after)
        for picture in self.pictures(step) if self.pictures else [None]:
            slides.append(Slide("see", notes, values={"picture": picture}))
        return slides

    def slides_of_block(self, block, links):
        *ideas, last = thoughts_of(block.words, links)
        for idea in [*ideas, last] if block.given else ideas:
            yield Slide("thought", idea.notes, idea.html)
        if block.given:
            return
        changes, lead = read_diff(block.diff), last.html.striptags()
        for shown in changes_by_slide(changes, lead):
            group = f"block-{next(self.groups)}"
            for side in sides_of(shown):
                values = {"changes": side}
                yield Slide("code", last.notes, last.html, group, values)

    def slides_of_shell(self, ideas):
        for idea in ideas:
            rows = (idea.code or "").splitlines()
            while rows:
                values = {"rows": rows[:SHELL_ROWS]}
                yield Slide("shell", idea.notes, idea.html, values=values)
                rows = rows[SHELL_ROWS:]

    def slides_of_tests(self, step):
        if step.is_refactoring:
            yield self.slide_of_kept(step.state)
        before = self.course.before(step.state)
        green = self.specs.turned_green_by(step.state)
        slides = -(-len(green) // TESTS_ON_A_SLIDE)
        size = -(-len(green) // max(slides, 1))
        for start in range(0, len(green), max(size, 1)):
            specs = green[start : start + size]
            notes = notes_on(specs, before)
            yield Slide("tests", notes, values={"specs": specs})
        retired = self.specs.retired_by(step.state)
        if retired:
            yield Slide("retired", values={"specs": retired})

    def slide_of_kept(self, state):
        """What a refactoring leaves as it was: all tests, or which not."""
        kept = self.specs.kept_by(state)
        broken = [spec for spec in kept if not spec.passed(state)]
        values = {"count": len(kept), "broken": broken}
        return Slide("kept", notes_on(broken, state), values=values)


def notes_on(specs, state):
    """What each test said where it failed."""
    form = Markup("<pre>{}\n{}</pre>")
    said = (form.format(spec.sentence, spec.said(state)) for spec in specs)
    return Markup().join(said)


def sides_of(changes):
    """The changes before, where there is a before, and after."""
    sides = [only(changes, {"same", side}) for side in ("removed", "added")]
    return [side for side in sides if side]


def only(changes, kinds):
    """The changes with the lines of these kinds; without lines, after."""
    kept = []
    for change in changes:
        hunks = [
            hunk._replace(lines=[x for x in hunk.lines if x.kind in kinds])
            for hunk in change.hunks
        ]
        if any(x.lines for x in hunks) or (not hunks and "added" in kinds):
            kept.append(change._replace(hunks=hunks))
    return kept
