"""What an author can get wrong, and what is said then."""

import os
import shutil
import subprocess

import pytest

from course import git as git_module
from course.author.adoption import adopt
from course.author.amendment import amend
from course.author.history import export
from course.author.skeletons import new_chapter, new_step
from course.chapters import Course, State
from course.errors import CourseError
from course.states import States

from .small import edit, files_of, history_of, write_commits
from .test_history import commits_of, reworded

FIRST, SECOND, THIRD = State(1, 1), State(1, 2), State(2, 1)


def refused(act, *arguments):
    """What is said to the author; the act changes nothing."""
    course = arguments[0]
    before = files_of(course.root)
    with pytest.raises(CourseError) as stopped:
        act(*arguments)
    assert files_of(course.root) == before
    assert stopped.value.exit_code == 2
    return stopped.value.message


def rewrite(course, state, old, new):
    page = course.steps[state].page
    text = page.read_text(encoding="utf-8")
    assert old in text, text
    page.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


# In a page


def test_a_page_that_does_not_apply_names_the_block_its_line_and_gits_word(
    small,
):
    rewrite(small, SECOND, "-line 2", "-line two")
    said = refused(export, small)
    assert said == (
        "chapters/01-one/steps/2-second.md does not apply: block 1, which "
        "starts on line 6. git said:\n"
        "    error: patch failed: app.py:1\n"
        "    error: app.py: patch does not apply\n"
        "Diffs are git's to write: edit the snapshot, then make amend."
    )


def test_a_diff_that_is_cut_short_names_its_line_in_the_page(small):
    rewrite(small, FIRST, "+line 9\n", "")
    said = refused(export, small)
    assert "block 1, which starts on line 6" in said
    assert "error: corrupt patch at line 19" in said


def test_a_block_without_prose_is_refused(small):
    rewrite(small, FIRST, "\nAnother.\n", "")
    said = refused(export, small)
    assert said == (
        "chapters/01-one/steps/1-first.md block 2, on line 23, has no prose. "
        "Say before it what it is for."
    )


def test_a_title_alone_is_no_prose(small):
    rewrite(small, SECOND, "Change it.\n\n", "")
    assert "block 1, on line 4, has no prose" in refused(export, small)


def test_a_page_without_a_title_is_refused(small):
    rewrite(small, SECOND, "# Second", "Second")
    assert "has no title" in refused(export, small)


def test_a_second_title_is_refused(small):
    rewrite(small, FIRST, "Another.", "# Another\n\nOne.")
    assert "has a second title, “Another”" in refused(export, small)


def test_a_page_keeps_its_name_under_a_new_title(small):
    rewrite(small, SECOND, "# Second", "# Other")
    export(small)
    assert adopt(small).startswith("Nothing moved")


def test_two_steps_of_one_name_are_refused(small):
    steps = small.chapter(2).folder / "steps"
    shutil.copy(steps / "1-third.md", steps / "2-first.md")
    said = refused(export, Course(small.root))
    assert said.startswith("two steps are called “first”:\n")
    assert "chapters/01-one/steps/1-first.md" in said
    assert "chapters/02-two/steps/2-first.md" in said


def test_a_page_that_is_not_utf_8_is_refused(small):
    page = small.steps[SECOND].page
    page.write_bytes(page.read_bytes().replace(b"Change", b"\xe9"))
    assert "is not UTF-8 at its byte 10" in refused(export, small)


def test_two_pages_of_one_number_are_refused(small):
    steps = small.chapter(1).folder / "steps"
    shutil.copy(steps / "2-second.md", steps / "2-other.md")
    said = refused(export, Course(small.root))
    assert "01-one/steps has the pages 1, 2, 2" in said


@pytest.mark.parametrize(
    "prose",
    [
        "```text\n@@ -1 +1 @@\n-a\n+b\n```",
        "```text\n--- a/app.py\n+++ b/app.py\n@@ -1 +1 @@\n-line 1\n+x\n```",
        "```text\ndiff --git a/x b/x\nnew file mode 100644\n```",
    ],
)
def test_prose_that_git_reads_as_a_diff_is_refused(small, prose):
    rewrite(small, SECOND, "Change it.", f"Change it.\n\n{prose}")
    first = prose.splitlines()[1]
    said = refused(export, small)
    assert (
        f"has prose on line 6 that git reads as a diff:\n    {first}" in said
    )
    assert "Put one blank before it" in said


def write_bytes(path, old, new):
    text = path.read_bytes()
    assert old in text
    path.write_bytes(text.replace(old, new))


