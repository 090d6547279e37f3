"""The book and the slides as the tests look at them, built once."""

from html.parser import HTMLParser

import pytest

from course.chapters import Course

from .sampling import EVERYTHING

COURSE = Course()
CHAPTERS = COURSE.chapters
STEPS = list(COURSE.steps.values())

SHOWN = CHAPTERS if EVERYTHING else CHAPTERS[1:2]
SLIDES = [step for chapter in SHOWN for step in chapter.steps]

each_chapter = pytest.mark.parametrize(
    "chapter", CHAPTERS, ids=lambda chapter: chapter.name
)
each_step = pytest.mark.parametrize(
    "step", STEPS, ids=lambda step: str(step.state)
)
each_shown_chapter = pytest.mark.parametrize(
    "chapter", SHOWN, ids=lambda chapter: chapter.name
)
each_shown_step = pytest.mark.parametrize(
    "step", SLIDES, ids=lambda step: str(step.state)
)
each_exercise = pytest.mark.parametrize(
    "exercise", COURSE.exercises, ids=lambda exercise: exercise.slug
)


@pytest.fixture(scope="session")
def book():
    """The folder of the built book."""
    from course.book.build import make_book

    return make_book(COURSE).parent


@pytest.fixture(scope="session")
def slides():
    """The folder of a chapter's slides, by the chapter's number."""
    from course.walk.build import live_slides

    return {c.number: live_slides(COURSE, c) for c in SHOWN}


class Outline(HTMLParser):
    """What a page links to, what it loads, and what can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.ids, self.links, self.loads, self.text = set(), [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids.add(values.get("id"))
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") not in ("next", "prev"):
            self.loads.append(values.get("href"))
        for name in ("src", "data-src"):
            if values.get(name):
                self.loads.append(values[name])

    def handle_data(self, data):
        self.text.append(data)
