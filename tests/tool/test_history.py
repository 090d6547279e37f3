"""The course as a git repository, and read back from it."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.author.adoption import adopt
from course.author.history import export
from course.chapters import Course
from course.errors import CourseError
from course.states import States

from .small import files_of, history_of, told_by, write_commits


def test_export_then_adopt_changes_not_one_byte_of_the_course(real):
    before = files_of(real.root)
    export(real)
    said = adopt(real)
    assert files_of(real.root) == before
    assert said == "Nothing moved: chapters/ already says the same."


def test_two_exports_of_one_tree_have_the_same_commit_ids(real, tmp_path):
    export(real)
    first = history_of(real).git("for-each-ref")
    shutil.rmtree(tmp_path / "build")
    export(real)
    assert history_of(real).git("for-each-ref") == first


def test_every_state_and_chapter_has_a_tag_with_its_files(real):
    export(real)
    trees = States(real).trees
    history = history_of(real)
    tags = {str(state): trees[state] for state in real.states}
    for chapter in real.chapters:
        tags[f"chapter-{chapter.number:02}"] = trees[chapter.last]
    assert sorted(history.git("tag").split()) == sorted(tags)
    for tag, tree in tags.items():
        assert history.git("rev-parse", f"{tag}^{{tree}}").strip() == tree, tag


def test_a_commit_is_the_prose_of_a_block_and_its_diff(small):
    export(small)
    messages = [message for message, _ in told_by(history_of(small))]
    assert messages == [
        "The empty folder",
        "# First\n\nA file.\n\nChapter: 01-one\nStep: first",
        "Another.",
        "## Try it\n\nRead it.",
        "# Second\n\nChange it.\n\nChapter: 01-one\nStep: second",
        "# Third\n\nOnce more.\n\nChapter: 02-two\nStep: third",
    ]


def test_steps_gives_a_commit_for_each_step(small):
    export(small, steps=True)
    history = history_of(small)
    assert history.git("rev-list", "--count", "HEAD").strip() == "4"
    assert told_by(history)[1][0] == (
        "# First\n\nA file.\n\nAnother.\n\n## Try it\n\nRead it.\n\n"
        "Chapter: 01-one\nStep: first"
    )
    with pytest.raises(CourseError, match="a commit for each step"):
        adopt(small)


def test_an_export_again_takes_away_the_tags_of_states_that_are_gone(small):
    export(small)
    shutil.rmtree(small.chapter(2).folder)
    export(Course(small.root))
    tags = history_of(small).git("tag").split()
    assert tags == ["0", "1.1", "1.2", "chapter-01"]


def test_git_sees_nothing_to_commit_after_an_export(small):
    export(small)
    assert history_of(small).git("status", "--porcelain") == ""


@pytest.mark.skipif(os.name == "nt", reason="git bisect run calls a shell")
def test_every_command_of_teaching_with_git_does_what_it_says(real, tmp_path):
    export(real)
    forge = tmp_path / "forge"
    subprocess.run(["git", "init", "--quiet", "--bare", forge], check=True)
    text = (Course().root / "TEACHING.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ (git .*)", text, re.M)
    said = {}
    for command in commands:
        line = command.replace("ADDRESS", str(forge))
        line = line.replace("git difftool", "git difftool -y --extcmd=true")
        done = subprocess.run(
            shlex.split(line, comments=True),
            cwd=history_of(real).folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        said[" ".join(command.split()[1:3])] = done.stdout
    assert len(said) == 9
    assert "is the first with commit" in said["bisect run"]
    refs = subprocess.check_output(["git", "-C", forge, "tag"], text=True)
    assert {str(state) for state in real.steps} <= {*refs.split()}


# What an author does there


def reworded(commits, old, new):
    return [(message.replace(old, new), files) for message, files in commits]


def commits_of(course):
    """The commits of a small course, as `write_commits` takes them."""
    history = history_of(course)
    found = []
    for commit in history.git("rev-list", "--reverse", "HEAD").split():
        names = history.git("ls-tree", "-r", "--name-only", commit).split()
        message = history.git("log", "-1", "--format=%B", commit)
        files = {n: history.git("show", f"{commit}:{n}") for n in names}
        found.append((message.strip("\n"), files))
    return found


def test_a_reworded_message_is_the_new_prose(small):
    commits = reworded(commits_of(small), "Change it.", "Change a line.")
    write_commits(small, commits)
    said = adopt(small)
    page = small.chapter(1).folder / "steps" / "2-second.md"
    assert "\nChange a line.\n\n```diff\n" in page.read_text(encoding="utf-8")
    assert said == "Moved:\n  chapters/01-one/steps/2-second.md"


def test_git_takes_no_heading_for_a_comment(small):
    """It strips comments from a message that has been in an editor."""
    history = history_of(small)
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    told = told_by(history)
    history.git(*name, "-c", "core.editor=true", "commit", "--amend")
    assert told_by(history) == told
    adopt(small)


def test_a_rebase_leaves_every_message_as_it_is(small):
    history = history_of(small)
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    told = told_by(history)
    history.git(*name, "rebase", "--force-rebase", "0")
    assert told_by(history) == told


def test_a_step_keeps_its_name_under_a_new_title(small):
    write_commits(small, reworded(commits_of(small), "# Second", "# Two, now"))
    adopt(small)
    second = Course(small.root).steps[small.state("second")]
    assert (second.page.name, second.title) == ("2-second.md", "Two, now")


def test_a_step_has_another_name_when_its_commit_says_so(small):
    commits = reworded(commits_of(small), "Step: second", "Step: the-other")
    write_commits(small, commits)
    adopt(small)
    pages = [s.page.name for s in Course(small.root).steps.values()]
    assert pages == ["1-first.md", "2-the-other.md", "1-third.md"]


def test_a_step_that_is_split_becomes_two_pages(small):
    commits = commits_of(small)
    commits[2] = ("# Between\n\nIt.\n\nChapter: 01-one", commits[2][1])
    write_commits(small, commits)
    adopt(small)
    pages = [s.page.name for s in Course(small.root).steps.values()]
    assert pages == ["1-first.md", "2-between.md", "3-second.md", "1-third.md"]


def test_a_commit_of_prose_alone_goes_to_the_next_block_of_its_step(small):
    commits = commits_of(small)
    commits.insert(2, ("First a word.", commits[1][1]))
    write_commits(small, commits)
    adopt(small)
    page = small.chapter(1).folder / "steps" / "1-first.md"
    assert "\nFirst a word.\n\nAnother.\n" in page.read_text(encoding="utf-8")


def test_a_removed_step_takes_its_change_out_of_later_snapshots(small):
    history = history_of(small)
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    history.git(*name, "rebase", "--onto", "1.1", "1.2", "main")
    adopt(small)
    snapshot = small.chapter(2).folder / "app.py"
    text = snapshot.read_text(encoding="utf-8")
    assert "by 1.2" not in text
    assert "by 2.1" in text


def test_a_file_that_the_program_made_stays_in_its_snapshot(small):
    kept = small.chapter(1).folder / "instance" / "microblog.db"
    kept.parent.mkdir()
    kept.write_bytes(b"rows")
    lesson = small.chapter(1).lesson
    lesson.write_text("# One\n", encoding="utf-8")
    write_commits(small, reworded(commits_of(small), "Change it.", "Other."))
    adopt(small)
    assert kept.read_bytes() == b"rows"
    assert lesson.read_text(encoding="utf-8") == "# One\n"


# Any series of steps

LINES = st.sampled_from(
    [
        *("a", "b", "c", "", " ", "\tx", "+a", "-b", "--- a/a.py", "# h"),
        *("+++ b/a.py", "@@ -1 +1 @@", "diff --git a/x b/x", "```", "````"),
        *(
            "```diff",
            "\\ No newline at end of file",
            "é",
            "x\r",
            "\u2028",
            ";",
        ),
    ]
)
TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + (end if lines else ""),
    st.lists(LINES, max_size=12),
    st.sampled_from(["\n", "\n", "x"]),
)
WAYS = ["new", "edit", "edit", "remove", "move"]
NAMES = ["a.py", "b.html", "d/a.py", "d/e/c.txt", "a b.css", "é.txt", "Z"]
PROSE = st.lists(
    st.sampled_from(
        [
            "Say why.",
            "```python\nx = 1\n\n\ny = 2\n```",
            "````markdown\n```diff\n-a\n+b\n```\n````",
            "~~~\n```\n~~~",
            "+added\n-removed",
            "--- a/a.py\nand no more",
            "diff --git, it says",
            " diff --git a/a b/a\n --- a/a\n @@ -1 +1 @@\n -x\n +y",
            " ```text\n @@ -1 +1 @@\n -a\n +b\n ```",
            "index 0123456..89abcde 100644",
            "@@ not a hunk @@",
            "- a list\n- of two\n\n  ```diff\n  -x\n  ```",
            "> quoted\n\n    indented\n\n; a comment",
            "## A heading  \nwith two blanks",
            "é \u2028 …",
            "\\ No newline at end of file",
        ]
    ),
    min_size=1,
    max_size=3,
).map("\n\n".join)


@st.composite
def series(draw):
    """Commits of random steps, each a message and the files after it."""
    commits, files = [("The empty folder", {})], {}
    for chapter in range(1, draw(st.integers(1, 3)) + 1):
        for step in range(1, draw(st.integers(1, 2)) + 1):
            start, untouched = set(files), set(files)
            for block in range(draw(st.integers(1, 3))):
                files = draw(changed(files, start, untouched))
                prose = draw(PROSE)
                if not block:
                    title = f"# Step {step}, of {chapter}"
                    prose = f"{title}\n\n{prose}\n\nChapter: 0{chapter}-part"
                    prose += f"\nStep: step-{step}-of-{chapter}"
                commits.append((prose, files))
            if draw(st.booleans()):
                commits.append((draw(PROSE), files))
    return commits


@st.composite
def changed(draw, before, start, untouched):
    """Files after one block.

    A step removes no file that it has touched, and makes none that it has
    removed: see `test_a_file_that_comes_and_goes_in_one_step_is_refused`.
    """
    files = dict(before)
    for way in draw(st.lists(st.sampled_from(WAYS), min_size=1, max_size=2)):
        free = [n for n in NAMES if n not in files and n not in start]
        if way == "edit" and files:
            name = draw(st.sampled_from(sorted(files)))
            files[name] = draw(TEXTS)
            untouched.discard(name)
        elif way == "new" and free:
            files[draw(st.sampled_from(free))] = draw(TEXTS)
        elif way in ("remove", "move") and untouched and free:
            name = draw(st.sampled_from(sorted(untouched)))
            untouched.discard(name)
            text = files.pop(name)
            if way == "move":
                files[draw(st.sampled_from(free))] = text
    if files == before:
        free = [n for n in NAMES if n not in files and n not in start]
        name = min(files, default="") or min(free)
        files[name] = files.get(name, "") + "more\n"
        untouched.discard(name)
    return files


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(series())
def test_adopt_and_export_are_each_others_inverse_for_any_steps(commits):
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "chapters").mkdir()
        course = Course(Path(scratch))
        history = write_commits(course, commits)
        told = told_by(history)
        adopt(course)
        assert told_by(history) == told
        course = Course(Path(scratch))
        before, tip = files_of(course.root), history.tip
        export(course)
        assert history.tip == tip
        adopt(course)
        assert files_of(course.root) == before
        for chapter in course.chapters:
            made = States(course).trees[chapter.last]
            assert States(course).snapshot_tree(chapter) == made
