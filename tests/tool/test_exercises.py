"""Exercises: their pages, their worked ways, and how they are checked."""

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from course import cli
from course.chapters import Course
from course.check.examination import check, runner_for
from course.errors import CourseError
from course.git import git
from course.glossary import rewritten
from course.pages import read_page, slug_of, without_fences, write_page
from course.states import States
from course.student import watch
from course.student.workspaces import Workspace

from ..sampling import part
from .conftest import copy_program
from .test_rules import listed_and_imported
from .tiny import tiny_course

COURSE = Course()
STATES = States(COURSE)
TASKS = [e for e in COURSE.exercises if e.asks_for_code]
FOLD = r"(?s)<details>\n<summary>([^<]+)</summary>\n\n(.+?)</details>"
MARK = r'mark\.exercise\(\s*"(.+?)"'


def slug_in(exercise):
    return exercise.slug


each = pytest.mark.parametrize("exercise", COURSE.exercises, ids=slug_in)
each_task = pytest.mark.parametrize("exercise", TASKS, ids=slug_in)


def folds_of(exercise):
    return dict(re.findall(FOLD, exercise.text))


# The pages


@each
def test_a_page_has_a_task_an_end_and_folds_what_helps(exercise):
    task, *folded = exercise.text.split("<details>")
    assert "\n## Done when\n" in task
    ends = re.findall(r"^- ", task.partition("## Done when")[2], re.M)
    assert 2 <= len(ends) <= 5
    assert len(folded) == len(folds_of(exercise)) == 2
    shown = rewritten(exercise.text, exercise.text, "{}".format)
    assert shown.endswith("</details>\n"), "only definitions may follow"
    hint, way = folds_of(exercise)
    assert hint == "A hint"
    answers = ("An answer to compare with", "One worked way, and why")
    assert way == answers[exercise.asks_for_code]


@each_task
def test_a_page_says_how_it_is_checked(exercise):
    assert f"`make check EXERCISE={exercise.slug}`" in exercise.text


@each
def test_no_exercise_asks_to_edit_the_courses_own_programs(exercise):
    text = without_fences(exercise.text)
    assert not re.search(r"(?<!tests/)chapters/\d\d-|`chapters/", text)


@each
def test_an_exercise_has_a_name_and_a_title_of_its_own(exercise):
    everything = [*COURSE.exercises, *COURSE.steps.values()]
    assert slug_of(exercise.slug) == exercise.slug
    assert [e.slug for e in everything].count(exercise.slug) == 1
    assert [e.title for e in everything].count(exercise.title) == 1


def test_exercises_are_numbered_without_a_gap():
    for chapter in COURSE.chapters:
        numbers = [e.number.step for e in chapter.exercises]
        assert numbers == list(range(1, len(numbers) + 1))


@each
def test_the_lesson_links_to_an_exercise_by_its_title(exercise):
    lesson = COURSE.chapter(exercise.state.chapter).lesson
    section = lesson.read_text("utf-8").partition("## Exercises\n")[2]
    link = f"[{exercise.title}](exercises/{exercise.page.name})"
    assert link in section.partition("\n## ")[0]


# The worked ways


@each_task
def test_git_reads_in_a_worked_way_what_its_blocks_say(exercise, tmp_path):
    kept = {"folder": STATES.repository, "index": tmp_path / "index"}
    end = COURSE.chapter(exercise.state.chapter).last
    git("read-tree", STATES.trees[end], **kept)
    for block in read_page(exercise.text).blocks:
        git("apply", "--cached", stdin=block.diff.encode(), **kept)
    assert git("write-tree", **kept).strip() == STATES.tree(exercise.state)


@each_task
def test_every_change_of_a_worked_way_is_explained(exercise):
    page = read_page(exercise.text)
    for number, block in enumerate(page.blocks, 1):
        prose = block.prose.rpartition("</summary>")[2]
        assert len(prose.split()) >= 10, f"block {number}"
    assert write_page(page) == exercise.text


@each_task
def test_no_line_of_a_worked_way_is_over_80_columns(exercise):
    for block in read_page(exercise.text).blocks:
        for line in block.diff.splitlines():
            assert line.startswith("diff --git") or len(line) <= 80, line


@each_task
def test_a_worked_way_is_checked(exercise):
    chapter = COURSE.chapter(exercise.state.chapter)
    tests = COURSE.root / "tests/chapters" / chapter.folder.name / "exercises"
    marks = [
        slug
        for path in tests.glob("test_*.py")
        for slug in re.findall(MARK, path.read_text("utf-8"))
    ]
    assert exercise.slug in marks


@pytest.mark.parametrize("exercise", part(TASKS, 6), ids=slug_in)
def test_a_student_is_told_what_is_missing_and_then_that_it_is_done(
    exercise, tmp_path
):
    chapter = COURSE.chapter(exercise.state.chapter)
    outcomes = []
    with runner_for(workspace_of(chapter, tmp_path), exercise) as runner:
        for state in (chapter.last, exercise.state):
            workspace = workspace_of(chapter, tmp_path / str(state))
            copy_program(STATES.folder(state), workspace.folder)
            found = check(workspace, runner=runner, exercise=exercise)
            outcomes.append(found)
            runner.warm()
    before, after = outcomes
    assert all("expected:" in failure.message for failure in before.failures)
    assert before.failures
    assert not after.failures, after.failures
    assert after.done == [exercise.number]


def workspace_of(chapter, root):
    return Workspace(COURSE, chapter, root / "work" / chapter.folder.name)


