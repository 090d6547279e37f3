"""The course as students get it."""

import pytest

from course.chapters import Course, State
from course.check.examination import check, runner_for
from course.classroom.edition import student_edition
from course.errors import CourseError
from course.states import States
from course.student.workspaces import Workspaces

from .test_exercises import folds_of
from .tiny import tiny_course


@pytest.fixture
def tiny(copy_of, tmp_path):
    course = copy_of(tiny_course, tmp_path / "course")
    (course.root / "TEACHING.md").touch()
    mistakes = course.root / "tests" / "chapters" / "01-hello" / "mistakes"
    mistakes.mkdir()
    (mistakes / "one.patch").touch()
    return course


@pytest.fixture
def edition(tiny, tmp_path):
    student_edition(tiny, tmp_path / "students")
    return Course(tmp_path / "students")


def files_of(course):
    found = (p for p in course.root.rglob("*") if p.is_file())
    return {path.relative_to(course.root).as_posix() for path in found}


def test_it_has_what_a_student_needs_and_nothing_else(edition):
    assert files_of(edition) == {
        "program.py",
        "pyproject.toml",
        "chapters/01-hello/README.md",
        "chapters/01-hello/steps/1-say-hello.md",
        "chapters/01-hello/steps/2-greet-by-name.md",
        "chapters/01-hello/exercises/1-be-loud.md",
        "chapters/01-hello/exercises/2-who-is-ada.md",
        "chapters/02-count/README.md",
        "chapters/02-count/steps/1-give-pages-a-module.md",
        "chapters/02-count/steps/2-count-visits.md",
        "tests/conftest.py",
        "tests/chapters/01-hello/test_hello.py",
        "tests/chapters/01-hello/exercises/test_be_loud.py",
        "tests/chapters/02-count/test_count.py",
    }


def test_a_worked_way_is_gone_and_the_exercise_is_checked_still(edition):
    exercise = edition.exercise("be-loud")
    assert "upper" not in exercise.text
    assert exercise.asks_for_code
    assert not edition.exercise("who-is-ada").asks_for_code


def test_no_page_of_the_real_course_keeps_its_answer(tmp_path):
    course = Course()
    student_edition(course, tmp_path / "students")
    edition = Course(tmp_path / "students")
    for exercise in edition.exercises:
        hint, answer = folds_of(exercise).values()
        assert answer == "Your teacher has it.\n\n", exercise.shown
        original = course.exercise(exercise.slug)
        assert hint in original.text
        assert exercise.asks_for_code == original.asks_for_code
    assert States(edition).trees == States(course).trees
    assert not list(edition.root.glob("chapters/*/microblog"))
    for name in ("TEACHING.md", "teaching", "tests/tool"):
        assert not (edition.root / name).exists()


def test_a_program_at_the_end_of_a_chapter_is_made_when_it_is_run(edition):
    states = States(edition)
    folder = states.program(State(1, 2))
    assert folder.is_relative_to(edition.root / "build")
    assert (folder / "tiny" / "__init__.py").is_file()


def test_nothing_beyond_a_state_is_there_and_the_rest_is_checked(
    tiny, tmp_path
):
    student_edition(tiny, tmp_path / "students", tiny.state("say-hello"))
    edition = Course(tmp_path / "students")
    assert list(edition.slugs) == ["say-hello"]
    assert edition.later[0] == "greet-by-name"
    assert not edition.exercises
    lesson = edition.chapter(1).lesson.read_text(encoding="utf-8")
    assert "1. [Say hello](steps/1-say-hello.md)" in lesson
    assert "2. Greet by name" in lesson
    workspace = Workspaces(edition).of(1)
    states = States(edition)
    states.write_files(states.trees[State(1, 1)], workspace.folder)
    with runner_for(workspace) as runner:
        assert check(workspace, runner=runner).is_done(workspace.chapter)


def test_no_folder_is_written_over(tiny, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    with pytest.raises(CourseError, match="is not empty"):
        student_edition(tiny, tmp_path / "mine")
