"""The slides of a chapter, made from its pages."""

from itertools import count

from markupsafe import Markup

from ..book.source import page_of
from ..glossary import definitions_of, entries_of
from .changes import Shown
from .fitting import lines_of_lead
from .prose import inline, thoughts_of
from .slide import Slide, evenly
from .tested import slides_of_tests
from .whole import around_blocks

SHELL_ROWS = 16
THOUGHTS_ON_A_SLIDE, THOUGHTS_AT_START = 4, 2
MOST_LINES = 2  # above code


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
        self.shown = Shown()
        self.words = {a: e.plain for a, e in entries_of(course).items()}

    @property
    def columns(self):
        """For each step, the step and its slides in order."""
        return [(step, self.slides_of(step)) for step in self.steps]

    def slides_of(self, step):
        page, links = page_of(step), self.links_of(step)
        told = [thoughts_of(block.words, links) for block in page.blocks]
        first = told[0][0] if told else None
        slides = [self.slide_of_title(step, page, told)]
        around = around_blocks(self.course, step, page)
        for block in zip(page.blocks, told, around, strict=True):
            slides += self.slides_of_block(*block)
        mark_short(slides, first and first.html)
        after = thoughts_of(page.after, links)
        slides += self.slides_of_shell(after)
        slides += slides_of_tests(self.course, self.specs, step)
        notes = Markup().join(thought.notes for thought in after)
        pictures = self.pictures(step) if self.pictures else [None]
        for number, picture in enumerate(pictures):
            values = {"picture": picture}
            short = number == 0
            slides.append(Slide("see", notes, short=short, values=values))
        return slides

    def links_of(self, step):
        """What words and addresses in a step's page lead to."""
        live = None if self.pictures else f"live/{step.state}"
        references = definitions_of(step.text)
        return {"references": references, "words": self.words, "live": live}

    def slide_of_title(self, step, page, told):
        """A step's title, with the first thoughts that its code can spare."""
        spare = len(told[0]) - (not page.blocks[0].given) if told else 0
        first = [told[0].pop(0) for _ in range(min(spare, THOUGHTS_AT_START))]
        notes = Markup().join([inline(step.title), *(x.notes for x in first)])
        values = {"leads": [thought.alone for thought in first]}
        return Slide("where", notes, values=values)

    def slides_of_block(self, block, thoughts, around):
        ideas = thoughts if block.given else thoughts[:-1]
        code = [] if block.given else self.code_of(around, thoughts[-1:])
        lead = " ".join(idea.lead for idea in thoughts)
        if len(ideas) == 1 and code and lines_of_lead(lead) <= MOST_LINES:
            both = self.code_of(around, thoughts)
            if len(both) == len(code):
                return both
        return [*slides_of_ideas(ideas), *code]

    def code_of(self, around, thoughts):
        """The slides of a change, below what these thoughts say of it."""
        notes = Markup().join(thought.notes for thought in thoughts)
        lead = Markup(" ").join(thought.html for thought in thoughts)
        slides = []
        for sides in self.shown.slides_of(around, lead.striptags()):
            group = f"block-{next(self.groups)}" if len(sides) > 1 else ""
            for side in sides:
                values = {"changes": side}
                slides.append(Slide("code", notes, lead, group, values=values))
        return slides

    def slides_of_shell(self, ideas):
        for idea in ideas:
            rows = (idea.code or "").splitlines()
            while rows:
                values = {"rows": rows[:SHELL_ROWS]}
                yield Slide("shell", idea.notes, idea.html, values=values)
                rows = rows[SHELL_ROWS:]


def slides_of_ideas(ideas):
    """The thoughts of a block, a few on a slide."""
    for some in evenly(ideas, THOUGHTS_ON_A_SLIDE):
        notes = Markup().join(idea.notes for idea in some)
        values = {"leads": [idea.alone for idea in some]}
        yield Slide("thought", notes, values=values)


def mark_short(slides, idea):
    """Let the one change that matters stay, below the step's idea.

    It is the one with most new lines of Python, and then of anything.
    """
    code = [slide for slide in slides if slide.kind == "code"]
    if code:
        chosen = max(code, key=weight_of)
        chosen.short, chosen.values["idea"] = True, idea
    else:
        slides[0].short = True


def weight_of(slide):
    weight = [0, 0]
    for change in slide.values["changes"]:
        for line in (x for hunk in change.hunks for x in hunk.lines):
            if line.kind == "added":
                weight[not change.path.endswith(".py")] += 1
    return weight
