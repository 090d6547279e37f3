"""The slides of a chapter, made from its pages."""

from dataclasses import dataclass, field
from html import escape
from itertools import count

from ..book.diffs import Hunk, read_diff
from ..pages import read_page
from .fitting import Card, cards_by_slide, height_under, size_of
from .prose import thoughts_of

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

    @property
    def columns(self):
        """For each step, the step and its slides in order."""
        return [(step, self.slides_of(step)) for step in self.steps]

    def slides_of(self, step):
        page = read_page(step.page.read_text(encoding="utf-8"))
        slides = [Slide("where", notes=f"<p>{step.title}</p>")]
        for number, block in enumerate(page.blocks):
            prose = block.prose
            if number == 0:
                prose = prose.partition("\n")[2]
            slides += self.slides_of_block(prose, block.diff)
        slides += self.slides_of_shell(page.after)
        slides += self.slides_of_tests(step)
        notes = "".join(t.notes for t in thoughts_of(page.after))
        for picture in self.pictures(step) if self.pictures else [None]:
            slides.append(Slide("see", notes, values={"picture": picture}))
        return slides

    def slides_of_block(self, prose, diff):
        *ideas, last = thoughts_of(prose)
        for idea in ideas:
            yield Slide("thought", idea.notes, idea.html)
        height = height_under(last.plain)
        for cards in cards_by_slide(read_diff(diff), height):
            group = f"block-{next(self.groups)}"
            size = size_of(cards, height)
            for shown in sides_of(cards):
                values = {"cards": shown, "size": size}
                yield Slide("code", last.notes, last.html, group, values)

    def slides_of_shell(self, text):
        for idea in thoughts_of(text):
            rows = (idea.code or "").splitlines()
            while rows:
                values = {"rows": rows[:SHELL_ROWS]}
                yield Slide("shell", idea.notes, idea.html, values=values)
                rows = rows[SHELL_ROWS:]

    def slides_of_tests(self, step):
        green = self.specs.turned_green_by(step.state)
        slides = -(-len(green) // TESTS_ON_A_SLIDE)
        size = -(-len(green) // max(slides, 1))
        for start in range(0, len(green), max(size, 1)):
            specs = green[start : start + size]
            yield Slide("tests", notes_on(specs), values={"specs": specs})
        retired = self.specs.retired_by(step.state)
        if retired:
            yield Slide("retired", values={"specs": retired})


def notes_on(specs):
    """What each test said when it failed."""
    said = (f"{spec.sentence}\n{spec.message}" for spec in specs)
    return "".join(f"<pre>{escape(text)}</pre>" for text in said)


def sides_of(cards):
    """The cards before the change, where there is a before, and after it."""
    sides = [only(cards, {"same", side}) for side in ("removed", "added")]
    return [side for side in sides if side]


def only(cards, kinds):
    """The cards with the lines of these kinds, each with an id.

    A line that moved has one id on both sides: it is the same text, taken
    out in one place and put in at another.
    """
    kept = []
    for card in cards:
        ids = line_ids(card)
        hunks = [
            Hunk(
                hunk.place,
                [
                    (ids[i, j], line)
                    for j, line in enumerate(hunk.lines)
                    if line.kind in kinds
                ],
            )
            for i, hunk in enumerate(card.hunks)
        ]
        if any(hunk.lines for hunk in hunks):
            kept.append(Card(card.path, card.what, hunks))
    return kept


def line_ids(card):
    """An id for each line of a card, by its hunk and its place in it."""
    ids, gone = {}, {}
    places = [
        ((i, j), line)
        for i, hunk in enumerate(card.hunks)
        for j, line in enumerate(hunk.lines)
    ]
    for place, line in places:
        ids[place] = f"{card.path}:{place[0]}:{place[1]}"
        if line.kind == "removed" and line.text.strip():
            gone.setdefault(line.text.strip(), []).append(ids[place])
    for place, line in places:
        if line.kind == "added" and gone.get(line.text.strip()):
            ids[place] = gone[line.text.strip()].pop(0)
    return ids