@pytest.mark.parametrize("words", [["check"], ["format", "--check"]])
def test_ruff_finds_nothing_to_mend_in_a_worked_way(words):
    folders = [str(STATES.folder(exercise.state)) for exercise in TASKS]
    settings = ["--config", str(COURSE.root / "pyproject.toml")]
    command = [sys.executable, "-m", "ruff", *words, *settings, *folders]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No Python files" not in done.stdout + done.stderr


@each_task
def test_a_worked_way_imports_what_its_requirements_name(exercise):
    listed, imported = listed_and_imported(STATES.folder(exercise.state))
    assert imported <= listed


# The commands, on a course of another program


@pytest.fixture
def tiny(copy_of, tmp_path, monkeypatch):
    course = copy_of(tiny_course, tmp_path / "tiny")
    monkeypatch.setenv("COURSE_ROOT", str(course.root))
    return course


@pytest.fixture
def type_in(tiny, monkeypatch, capfd):
    """Type a command; return what was said. It has to end with a status."""
    monkeypatch.delenv("MAKELEVEL", raising=False)

    def type_in(line, status=0):
        done = CliRunner().invoke(cli.main, line.split())
        said = done.output + "".join(capfd.readouterr())
        assert done.exit_code == status, said
        return said

    return type_in


@pytest.mark.parametrize("name", ["1.1", "be-loud"])
def test_an_exercise_is_checked_in_its_chapters_workspace(tiny, type_in, name):
    type_in("start 1")
    type_in("catch-up 1.2")
    type_in("start 2")
    said = type_in(f"check --exercise {name}", status=1)
    assert "Exercise 1.1, “Be loud”, in work/01-hello" in said
    assert "the name is not in capitals" in said
    assert "Read   chapters/01-hello/exercises/1-be-loud.md" in said
    program = tiny.root / "work/01-hello/tiny/__init__.py"
    text = program.read_text("utf-8").replace(".title()", ".upper()")
    program.write_text(text, "utf-8")
    said = type_in(f"check --exercise {name}")
    assert "Exercise 1.1 is done" in said
    assert "worked way is at the end of chapters/01-hello/exercises" in said


def test_an_exercise_is_checked_again_at_each_save(tiny, type_in, monkeypatch):
    type_in("start 1")
    type_in("catch-up 1.2")
    program = tiny.root / "work/01-hello/tiny/__init__.py"

    def saves(folder, **options):
        moved(program, ".title()", ".upper()")
        yield {"saved"}
        raise KeyboardInterrupt

    monkeypatch.setattr(watch.watchfiles, "watch", saves)
    said = type_in("check --exercise 1.1 --watch")
    first, second, _ = said.split("Waiting for the next save")
    assert "the name is not in capitals" in first
    assert "Exercise 1.1 is done" in second


def test_an_exercise_of_a_chapter_not_begun_says_how_to_begin(type_in):
    said = type_in("check --exercise 1.1", status=2)
    assert "Try: make start 1" in said


@pytest.mark.parametrize("name", ["9.9", "1", "1.3", "log-out", "''"])
def test_what_is_no_exercise_is_answered_with_those_that_are(type_in, name):
    type_in("start 1")
    said = type_in(f"check --exercise {name}", status=2)
    assert "There are: 1.1, 1.2." in said
    assert "Try: make check EXERCISE=1.1" in said


def test_an_exercise_to_think_about_names_its_answer(type_in):
    type_in("start 1")
    said = type_in("check --exercise 1.2")
    assert "asks you to think" in said
    assert "chapters/01-hello/exercises/2-who-is-ada.md" in said


def test_a_check_of_a_chapter_leaves_its_exercises_out(type_in):
    type_in("start 1")
    type_in("catch-up 1.2")
    assert "Chapter 1 is done" in type_in("check")


def test_the_matrix_runs_what_a_worked_way_must_do(type_in):
    said = type_in("test -n 0 -rA tests")
    name = "test_the_name_is_in_capitals"
    assert re.search(rf"(?m)^XFAIL .*{name}\[1.2-red]", said)
    assert f"{name}[1-be-loud]" in said
    assert "test_the_page_says_hello[1-be-loud]" in said
    assert "test_whoever_gives_a_name_is_greeted_by_it[1-be-loud]" not in said
    assert "it is all in capitals" in said


# When the end of a chapter changes


def test_a_worked_way_that_no_longer_applies_says_what_to_type(tiny):
    page = tiny.exercise("be-loud").page
    moved(page, "@@ -8,4 +8,4 @@", "@@ -60,4 +60,9 @@")
    with pytest.raises(CourseError, match="make refit be-loud"):
        States(tiny).tree(tiny.exercise("be-loud").state)


def test_a_worked_way_is_fitted_to_its_chapters_end(tiny, type_in):
    page = tiny.exercise("be-loud").page
    before = States(tiny).tree(tiny.exercise("be-loud").state)
    moved(page, "@@ -8,4 +8,4 @@", "@@ -60,4 +60,9 @@")
    assert "fits the end of chapter 1" in type_in("refit 1.1")
    assert States(tiny).tree(tiny.exercise("be-loud").state) == before
    text = page.read_text("utf-8")
    assert write_page(read_page(text)) == text


def test_a_worked_way_with_no_place_is_named_with_its_line(tiny, type_in):
    page = tiny.exercise("be-loud").page
    moved(page, ".title()", ".lower()")
    said = type_in("refit be-loud", status=2)
    assert "1-be-loud.md, line 15: git finds no place" in said


def moved(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8", newline="\n")
