"""An edit in a snapshot, carried through the course."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from course import git
from course.author import amendment
from course.author.adoption import adopt
from course.author.amendment import amend, amend_and_test
from course.author.history import export
from course.author.repository import Repository
from course.chapters import ROOT, Course, State
from course.cli import main
from course.errors import CourseError
from course.lock import alone
from course.pages import read_page
from course.states import States

from ..sampling import EVERYTHING, part
from .small import edit, files_of, history_of

FIRST, SECOND, THIRD = State(1, 1), State(1, 2), State(2, 1)


def page_text(course, state):
    return Course(course.root).steps[state].page.read_text(encoding="utf-8")


def snapshot(course, chapter, name="app.py"):
    path = course.chapter(chapter).folder / name
    return path.read_text(encoding="utf-8")


def check_composed(root):
    course = Course(root)
    trees = States(course)
    for chapter in course.chapters:
        made = trees.trees[chapter.last]
        assert trees.snapshot_tree(chapter) == made, chapter.folder.name


# The edit reaches every later state


def test_an_edit_goes_into_its_step_and_into_every_later_snapshot(small):
    edit(small, 1, "app.py", "line 5", "line five")
    amend(small, FIRST)
    assert "+line five\n" in page_text(small, FIRST)
    assert "line five" in snapshot(small, 2)
    check_composed(small.root)


def test_line_numbers_and_context_in_later_diffs_follow(small):
    edit(small, 1, "app.py", "line 4\n", "line 4\nmore\nand more\n")
    said = amend(small, FIRST)
    assert "@@ -7,5 +7,5 @@" in page_text(small, THIRD)
    assert "3-third.md  (line" not in said
    assert (
        "  chapters/02-two/steps/1-third.md  (line numbers and context only)"
        in said.splitlines()
    )


def test_the_edit_is_folded_into_the_block_that_it_touches(small):
    edit(small, 1, "app.py", "line 5", "line five")
    amend(small, FIRST)
    first, second = read_page(page_text(small, FIRST)).blocks
    assert "+line five" in first.diff
    assert "app.py" not in second.diff


def test_an_edit_of_two_files_goes_into_the_block_of_each(small):
    edit(small, 1, "app.py", "line 5", "line five")
    edit(small, 1, "more.txt", "more", "much more")
    amend(small, FIRST)
    first, second = read_page(page_text(small, FIRST)).blocks
    assert "+line five" in first.diff
    assert "+much more" in second.diff


def test_a_new_file_goes_into_the_last_block_of_the_step(small):
    (small.chapter(1).folder / "new.txt").write_text("new\n")
    amend(small, FIRST)
    assert "+new" in read_page(page_text(small, FIRST)).blocks[-1].diff
    assert snapshot(small, 2, "new.txt") == "new\n"


def test_a_file_that_is_removed_is_removed_from_every_later_snapshot(small):
    (small.chapter(1).folder / "more.txt").unlink()
    edit(small, 1, "app.py", "line 5", "line five")
    amend(small, SECOND)
    assert "deleted file mode" in page_text(small, SECOND)
    assert not (small.chapter(2).folder / "more.txt").exists()


def test_a_change_beside_a_changed_line_is_no_conflict(small):
    """2.1 changes line 8; here line 7 changes, and a line is added."""
    edit(small, 1, "app.py", "line 7\n", "line seven\nand a half\n")
    amend(small, FIRST)
    assert "line seven\nand a half\nline 8, by 2.1\n" in snapshot(small, 2)


def test_a_line_put_before_a_changed_first_line_is_no_conflict(small):
    edit(small, 2, "app.py", "line 1\n", "line 0\nline 1\n")
    amend(small, THIRD)
    edit(small, 1, "app.py", "line 1\n", "line one\n")
    amend(small, FIRST)
    assert snapshot(small, 2).startswith("line 0\nline one\n")


def test_an_edit_of_the_last_chapter_moves_nothing_before_it(small):
    before = {n: b for n, b in files_of(small.root).items() if n[1] == "1"}
    edit(small, 2, "app.py", "line 5", "line five")
    amend(small, THIRD)
    after = files_of(small.root)
    assert {name: after[name] for name in before} == before
    check_composed(small.root)


def test_what_build_history_says_follows(small):
    export(small)
    edit(small, 1, "app.py", "line 5", "line five")
    amend(small, FIRST)
    assert "line five" in history_of(small).git("show", "1.1:app.py")
    assert adopt(small).startswith("Nothing moved")


def test_prose_is_left_as_it_was_written(small):
    page = small.steps[FIRST].page
    text = page.read_text(encoding="utf-8")
    fence = "```python\nx = 1  \n\n\ny = 2\n```"
    page.write_text(
        text.replace("Another.", f"; Another.\n\n{fence}"), encoding="utf-8"
    )
    edit(small, 1, "more.txt", "more", "much more")
    amend(Course(small.root), FIRST)
    prose = read_page(page_text(small, FIRST)).blocks[1].prose
    assert prose == f"; Another.\n\n{fence}"


def test_a_step_that_the_edit_makes_idle_keeps_its_prose(small):
    """1.1 now says what 2.1 said."""
    edit(small, 1, "app.py", "line 8", "line 8, by 2.1")
    said = amend(small, SECOND)
    assert page_text(small, THIRD) == "# Third\n\nOnce more.\n"
    assert "  chapters/02-two/steps/1-third.md" in said.splitlines()
    check_composed(small.root)


def test_an_edit_that_takes_a_block_back_is_said(small):
    edit(small, 1, "app.py", "line 2, by 1.2", "line 2")
    before = files_of(small.root)
    with pytest.raises(CourseError, match="takes back all that a block of"):
        amend(small, SECOND)
    assert files_of(small.root) == before


# A conflict


def conflict(course):
    """An edit of the line that 2.1 changes: it cannot go into 1.1."""
    edit(course, 1, "app.py", "line 8", "line eight")
    with pytest.raises(CourseError) as stopped:
        amend(course, FIRST)
    return stopped.value.message


def test_a_conflict_changes_nothing_and_names_the_step_and_the_file(small):
    edit(small, 1, "app.py", "line 8", "line eight")
    before = files_of(small.root)
    with pytest.raises(CourseError) as stopped:
        amend(small, FIRST)
    said = stopped.value.message
    assert files_of(small.root) == before
    assert said.startswith("step 2.1, “Third”, does not go with the edit.")
    assert "\n    app.py\n" in said
    assert "Nothing in chapters/ was changed" in said


def test_after_a_conflict_an_author_goes_on_with_git_and_adopts(small):
    conflict(small)
    here = history_of(small)
    path = here.folder / "app.py"
    assert "<<<<<<<" in path.read_text(encoding="utf-8")
    text = snapshot(small, 1).replace("line eight", "line eight, by 2.1")
    path.write_text(text, encoding="utf-8", newline="\n")
    here.git("add", "app.py")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    here.git(*identity, "-c", "core.editor=true", "rebase", "--continue")
    adopt(small)
    assert "+line eight\n" in page_text(small, FIRST)
    assert "+line eight, by 2.1\n" in page_text(small, THIRD)
    check_composed(small.root)


def test_after_a_conflict_the_edit_is_not_lost_by_giving_up(small):
    conflict(small)
    history_of(small).git("rebase", "--abort")
    with pytest.raises(CourseError, match=r"would be undone:\n    app\.py"):
        adopt(small)
    assert "line eight" in snapshot(small, 1)


def test_an_edit_of_what_a_later_step_brings_names_that_step(small):
    edit(small, 1, "app.py", "by 1.2", "by step 1.2")
    with pytest.raises(CourseError) as stopped:
        amend(small, FIRST)
    assert "step 1.1, “First”, does not go with" in stopped.value.message
    assert "make amend 1.2" in stopped.value.message


def test_a_conflict_leaves_the_old_history_beside_the_new(small):
    """With the stash that the tool itself advises, and every branch."""
    here = history_of(small)
    export(small)
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for number in ("", "1"):
        here.git("branch", f"mine{number}", "1.1")
        (here.folder / "app.py").write_text("mine\n", encoding="utf-8")
        here.git(*name, "stash")
        said = conflict(small)
        assert f"What was there is build/history.old{number} now." in said
        old = Repository(small.root / "build" / f"history.old{number}")
        assert old.git("stash", "list")
        assert f"mine{number}" in old.git("branch")
        here.git("rebase", "--abort")
        edit(small, 1, "app.py", "line eight", "line 8")
        export(small)


# Stopped half-way


GIT = [(git.subprocess, "run")]
FILES = [(os, "replace"), (shutil, "copy"), (Path, "rename"), (Path, "unlink")]


def stop_at(monkeypatch, number, watched, how=KeyboardInterrupt):
    """Be stopped at one call of what is watched, counted."""
    calls = []

    def stopping(function):
        def call(*arguments, **more):
            calls.append(function)
            if len(calls) == number:
                raise how
            return function(*arguments, **more)

        return call

    for owner, name in watched:
        monkeypatch.setattr(owner, name, stopping(getattr(owner, name)))
    return calls


class Killed(BaseException):
    """A process that ends here and now: nothing is handled."""


def edited(course):
    edit(course, 1, "app.py", "line 5", "line five")
    return files_of(course.root)


def amended(course):
    """What chapters/ is after the edit of `edited`, and no interruption."""
    before = edited(course)
    amend(course, FIRST)
    after = files_of(course.root)
    for name, text in before.items():
        path = course.root / "chapters" / name
        path.write_bytes(text)
    return before, after


MANY = 5 if os.environ.get("ALL") else 20


@pytest.mark.parametrize(("watched", "stride"), [(GIT, MANY), (FILES, 1)])
def test_stopped_anywhere_it_is_before_the_amend_or_after_it(
    small, monkeypatch, watched, stride
):
    before, after = amended(small)
    for number in count(stride, stride):
        with monkeypatch.context() as patch:
            calls = stop_at(patch, number, watched)
            try:
                amend(Course(small.root), FIRST)
            except KeyboardInterrupt:
                found = files_of(small.root)
                assert found in (before, after), f"stopped at call {number}"
                restore(small, before)
            else:
                break
    assert stride < len(calls) < number
    check_composed(small.root)


def restore(course, files):
    """Put the files of a course back, as git would."""
    for name in files_of(course.root).keys() - files.keys():
        (course.root / "chapters" / name).unlink()
    for name, text in files.items():
        (course.root / "chapters" / name).write_bytes(text)


@pytest.mark.parametrize("number", range(1, 5))
def test_what_a_killed_command_began_to_write_the_next_one_finishes(
    small, monkeypatch, capsys, number
):
    before, after = amended(small)
    with monkeypatch.context() as patch:
        stop_at(patch, number, [(os, "replace")], Killed)
        with pytest.raises(Killed):
            amend(small, FIRST)
    mixed = files_of(small.root)
    assert all(mixed[n] in (before[n], after[n]) for n in before)
    if number == 1:
        assert mixed == before
        amend(small, FIRST)
    else:
        assert mixed not in (before, after)
        said = refused_to_amend(small)
        assert said.startswith("no snapshot was edited")
        assert "What was left is written now" in capsys.readouterr().out
    assert files_of(small.root) == after


def refused_to_amend(course):
    with pytest.raises(CourseError) as stopped:
        amend(Course(course.root), FIRST)
    return stopped.value.message


def kill_at(course, monkeypatch, number):
    edited(course)
    with monkeypatch.context() as patch:
        stop_at(patch, number, [(os, "replace")], Killed)
        with pytest.raises(Killed):
            amend(course, FIRST)


@pytest.mark.parametrize("at", [FIRST, SECOND, THIRD])
def test_what_an_author_writes_after_a_kill_is_not_written_over(
    small, monkeypatch, at
):
    kill_at(small, monkeypatch, 3)
    page = Course(small.root).steps[at].page
    write(small, at, "A DAY.")
    said = refused_to_amend(small)
    assert "A DAY." in page.read_text(encoding="utf-8")
    if "have changed since" in said:
        assert page.name in said
        assert (small.root / "build" / "unfinished").is_dir()
        assert refused_to_amend(small) == said


def test_every_command_says_that_one_was_killed(small, monkeypatch):
    kill_at(small, monkeypatch, 3)
    monkeypatch.setenv("COURSE_ROOT", str(small.root))
    said = CliRunner().invoke(main, ["chapters"]).output
    assert "To finish it: make history" in said


def test_a_kill_before_the_first_file_is_forgotten(small, monkeypatch):
    kill_at(small, monkeypatch, 1)
    write(small, FIRST, "A DAY.")
    amend(Course(small.root), FIRST)
    assert "A DAY." in page_text(small, FIRST)
    assert "+line five" in page_text(small, FIRST)


def write(course, state, words):
    """Be an author who writes in a page and saves it."""
    page = Course(course.root).steps[state].page
    text = page.read_text(encoding="utf-8")
    title, rest = text.split("\n\n", 1)
    page.write_text(f"{title}\n\n{words}\n\n{rest}", encoding="utf-8")


def test_a_page_that_is_saved_meanwhile_is_not_written_over(
    small, monkeypatch
):
    edited(small)
    moved = amendment.what_moved

    def slow(*arguments):
        write(small, FIRST, "SAVED WHILE IT RAN.")
        return moved(*arguments)

    monkeypatch.setattr(amendment, "what_moved", slow)
    before = files_of(small.root)
    said = refused_to_amend(small)
    assert "01-one/steps/1-first.md" in said
    assert "Nothing was written" in said
    assert "SAVED WHILE IT RAN." in page_text(small, FIRST)
    del before["01-one/steps/1-first.md"]
    assert before.items() <= files_of(small.root).items()


def test_the_tests_run_when_all_is_in_place_and_nothing_is_locked(
    small, monkeypatch, capsys
):
    seen = []

    def run_tests(course, state, options):
        with alone(course.root, patience=0):
            seen.append(snapshot(course, 2))
        return 1

    monkeypatch.setattr(amendment, "run_tests", run_tests)
    edited(small)
    assert amend_and_test(small, FIRST, tests=True) == 1
    assert "line five" in seen[0]
    said = capsys.readouterr().out
    assert said.startswith("Moved:\n")
    assert "The tests fail. The change is in chapters/" in said
    assert not (small.root / "build" / "unfinished").exists()


def test_only_the_tests_of_the_chapter_run(real, monkeypatch):
    seen = []
    monkeypatch.setattr(
        amendment, "run_tests", lambda *arguments: seen.append(arguments[2])
    )
    chapter = real.chapters[0]
    for name in ("tests/chapters/" + chapter.folder.name, "tests/tool"):
        (real.root / name).mkdir(parents=True)
    monkeypatch.setattr(amendment, "amend", lambda course, state: "Moved:")
    amend_and_test(real, chapter.last, tests=True)
    ((path,),) = seen
    assert path.endswith(chapter.folder.name)


@pytest.mark.parametrize("signal", ["ctrl-c", "hangup"])
def test_what_is_written_while_the_tests_run_stays(small, monkeypatch, signal):
    """Nothing is undone: the author reads git diff and mends prose then."""
    stop = {"ctrl-c": KeyboardInterrupt, "hangup": Killed}[signal]

    def run_tests(course, state, options):
        write(course, FIRST, "AN HOUR.")
        raise stop

    monkeypatch.setattr(amendment, "run_tests", run_tests)
    edited(small)
    if stop is KeyboardInterrupt:
        assert amend_and_test(small, FIRST, tests=True) == 130
    else:
        with pytest.raises(Killed):
            amend_and_test(small, FIRST, tests=True)
    assert "AN HOUR." in page_text(small, FIRST)
    edit(small, 1, "app.py", "line 6", "line six")
    amend(Course(small.root), FIRST)
    assert "AN HOUR." in page_text(small, FIRST)
    check_composed(small.root)


def test_another_command_waits_until_the_first_has_written(small, monkeypatch):
    """Two at once: the second takes its turn, and both are right."""
    edited(small)
    amend_in_a_process = [sys.executable, "-c", AMEND, str(small.root)]
    second = subprocess.Popen(amend_in_a_process, cwd=ROOT)
    with contextlib.suppress(CourseError):
        amend(small, FIRST)
    second.wait()
    assert "line five" in snapshot(small, 2)
    check_composed(small.root)


AMEND = """
import sys
from course.author.amendment import amend
from course.chapters import ROOT, Course, State
from course.errors import CourseError
from course.lock import alone
try:
    amend(Course(sys.argv[1]), State(1, 1))
