"""What opens a chapter and closes it: goals, minutes, questions, exercises.

The plan of a lesson is `teaching/NN-name.md`. Where there is none, what was
built is told all the same: the chapter's own lesson says it of each step.
"""

import re
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup

from .prose import MARKDOWN, inline

STEP = re.compile(
    r"^\d+\. \[(.+?)\]\((.+?)\):\s(.+?)(?=\n\n|\n\d+\. )", re.M | re.S
)
QUESTION = re.compile(
    r"^\d+\. (.+?)\n\n\s*<details><summary>Answer</summary>\n\n"
    r"(.+?)\n\n\s*</details>",
    re.MULTILINE | re.DOTALL,
)
GOAL = re.compile(r"^- (.+?)(?=\n- |\n*\Z)", re.MULTILINE | re.DOTALL)
MINUTES = re.compile(r"^\| \d+[–-](\d+) \|", re.MULTILINE)
EXERCISE = re.compile(
    r"^\| \[.+?\]\(\S*/exercises/\d+-(.+?)\.md\) \| (\d+)", re.M
)
BY_MINUTE = "The lesson, by the minute"
LINK = re.compile(r"\[((?:`[^`]*`|[^][`])+)\](?:\([^)]*\)|\[[^]]*\])?")


class Question(NamedTuple):
    text: Markup
    answer: Markup


class Plan:
    """What is said before the first step of a chapter, and after the last."""

    def __init__(self, course, chapter):
        self.chapter = chapter
        self.lesson = sections_of(chapter.lesson)
        self.sections = sections_of(plan_file(course, chapter))

    @cached_property
    def goals(self):
        """What somebody can do at the end, as HTML."""
        goals = GOAL.findall(self.sections.get("Goals", ""))
        return [html(goal.rstrip(";.")) for goal in goals]

    @cached_property
    def built(self):
        """What the lesson says of each step, by the step's page."""
        told = STEP.findall(f"{self.lesson.get('The steps', '')}\n\n")
        return {
            path.rpartition("/")[2]: html(words) for _, path, words in told
        }

    @property
    def minutes(self):
        """How long the lesson is; None where nobody has said."""
        ends = MINUTES.findall(
            self.sections.get("The lesson, by the minute", "")
        )
        return int(ends[-1]) if ends else None

    @cached_property
    def questions(self):
        found = QUESTION.findall(self.sections.get("Quiz", ""))
        return [Question(html(text), html(answer)) for text, answer in found]

    @cached_property
    def times(self):
        """How many minutes an exercise takes, by its slug."""
        return dict(EXERCISE.findall(self.sections.get("Exercises", "")))

    @property
    def notes(self):
        """For the speaker: what to have ready, and the lesson by minute."""
        names = "Before the class", "The lesson, by the minute"
        texts = [self.sections.get(name, "") for name in names]
        return Markup().join(
            Markup(MARKDOWN.render(unlinked(t))) for t in texts
        )


def plan_file(course, chapter):
    return course.root / "teaching" / f"{chapter.folder.name}.md"


def sections_of(path):
    """The text below each heading of a page; a page may not be there."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    _, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    pairs = (part.split("\n", 1) for part in parts)
    return {name: text.strip("\n") for name, text in pairs}


def unlinked(text):
    """The words of a page's links, as slides may go where the page is not."""
    return LINK.sub(r"\1", text)


def html(text):
    return inline(unlinked(" ".join(text.split())))