every_command = pytest.mark.parametrize(
    ("act", "more"),
    [
        (export, ()),
        (amend, (FIRST,)),
        (new_step, ("2.1", "New")),
        (new_chapter, ("03-three", "New")),
    ],
)


@every_command
def test_a_fence_that_was_not_closed_loses_no_prose(small, act, more):
    """The next block, and the words before it, are in the first one's."""
    page = small.steps[FIRST].page
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("```\n\nAnother.", "\nAnother.", 1))
    edit(small, 1, "app.py", "line 5", "line five")
    said = refused(act, small, *more)
    assert "1-first.md has on line 20 what is not git's diff" in said
    assert "Is a closing ``` missing above it?" in said


@pytest.mark.parametrize("line", ["Note to self", "    code", "", "--- a/x"])
def test_a_line_in_a_diff_that_is_not_gits_is_refused(small, line):
    rewrite(small, SECOND, "+++ b/app.py\n", f"+++ b/app.py\n{line}\n")
    assert "2-second.md" in refused(export, small)


def test_a_fence_of_four_that_three_do_not_close_is_refused(small):
    rewrite(small, FIRST, "```diff", "````diff")
    assert "1-first.md" in refused(export, small)


@pytest.mark.parametrize("line", ["% of all", "+++", "  %", "+++ b"])
def test_prose_that_the_book_would_leave_out_is_refused(small, line):
    rewrite(small, SECOND, "Change it.", f"Change it, 50\n{line} logins.")
    said = refused(export, small)
    assert "2-second.md has prose on line 4 that the book takes" in said


def test_in_a_fence_such_a_line_is_text(small):
    words = "Change it.\n\n```text\n% of all\n+++\n```"
    rewrite(small, SECOND, "Change it.", words)
    export(small)


def test_a_page_with_the_line_ends_of_windows_says_so(small):
    page = small.steps[SECOND].page
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    said = refused(export, small)
    assert "2-second.md does not apply: block 1" in said
    assert "Its lines end as on Windows" in said
    with pytest.raises(CourseError, match="Its lines end as on Windows"):
        States(small).folder(SECOND)


def test_a_snapshot_with_the_line_ends_of_windows_says_so(small):
    path = small.chapter(1).folder / "app.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    said = refused(amend, small, FIRST)
    assert said.startswith("chapters/01-one/app.py cannot be put into a step.")
    assert "(CRLF)" in said