except CourseError as error:
    assert "no snapshot was edited" in error.message, error.message
"""


def test_what_killed_commands_have_left_in_build_is_removed(small):
    build = small.root / "build"
    for name in ("scratch-3", "tmp4", "tmp5"):
        (build / name / "microblog").mkdir(parents=True)
    os.utime(build / "tmp4", (0, 0))
    edited(small)
    amend(small, FIRST)
    left = {path.name for path in build.iterdir() if path.is_dir()}
    assert left == {"history", "states.git", "tmp5"}


# Each step of the course, or with ALL=1 the first of each chapter: one of
# the lines that the step added is changed


def chosen_steps():
    course = Course()
    if EVERYTHING:
        return list(course.slugs)
    return [chapter.steps[0].slug for chapter in part(course.chapters, 6)]


@pytest.mark.parametrize("slug", chosen_steps())
def test_an_amend_of_a_step_reaches_the_last_snapshot(real, slug):
    state = real.state(slug)
    name, line, lasts = line_to_follow(real, state)
    edit(real, state.chapter, name, f"{line}\n", f"{line}, to the end\n")
    before = files_of(real.root)
    said = said_to_amend(real, state)
    if said:
        assert not lasts, said
        assert "does not go with the edit" in said
        assert files_of(real.root) == before
        return
    assert f"+{line}, to the end" in page_text(real, state).splitlines()
    if lasts:
        last = real.chapters[-1].folder  # a file may move
        files = [path for path in last.rglob("*") if is_of_program(path)]
        lines = "\n".join(text_of(path) for path in files).splitlines()
        assert f"{line}, to the end" in lines
    check_composed(real.root)


def is_of_program(path):
    return path.is_file() and path.suffix != ".md"


def said_to_amend(course, state):
    """What stops an amend, if something does."""
    try:
        amend(course, state)
    except CourseError as error:
        return error.message
    return ""


def line_to_follow(course, state):
    """A line that a step added, and whether no later step takes it away.

    It is one that the file has once.
    """
    later = [s.text for s in course.steps.values() if s.state > state]
    taken = set("\n".join(later).splitlines())
    found = []
    for block in read_page(page_text(course, state)).blocks:
        for piece in re.split(r"(?m)^\+\+\+ b/", block.diff)[1:]:
            name, *lines = piece.splitlines()
            here = text_of(course.chapter(state.chapter).folder / name)
            found += [
                (name, line[1:], f"-{line[1:]}" not in taken)
                for line in lines
                if line.startswith("+") and len(line.strip()) > 5
                if here.splitlines().count(line[1:]) == 1
            ]
    return max(found, key=lambda one: one[2])


def text_of(path):
    return path.read_text(encoding="utf-8") if path.is_file() else ""
