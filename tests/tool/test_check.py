"""A check meets the student's program, and nothing else."""

import os
import shutil
import socket

import click
import pytest

from course.chapters import Course
from course.check import process
from course.check.examination import check
from course.check.report import (
    printable,
    step_lines,
    tell,
    told,
    verdict,
    what_next,
)
from course.student import copies, notes
from course.student.catch_up import catch_up
from course.student.workspaces import Workspace, Workspaces

from .conftest import ROOT, at
from .small import course_of
from .test_safety import INIT, ROUTES, VIEW, put_in, said

CONFTEST = """
import pytest


@pytest.fixture
def words(state, program_of):
    path = program_of(state) / "words.txt"
    return path.read_text().split() if path.exists() else []
"""
PROGRAM = 'PACKAGE, PRELOAD, STEERING = "words", ["string"], ("WORDS",)\n'


def commit(number, title, words, about="Write."):
    chapter = f"Chapter: {number:02d}-part-{number}"
    files = {"words.txt": "".join(f"{word}\n" for word in words)}
    return f"# {title}\n\n{about}\n\n{chapter}", files


def words_course(root):
    """Ten chapters of one step, the fourth with one that changes nothing
    first and one without checks last; a program that is not Flask's."""
    commits, words = [], []
    for number in range(1, 11):
        if number == 4:
            moved = f"{'**A refactoring step**'}: nothing new."
            commits.append(commit(4, "Moved", [*words, "moved"], moved))
            words.append("moved")
        words = [*words, f"w{number}"]
        commits.append(commit(number, f"Step w{number}", words))
        if number == 4:
            words = [*words, "untested"]
            commits.append(commit(4, "Untested", words))
    course = course_of(root, commits)
    tests = course.root / "tests"
    for number in [n for n in range(1, 11) if n != 9]:
        folder = tests / "chapters" / f"{number:02d}-part-{number}"
        folder.mkdir(parents=True)
        (folder / "test_it.py").write_text(
            "import pytest\n\n\n"
            f'@pytest.mark.since("step-w{number}")\n'
            f"def test_w{number}_is_there(words):\n"
            f'    assert "w{number}" in words, "Looked for w{number}."\n',
            encoding="utf-8",
        )
    (tests / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (course.root / "program.py").write_text(PROGRAM, encoding="utf-8")


@pytest.fixture(scope="session")
def runners(copy_of, tmp_path_factory, runner_of):
    """A function: the process that checks a chapter of that course."""
    course = copy_of(words_course, tmp_path_factory.mktemp("words"))
    return lambda number: runner_of(number, course)


@pytest.fixture
def check_words(runners, monkeypatch):
    def check_words(workspace, **how):
        runner = runners(workspace.chapter.number)
        return check(workspace, runner=runner, **how)

    monkeypatch.setattr(notes, "check", check_words)
    return check_words


@pytest.fixture
def started(copy_of, tmp_path, check_words):
    """A function: the workspace of a chapter, holding some words."""
    course = copy_of(words_course, tmp_path / "words")

    def started(number, *words):
        workspace = Workspaces(course).of(number)
        workspace.folder.mkdir(parents=True)
        text = "".join(f"{word}\n" for word in words)
        (workspace.folder / "words.txt").write_text(text, encoding="utf-8")
        return workspace

    return started


WORDS = [f"w{number}" for number in range(1, 11)]


def test_a_tenth_chapter_is_checked_by_its_marks(started):
    workspace = started(10, *WORDS[:-1])
    outcome = check(workspace)
    assert outcome.here == workspace.chapter.last
    assert "Looked for w10." in said(outcome)


def test_a_tenth_chapter_is_done_when_its_tests_pass(started, check_words):
    workspace = started(10, *WORDS)
    outcome = check_words(workspace)
    assert outcome.is_done(workspace.chapter), said(outcome)
    assert "is done" in verdict(workspace.chapter, outcome)


def test_a_chapter_without_tests_is_never_done(started, check_words):
    workspace = started(9, *WORDS)
    outcome = check_words(workspace)
    assert outcome.here is None
    assert not outcome.is_done(workspace.chapter)
    assert "Chapter 9 has no checks" in verdict(workspace.chapter, outcome)
    (line,) = step_lines(workspace, outcome)
    assert words_in([line]) == ["none"]
    assert "has no checks" in line


def words_in(lines):
    return [click.unstyle(line).split()[0] for line in lines]


def test_a_refactoring_step_has_a_word_of_its_own_and_blocks_nothing(
    started, check_words
):
    workspace = started(4, *WORDS[:3])
    outcome = check_words(workspace)
    lines = list(step_lines(workspace, outcome))
    assert words_in(lines) == ["free", "here", "none"]
    assert "changes no behaviour: nothing to check" in lines[0]
    assert outcome.passed(workspace.chapter) == []
    read = "\n".join(what_next(workspace, outcome))
    assert "chapters/04-part-4/steps/1-moved.md" in read
    assert "chapters/04-part-4/steps/2-step-w4.md" in read


def test_a_refactoring_step_is_passed_when_what_is_around_it_is(
    started, check_words
):
    workspace = started(4, *WORDS[:4])
    outcome = check_words(workspace)
    assert words_in(step_lines(workspace, outcome)) == ["free", "done", "none"]
    passed = [step.slug for step in outcome.passed(workspace.chapter)]
    assert passed == ["moved", "step-w4"]
    assert not outcome.is_done(workspace.chapter)
    assert "none for 4.3" in verdict(workspace.chapter, outcome)


def test_catch_up_brings_a_refactoring_step_too(started):
    workspace = started(4, *WORDS[:3])
    catch_up(workspace.course)
    text = (workspace.folder / "words.txt").read_text()
    assert text.split() == [*WORDS[:3], "moved", "w4"]


# The program's own folder


@pytest.fixture
def first(make_workspace):
    """A workspace with the first page."""
    return make_workspace("a-first-page")


def test_a_program_reads_files_beside_it(first, checked):
    (first.folder / "words.txt").write_text("hi", encoding="utf-8")
    put_in(first, ROUTES, "bp = ", 'open("words.txt").read()\nbp = ')
    put_in(first, ROUTES, VIEW, f'{VIEW}    open("words.txt").read()\n')
    assert checked(first).done == [at("a-first-page")]


def test_a_first_chapter_is_checked_without_the_packages_of_later_ones(
    make_workspace, monkeypatch
):
    pages = make_workspace("pages-from-templates")
    later = "flask_login", "flask_wtf", "wtforms", "email_validator"
    lacks = f"import sys; sys.modules.update(dict.fromkeys({later})); "
    monkeypatch.setattr(process, "INSIDE", lacks + process.INSIDE)
    put_in(pages, ROUTES, "index.html", "indeks.html")
    (failure, *_) = check(pages).failures
    assert "TemplateNotFound" in failure.said


def test_a_program_leaves_nothing_in_the_folder_of_the_course(first, checked):
    put_in(first, ROUTES, VIEW, f'{VIEW}    open("visits.txt", "a").close()\n')
    before = set(os.listdir(ROOT))
    assert checked(first).done == [at("a-first-page")]
    assert set(os.listdir(ROOT)) == before
    assert not (first.folder / "visits.txt").exists()


def test_a_program_that_starts_over_takes_no_instance_of_the_course(
    first, checked, monkeypatch
):
    instance = ROOT / "instance" / "of-a-test"
    instance.mkdir(parents=True)
    over = '    __import__("shutil").rmtree("instance", ignore_errors=True)\n'
    put_in(first, INIT, "    return app\n", f"{over}    return app\n")
    try:
        assert checked(first).done == [at("a-first-page")]
        assert instance.is_dir()
    finally:
        instance.rmdir()


# What a student's program may do


HARMLESS = {
    "a call that is deprecated": (
        '__import__("warnings").warn("old", DeprecationWarning)'
    ),
    "a file that is not closed": "open(__file__).read()",
    "a warning about a file": (
        '__import__("warnings").warn("open", ResourceWarning)'
    ),
    "an error that Python passes over": (
        "type('T', (), {'__del__': lambda self: 1 / 0})()"
    ),
    "an error in a thread": (
        '(t := __import__("threading").Thread(target=exit)).start()'
        "; t.join(); t = __import__('threading').Thread("
        "target=lambda: 1 / 0); t.start(); t.join()"
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_a_warning_is_no_error(what, first, checked):
    line = HARMLESS[what]
    put_in(first, ROUTES, "bp = ", f"{line}\nbp = ")
    put_in(first, ROUTES, VIEW, f"{VIEW}    {line}\n")
    outcome = checked(first)
    assert outcome.done == [at("a-first-page")], said(outcome)


def test_a_legacy_query_is_no_error(make_workspace, checked):
    workspace = make_workspace("1")
    new = f"{VIEW}    from .models import User\n    User.query.get(1)\n"
    put_in(workspace, ROUTES, VIEW, new)
    outcome = checked(workspace)
    assert outcome.is_done(workspace.chapter), said(outcome)


# The copy


def test_templates_that_are_a_link_are_copied(
    make_workspace, checked, tmp_path
):
    workspace = make_workspace("pages-from-templates")
    templates = workspace.folder / "microblog" / "templates"
    shutil.move(templates, tmp_path / "shared")
    templates.symlink_to(tmp_path / "shared", target_is_directory=True)
    assert checked(workspace).done[-1] == at("pages-from-templates")


def test_links_that_lead_up_or_nowhere_end(first):
    before = len(first.files())
    (first.folder / "up").symlink_to(first.folder.parent)
    (first.folder / "self").symlink_to("self")
    (first.folder / "microblog" / "root").symlink_to("/")
    assert len(first.files()) == before


def test_a_huge_file_is_not_read_and_that_is_said(first, checked, capsys):
    digest = first.digest()
    with (first.folder / "huge").open("wb") as file:
        file.truncate(3_000_000_000)
    assert first.digest() == digest
    tell(first, checked(first))
    assert "huge is left out: a file of over 50 MB" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="sockets that are files")
def test_a_socket_stops_no_copy(first, monkeypatch, tmp_path):
    monkeypatch.chdir(first.folder)  # a socket's name has to be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s")
        os.mkfifo("fifo")
        copies.copy_whole(first.folder, tmp_path / "copy")
    assert (tmp_path / "copy" / "microblog").is_dir()


def test_a_repository_in_a_workspace_is_read_as_files(first, states):
    tree = first.tree(states)
    folder = first.folder / "microblog"
    copies.shutil.copytree(states.repository, folder / ".git")
    assert first.tree(states) == tree


def test_the_digest_is_that_of_the_courses_own_tests(started):
    workspace = started(1, "w1")
    digest = workspace.digest()
    folder = workspace.course.root / "tests" / "chapters"
    (folder / "test_more.py").write_text("", encoding="utf-8")
    assert workspace.digest() != digest
    assert Workspace(Course(), workspace.chapter, workspace.folder)


# The notes and what is told


@pytest.mark.parametrize("outcome", [None, {"done": 1}, {"old": []}, [], "x"])
def test_notes_of_another_version_are_found_out_anew(
    outcome, started, monkeypatch
):
    workspace = started(1, "w1")
    digest = workspace.digest()
    notes.write_notes(workspace, digest=digest, outcome=outcome, hint=[1])
    assert notes.remembered(workspace).is_done(workspace.chapter)


def test_notes_that_cannot_be_written_stop_no_check(started, monkeypatch):
    workspace = started(1, "w1")
    notes.path_of(workspace).mkdir()
    assert notes.examined(workspace).is_done(workspace.chapter)
    left = sorted(p.name for p in workspace.folder.parent.iterdir())
    assert left == [notes.path_of(workspace).name, workspace.name]


def test_what_a_terminal_would_obey_is_not_told(first, checked):
    assert printable("\x1b[2Ja\tb\x07\n") == "[2Ja   b\n"
    bad = f"{VIEW}    raise ValueError('\\x1b[2J')\n"
    put_in(first, ROUTES, VIEW, bad)
    (failure, *_) = checked(first).failures
    assert "\x1b[2J" not in told(failure, True)


def test_one_process_checks_one_program_after_the_other(
    make_workspace, checked, runner_of
):
    right = make_workspace("a-first-page")
    assert checked(right).done == [at("a-first-page")]
    put_in(right, ROUTES, "bp = ", "__import__('os')._exit(0)\nbp = ")
    assert "ended the check itself" in said(checked(right))
    make_workspace("1")
    assert checked(right).is_done(right.chapter)