def test_a_page_whose_diff_was_edited_is_named_and_not_the_next(small):
    for words in (["init", "-q"], ["add", "."], [*NAME, "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=small.root, check=True)
    rewrite(small, FIRST, "+line 2\n", "+line two\n")
    said = refused(export, small)
    assert "2-second.md does not apply" in said
    assert "diffs of chapters/01-one/steps/1-first.md are not those of" in said
    assert said.endswith("make amend 1.1")


NAME = ["-c", "user.name=a", "-c", "user.email=a@example.com"]


def test_states_before_a_page_that_does_not_apply_are_there(small):
    rewrite(small, SECOND, "-line 2", "-line two")
    states = States(Course(small.root))
    assert (states.folder(FIRST) / "app.py").is_file()
    with pytest.raises(CourseError, match=r"2-second\.md does not apply"):
        states.folder(THIRD)


def test_a_word_of_prose_does_not_apply_the_pages_anew(small, monkeypatch):
    export(small)
    rewrite(small, FIRST, "A file.", "A word more.")
    monkeypatch.delattr(States, "apply")
    assert States(Course(small.root)).trees.keys() == {*small.states}


def test_a_diff_after_what_to_try_is_refused(small):
    rewrite(small, FIRST, "Another.", "## Try it\n\nAnother.")
    assert "has a diff after ## Try it: block 2" in refused(export, small)


def test_the_first_diff_goes_before_what_to_try(small):
    new_step(small, "2.2", "Last")
    course = Course(small.root)
    page = course.steps[State(2, 2)].page
    page.write_text("# Last\n\nIt.\n\n## Try it\n\nLook.\n")
    edit(course, 2, "app.py", "line 5", "line five")
    amend(course, State(2, 2))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Last\n\nIt.\n\n```diff\n")
    assert text.endswith("```\n\n## Try it\n\nLook.\n")


def test_a_refactoring_step_is_a_step(small):
    new_step(small, "2.2", "Move")
    course = Course(small.root)
    page = course.steps[State(2, 2)].page
    page.write_text("# Move\n\n**A refactoring step.** It moves.\n")
    edit(course, 2, "app.py", "line 5", "line five")
    amend(course, State(2, 2))
    assert Course(small.root).steps[State(2, 2)].is_refactoring


# In build/history


def test_a_message_that_git_reads_as_a_diff_is_refused(small):
    new = "Change it.\n\n```text\n@@ -1 +1 @@\n-a\n+b\n```"
    write_commits(small, reworded(commits_of(small), "Change it.", new))
    assert "2-second.md has prose on line 6" in refused(adopt, small)


@pytest.mark.parametrize("fence", ["```diff\n-a\n+b\n```", "```text\nopen"])
def test_a_message_whose_fence_cuts_the_page_is_refused(small, fence):
    new = f"Change it.\n\n{fence}"
    write_commits(small, reworded(commits_of(small), "Change it.", new))
    assert "“Second” would not have the blocks" in refused(adopt, small)


def test_a_file_that_comes_and_goes_in_one_step_is_refused(small):
    commits = commits_of(small)
    message, files = commits[-1]
    commits.insert(-1, (message, files | {"gone.txt": "gone\n"}))
    commits[-1] = ("And away.", files)
    write_commits(small, commits)
    said = refused(adopt, small)
    assert "1-third.md says one thing to a reader and another to git" in said


def test_a_message_left_empty_is_refused(small):
    write_commits(small, reworded(commits_of(small), "Another.", ""))
    said = refused(adopt, small)
    assert "1-first.md block 2, on line 23, has no prose" in said


def test_a_fixup_that_was_not_folded_is_refused(small):
    commits = reworded(commits_of(small), "Another.", "fixup! # First")
    write_commits(small, commits)
    assert "--autosquash" in refused(adopt, small)


def test_a_step_of_no_chapter_is_refused(small):
    commits = reworded(
        commits_of(small), "\n\nChapter: 01-one\nStep: second", ""
    )
    write_commits(small, commits)
    said = refused(adopt, small)
    assert "is not clear about its step" in said
    assert "ends with a line such as Chapter: 01-hashing" in said


def test_a_chapter_that_is_named_by_a_later_commit_is_refused(small):
    new = "Another.\n\nChapter: 01-one"
    write_commits(small, reworded(commits_of(small), "Another.", new))
    assert "is not clear about its step" in refused(adopt, small)


def test_steps_in_the_wrong_order_are_refused(small):
    commits = reworded(commits_of(small), "01-one", "03-three")
    write_commits(small, commits)
    assert "stands after a step of 03-three" in refused(adopt, small)


def test_a_chapter_with_no_step_left_is_refused(small):
    write_commits(small, commits_of(small)[:-1])
    said = refused(adopt, small)
    assert "belongs to 02-two any more" in said
    assert "remove its folder" in said


def test_a_file_that_belongs_to_the_lesson_is_refused(small):
    commits = commits_of(small)
    commits[-1][1]["README.md"] = "mine\n"
    write_commits(small, commits)
    said = refused(adopt, small)
    assert said.startswith("a step of 02-two changes\n    README.md\n")


def test_a_file_that_is_not_text_is_refused(small):
    commits = commits_of(small)
    commits[-1][1]["logo.png"] = "\0"
    write_commits(small, commits)
    said = refused(adopt, small)
    assert "1-third.md would hold in block 1, on line 6, more than" in said
    assert "b/logo.png" in said
    assert "SVG" in said


def test_a_step_whose_first_commit_was_dropped_is_not_joined_unseen(small):
    commits = commits_of(small)
    _, files = commits[4]
    commits[4] = ("Change it.", files)
    write_commits(small, commits)
    assert "has a diff after ## Try it" in refused(adopt, small)


def test_a_symbolic_link_in_a_commit_is_refused(small):
    here = history_of(small)
    (here.folder / "link").symlink_to("app.py")
    here.git("add", ".")
    here.git(*NAME, "commit", "-m", "A link.")
    said = refused(adopt, small)
    assert "1-third.md would hold in block 2, on line 21, more than" in said
    assert "b/link\nnew file mode 120000" in said


def test_two_commits_that_start_one_step_are_refused(small):
    commits = commits_of(small)
    _, files = commits[2]
    commits[2] = ("# Again\n\nIt.\n\nChapter: 01-one\nStep: first", files)
    write_commits(small, commits)
    assert refused(adopt, small).startswith("two steps are called “first”")


def test_a_name_that_no_page_can_have_is_refused(small):
    commits = reworded(commits_of(small), "Step: second", "Step: ../second")
    write_commits(small, commits)
    assert "has no name for its step" in refused(adopt, small)


def test_a_merge_is_refused(small):
    here = history_of(small)
    tree = here.git("rev-parse", "HEAD^{tree}").strip()
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    merge = here.git(
        *(*name, "commit-tree", tree, "-m", "Merge", "-p", "HEAD", "-p", "1.1")
    )
    here.git("reset", "--hard", merge.strip())
    assert "is a merge" in refused(adopt, small)


def half_way(course):
    """Leave a rebase where git met a conflict."""
    edit(course, 1, "app.py", "line 8", "line eight")
    refused(amend, course, FIRST)


@pytest.mark.parametrize("act", [export, adopt])
def test_a_rebase_left_half_way_is_said(small, act):
    half_way(small)
    said = refused(act, small)
    assert said.startswith("a rebase is half-way in build/history.")
    assert "git rebase --continue" in said
    assert "git rebase --abort" in said
    assert refused(amend, small, FIRST) == said


@pytest.mark.parametrize("act", [export, adopt])
def test_files_that_no_commit_holds_are_said(small, act):
    (history_of(small).folder / "new.txt").write_text("new")
    said = refused(act, small)
    assert "build/history has 1 file that no commit holds:" in said
    assert "new.txt" in said


def test_commits_that_were_not_adopted_are_not_lost(small):
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    here = history_of(small)
    here.git(
        *name, "commit", "--amend", "-m", "# Third\n\nNew.\n\nChapter: 02-two"
    )
    for act in (export, lambda course: amend(course, FIRST)):
        said = refused(act, small)
        assert "build/history has commits that chapters/ does not have" in said
        assert "make adopt" in said
    adopt(small)
    page = Course(small.root).steps[THIRD].page
    assert "\nNew.\n" in page.read_text(encoding="utf-8")


def test_looking_at_a_state_is_no_work_to_adopt(small):
    history_of(small).git("checkout", "--quiet", "1.1")
    assert "no branch checked out" in refused(adopt, small)
    export(small)
    assert adopt(small).startswith("Nothing moved")


def test_commits_dropped_from_main_are_work_to_adopt(small):
    history_of(small).git("reset", "--quiet", "--hard", "1.2")
    assert "To take them over: make adopt" in refused(export, small)


def test_adopt_would_not_undo_a_change_in_chapters(small):
    rewrite(small, SECOND, "Change it.", "Changed in the page.")
    said = refused(adopt, small)
    assert "01-one/steps/2-second.md" in said
    assert "git stash" in said


def test_adopt_without_history_is_told_to_make_it(small):
    shutil.rmtree(small.root / "build")
    assert refused(adopt, small).endswith("Try: make history")


# In a snapshot


def test_history_leaves_no_edit_behind(small):
    edit(small, 1, "app.py", "line 5", "line five")
    said = refused(export, small)
    assert "01-one holds what none of its steps makes:\n    app.py" in said
    assert "make amend 1.2" in said


def test_an_edit_in_two_chapters_at_once_is_refused(small):
    edit(small, 1, "app.py", "line 5", "line five")
    edit(small, 2, "app.py", "line 6", "line six")
    said = refused(amend, small, FIRST)
    assert said.startswith("step 1.1 takes an edit in chapters/01-one")
    assert "02-two/app.py" in said
    assert "git stash push" in said


def test_an_edit_in_another_chapter_names_it(small):
    edit(small, 2, "app.py", "line 6", "line six")
    said = refused(amend, small, FIRST)
    assert "there is one in\n    02-two/app.py" in said
    assert "make amend 2.1" in said


def test_no_edit_at_all_says_where_to_edit(small):
    said = refused(amend, small, SECOND)
    assert "Edit the program in chapters/01-one" in said


def test_a_step_that_does_not_exist_is_said(small):
    with pytest.raises(CourseError, match=r"chapter 1 has no step 9"):
        small.state("1.9")


@pytest.mark.parametrize("data", [b"\x89PNG\0", b"\xe9"])
def test_a_file_that_is_not_text_is_named_with_a_way_out(small, data):
    (small.chapter(1).folder / "logo.png").write_bytes(data)
    said = refused(amend, small, FIRST)
    assert said.startswith("chapters/01-one/logo.png is no text")
    assert "SVG" in said


def test_a_link_or_a_repository_in_a_snapshot_is_refused(small):
    link = small.chapter(1).folder / "link"
    link.symlink_to("app.py")
    assert "01-one/link is a symbolic link" in refused(amend, small, FIRST)
    link.unlink()
    subprocess.run(["git", "init", "-q", link], check=True)
    (link / "x").write_text("x")
    for words in (["add", "."], [*NAME, "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=link, check=True)
    assert "is a symbolic link or a repository" in refused(amend, small, FIRST)


def test_what_editors_leave_is_no_part_of_a_program(small):
    for name in (".app.py.swp", "app.py~", ".DS_Store", "a.orig", "a.rej"):
        (small.chapter(1).folder / name).write_bytes(b"\0")
    assert "no snapshot was edited" in refused(amend, small, FIRST)
    edit(small, 1, "app.py", "line 5", "line five")
    amend(small, FIRST)
    assert "~" not in "".join(os.listdir(small.chapter(2).folder))


def test_a_name_with_an_umlaut_is_shown_as_it_is(small):
    path = small.chapter(1).folder / "grüße.txt"
    path.write_text("x\n")
    amend(small, FIRST)
    page = small.steps[FIRST].page.read_text(encoding="utf-8")
    assert "+++ b/grüße.txt\n" in page


@pytest.mark.skipif(os.name == "nt", reason="there is no such mode")
def test_a_change_of_mode_is_called_one(small):
    path = small.chapter(1).folder / "app.py"
    path.chmod(0o755)
    said = amend(small, SECOND)
    assert "2-second.md  (the mode of a file)" in said
    assert os.access(small.chapter(2).folder / "app.py", os.X_OK)


# Git itself


def test_no_git_is_said(small, monkeypatch, tmp_path):
    git_module.check_version.cache_clear()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        assert "git was not found" in refused(export, small)
    git_module.check_version.cache_clear()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_stand_in_for_git_is_no_git(small, monkeypatch, tmp_path):
    """What a Mac has, until the command line tools are installed."""
    stub = tmp_path / "git"
    stub.write_text("#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)
    git_module.check_version.cache_clear()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        assert "git was not found" in refused(export, small)
    git_module.check_version.cache_clear()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_git_that_is_too_old_is_said(small, monkeypatch, tmp_path):
    old = tmp_path / "git"
    old.write_text("#!/bin/sh\necho git version 2.17.1\n")
    old.chmod(0o755)
    git_module.check_version.cache_clear()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        said = refused(export, small)
    git_module.check_version.cache_clear()
    assert said.startswith("git 2.17.1 is too old")


# New steps and chapters


def test_a_new_step_can_be_written_and_then_amended(small):
    said = new_step(small, "1.2", "In between")
    assert "  chapters/01-one/steps/3-second.md  (new)" in said.splitlines()
    assert "make amend 1.2" in said
    course = Course(small.root)
    names = [step.page.name for step in course.steps.values()]
    assert names[:3] == ["1-first.md", "2-in-between.md", "3-second.md"]
    edit(course, 1, "app.py", "line 5", "line five")
    amend(course, SECOND)
    page = course.steps[SECOND].page.read_text(encoding="utf-8")
    assert page.startswith("# In between\n\nSay here")
    assert "+line five" in page


def test_a_new_step_at_the_end_of_a_chapter_moves_nothing(small):
    said = new_step(small, "2.2", "Last")
    assert "(removed)" not in said
    assert (small.chapter(2).folder / "steps" / "2-last.md").is_file()
    export(Course(small.root))


def test_a_new_chapter_starts_from_the_program_of_the_last(small):
    new_chapter(small, "03-three", "Go on")
    course = Course(small.root)
    assert course.chapter(3).last == State(3, 1)
    chapters = [course.chapter(n).folder / "app.py" for n in (2, 3)]
    assert chapters[0].read_bytes() == chapters[1].read_bytes()
    edit(course, 3, "app.py", "line 5", "line five")
    amend(course, State(3, 1))
    assert adopt(Course(small.root)).startswith("Nothing moved")


def test_the_lesson_of_a_new_chapter_has_the_headings_of_the_others(small):
    new_chapter(small, "03-three", "Go on")
    lines = small.root.joinpath("chapters/03-three/README.md").read_text()
    ours = [line for line in lines.splitlines() if line[:1] == "#"]
    for chapter in Course().chapters:
        text = chapter.lesson.read_text(encoding="utf-8").splitlines()
        assert set(ours[1:]) <= set(text), chapter.name
    assert ours[0] == "# Chapter 3: Three"


@pytest.mark.parametrize(
    ("text", "title", "said"),
    [
        ("2", "A title", "“2” is not a step"),
        ("2.4", "A title", "a new one is 2.1 to 2.2"),
        ("9.1", "A title", "chapter 9 does not exist"),
        ("2.2", "…", "it has no letter or digit"),
        ("2.2", "First!", "there is a step\nof that name already"),
    ],
)
def test_a_step_that_cannot_be_made_is_said(small, text, title, said):
    assert said in refused(new_step, small, text, title)


@pytest.mark.parametrize("name", ["02-two", "04-four", "three", "03-Three"])
def test_a_chapter_that_cannot_be_the_next_is_said(small, name):
    assert "make new-chapter 03-name" in refused(
        new_chapter, small, name, "A title"
    )
