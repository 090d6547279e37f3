"""An edit in a snapshot, carried through the course."""

import os
import re
import shutil
from itertools import count
from pathlib import Path

import pytest

from course import git
from course.author import amendment, transaction
from course.author.adoption import adopt
from course.author.amendment import amend, amend_and_test
from course.author.history import export
from course.chapters import Course, State
from course.errors import CourseError
from course.pages import read_page
from course.states import States

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


# Stopped half-way


GIT = [(git.subprocess, "run")]
FILES = [(os, "replace"), (shutil, "copy"), (Path, "rename"), (Path, "unlink")]


def stop_at(monkeypatch, number, watched):
    """Raise KeyboardInterrupt at one call of what is watched, counted."""
    calls = []

    def stopping(function):
        def call(*arguments, **more):
            calls.append(function)
            if len(calls) == number:
                raise KeyboardInterrupt
            return function(*arguments, **more)

        return call

    for owner, name in watched:
        monkeypatch.setattr(owner, name, stopping(getattr(owner, name)))
    return calls


@pytest.mark.parametrize(("watched", "stride"), [(GIT, 5), (FILES, 1)])
def test_stopped_anywhere_it_leaves_the_tree_as_it_was(
    small, monkeypatch, watched, stride
):
    export(small)
    edit(small, 1, "app.py", "line 5", "line five")
    before = files_of(small.root)
    for number in count(stride, stride):
        with monkeypatch.context() as patch:
            calls = stop_at(patch, number, watched)
            try:
                amend(Course(small.root), FIRST)
            except KeyboardInterrupt:
                where = f"stopped at call {number}"
                assert files_of(small.root) == before, where
            else:
                break
    assert stride < len(calls) < number
    check_composed(small.root)


def test_stopped_while_the_tests_run_it_leaves_the_tree_as_it_was(small):
    edit(small, 1, "app.py", "line 5", "line five")
    before = files_of(small.root)

    def stop(course, moved):
        assert files_of(small.root) != before
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        amend(small, FIRST, stop)
    assert files_of(small.root) == before


def test_stopped_by_ctrl_c_it_says_so(small, monkeypatch, capsys):
    edit(small, 1, "app.py", "line 5", "line five")
    stop_at(monkeypatch, 1, [(amendment, "run_tests")])
    assert amend_and_test(small, FIRST, tests=True) == 130
    assert "chapters/ is as it was, your edit" in capsys.readouterr().out


def test_a_power_cut_is_mended_by_the_next_command(small, monkeypatch, capsys):
    edit(small, 1, "app.py", "line 5", "line five")
    before = files_of(small.root)
    with monkeypatch.context() as patch:
        patch.setattr(transaction, "put_back", lambda root: False)
        stop_at(patch, 3, [(os, "replace")])
        with pytest.raises(KeyboardInterrupt):
            amend(small, FIRST)
    assert files_of(small.root) != before
    transaction.mend(small.root)
    assert files_of(small.root) == before
    assert "was stopped half-way" in capsys.readouterr().out


# The tests at the end


def test_the_tests_run_on_the_amended_course(small, monkeypatch, capsys):
    seen = []

    def run_tests(course):
        seen.append(snapshot(course, 2))
        return 1

    monkeypatch.setattr(amendment, "run_tests", run_tests)
    edit(small, 1, "app.py", "line 5", "line five")
    assert amend_and_test(small, FIRST, tests=True) == 1
    assert "line five" in seen[0]
    said = capsys.readouterr().out
    assert said.startswith("Moved:\n")
    assert "The tests fail. The change is in chapters/" in said


# Each step of the course, with a small change of the kind that authors make:
# where in which file of the snapshot, and what is put in there

HTML = "microblog/templates/"
EDITS = {
    "a-first-page": (
        HTML + "base.html",
        r"url_for\('main.index'\) }}\">",
        "My ",
    ),
    "a-table-of-users": (
        "microblog/models.py",
        r"(?=    password_hash: Mapped)",
        "    about: Mapped[str | None] = mapped_column(String(140))\n",
    ),
    "never-store-a-password": (
        "microblog/models.py",
        r"= generate_password_hash\(",
        "1 * ",
    ),
    "what-a-thief-would-read": (
        HTML + "index.html",
        r'<th scope="col">',
        "My ",
    ),
    "load-the-user": ("microblog/__init__.py", r"except \(", "TypeError, "),
    "log-in": ("microblog/forms.py", r'BooleanField\("', "My "),
    "log-out": (HTML + "base.html", r"<button[^>]*>", "My "),
    "members-only": (HTML + "index.html", r"<h1>", "My "),
    "back-to-where-you-were": (
        "microblog/routes.py",
        r'def stays_here.*\n +"""',
        "My ",
    ),
    "a-registration-form": ("microblog/forms.py", r'EmailField\(\n +"', "My "),
    "register": (HTML + "register.html", r"<button[^>]*>", "My "),
    "no-two-alike": ("microblog/forms.py", r'ValidationError\("', "My "),
}
TAKEN_DOWN = {
    "what-a-thief-would-read": "load-the-user"
}  # whatever 1.4 shows, 2.1 takes down


def test_every_step_of_the_course_has_an_edit_here():
    assert set(EDITS) <= set(Course().slugs)


@pytest.mark.parametrize("text", EDITS)
def test_an_amend_of_a_step_reaches_the_last_snapshot(real, text):
    state, (name, place, words) = real.state(text), EDITS[text]
    old = snapshot(real, state.chapter, name)
    found = re.search(place, old)
    assert found, f"{name} has no {place} any more: mend EDITS"
    new = old[: found.end()] + words + old[found.end() :]
    edit(real, state.chapter, name, old, new)
    (line,) = {*new.splitlines()} - {*old.splitlines()}
    before = files_of(real.root)
    if text in TAKEN_DOWN:
        with pytest.raises(
            CourseError, match=f"^step {real.state(TAKEN_DOWN[text])}, "
        ):
            amend(real, state)
        assert files_of(real.root) == before
    else:
        amend(real, state)
        last = real.chapters[-1].number
        assert line in snapshot(real, last, name).splitlines()
        assert f"+{line}" in page_text(real, state).splitlines()
        check_composed(real.root)
