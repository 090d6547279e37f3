"""The plans for lessons: each has what a teacher looks for."""

import re

import pytest

from course.chapters import ROOT, Course
from course.requirements import GROUP_OF

COURSE = Course()
PLANS = sorted((ROOT / "teaching").glob("*.md"))
SECTIONS = [
    "Goals",
    "Before the class",
    "The lesson, by the minute",
    "What students ask",
    "Quiz",
    "Exercises",
]
each_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)


def text_of(plan):
    return plan.read_text(encoding="utf-8")


def sections_of(plan):
    _, *parts = re.split(r"^## ", text_of(plan), flags=re.M)
    return dict(part.split("\n", 1) for part in parts)


def chapter_of(plan):
    return {c.folder.name: c for c in COURSE.chapters}[plan.stem]


def rows_of(section):
    _, _, *rows = re.findall(r"^\| (.+) \|$", section, re.M)
    return [re.split(r"\s*\|\s*", row) for row in rows]


def test_each_chapter_has_a_plan():
    chapters = [chapter.folder.name for chapter in COURSE.chapters]
    assert [plan.stem for plan in PLANS] == chapters


@each_plan
def test_a_plan_has_every_section_and_the_chapters_title(plan):
    assert list(sections_of(plan)) == SECTIONS
    title = chapter_of(plan).lesson.read_text("utf-8").partition("\n")[0]
    told = text_of(plan).partition("\n")[0]
    assert told == f"# Plan for c{title.removeprefix('# C')}"


@each_plan
def test_a_lesson_has_90_minutes_without_a_gap(plan):
    times = [row[0] for row in rows_of(sections_of(plan)[SECTIONS[2]])]
    ends = [tuple(map(int, time.split("–"))) for time in times]
    assert [first for first, _ in ends] == [0, *(last for _, last in ends)][
        :-1
    ]
    assert ends[-1][1] == 90


@each_plan
def test_a_lesson_comes_by_every_step(plan):
    lesson = sections_of(plan)[SECTIONS[2]]
    for step in chapter_of(plan).steps:
        link = f"[{step.state}](../{step.shown})"
        assert link in lesson, f"{step.shown} is not in the lesson"


@each_plan
def test_an_answer_follows_each_question(plan):
    quiz = sections_of(plan)["Quiz"]
    numbers = re.findall(r"^(\d+)\. .+", quiz, re.M)
    answers = re.findall(
        r"   <details><summary>Answer</summary>\n\n   .+?\n\n   </details>",
        quiz,
        re.S,
    )
    assert numbers == [str(n + 1) for n in range(len(answers))]
    assert len(answers) >= 4
    asked = re.findall(
        r"^\*\*.+?\*\* \S", sections_of(plan)[SECTIONS[3]], re.M
    )
    assert len(asked) >= 4


@each_plan
def test_each_exercise_has_a_time(plan):
    rows = rows_of(sections_of(plan)["Exercises"])
    for exercise in chapter_of(plan).exercises:
        link = f"[{exercise.title}](../{exercise.shown})"
        assert [row[0] for row in rows].count(link) == 1, link
    assert rows
    assert all(5 <= int(row[1]) <= 90 for row in rows)


@pytest.mark.parametrize(
    "page", [*PLANS, ROOT / "TEACHING.md"], ids=lambda path: path.stem
)
def test_what_is_to_be_typed_is_a_command(page):
    typed = re.findall(r"`make\s([^`]+)`", text_of(page))
    assert typed
    for name, *rest in map(str.split, typed):
        assert name in GROUP_OF, name
        for word in rest:
            if re.fullmatch(r"\d(\.\d+)?", word):
                assert COURSE.state(word)


def test_each_plan_is_listed():
    listed = re.findall(
        r"\(teaching/(.+\.md)\)", text_of(ROOT / "TEACHING.md")
    )
    assert listed == [plan.name for plan in PLANS]


@pytest.mark.parametrize(
    "page", [*PLANS, ROOT / "TEACHING.md"], ids=lambda path: path.stem
)
def test_every_link_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)#:]+)\)", text_of(page)):
        assert (page.parent / link).is_file(), link
