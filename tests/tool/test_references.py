"""Prose that names steps by number follows them when they move."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from course.author.adoption import adopt
from course.author.amendment import amend
from course.author.history import export
from course.author.references import (
    IN_WORDS,
    NUMBER,
    documents,
    in_cells,
    mentions,
)
from course.author.skeletons import new_step
from course.chapters import ROOT, Course
from course.pages import outside_diffs

from .small import history_of
from .test_history import commits_of, write_commits

VERSION = re.compile(r"(?:\b[A-Z][\w-]*[A-Za-z]|\bgit)\s+(?:Flask-)?$")


def prose_of_the_course():
    """Each text that the tool rewrites, by its path."""
    course, texts = Course(), {}
    pages = [s.page for s in course.steps.values()]
    pages += [course.root / name for name in documents(course.root)]
    for path in pages:
        found = []
        keep = found.append
        text = path.read_text(encoding="utf-8")
        change = in_cells if path.suffix == ".ipynb" else outside_diffs
        change(text, lambda prose, keep=keep: keep(prose) or prose)
        texts[path.relative_to(course.root).as_posix()] = "\n".join(found)
    return texts


PROSE = prose_of_the_course()


@pytest.mark.parametrize("name", PROSE)
def test_a_number_in_prose_is_known_as_a_step_or_is_a_version(name):
    """Else it would be left behind when the steps move."""
    text, steps = PROSE[name], {str(state) for state in Course().steps}
    known = {match.start() for match in mentions(text)}
    for match in NUMBER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        line = f"{before[-40:]}>{match[0]}<{after[:20]}"
        if match[0] in steps and match.start() not in known:
            assert VERSION.search(before), f"step or version? {line}"
        elif match[0] not in steps:
            assert match.start() not in known, f"no such step: {line}"


@pytest.mark.parametrize("name", PROSE)
def test_no_step_is_named_by_its_place_in_a_chapter_alone(name):
    text = IN_WORDS.sub("", PROSE[name])
    assert not re.search(r"\bsteps?[ \n]\d+(?!\.?\d)", text)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Flask 2.3 and WTForms 2.3, `Flask~=2.3`, `Flask==2.3`", []),
        ("version 0.2.3, 2.3.1, 12.345, 2.3rem, git 2.3", []),
        ("steps 2.1,\n2.2 and 2.3", ["2.1", "2.2", "2.3"]),
        ("since Flask 2.3, as step 2.1 says", ["2.1"]),
        ("`make catch-up` and\n`make catch-up 2.4`", ["2.4"]),
        ("`make diff\n1.1`; `make diff 1.1 2.3`", ["1.1", "1.1", "2.3"]),
        ("[2.3](steps/3-log-out.md)", ["2.3"]),
        ("[2.3, 2.1]", []),
        ("$ git log -p --reverse 2.2..2.3  # 2.1", ["2.2", "2.3"]),
        ("$ git show 2.3:app.py", ["2.3"]),
        ('`course.load("2.3")`, a tag `2.3`', ["2.3", "2.3"]),
        ("`…/compare/2.4...2.5`", ["2.4", "2.5"]),
        ("Step 2.3. The end is 2.3.", ["2.3"]),
    ],
)
def test_a_step_is_known_by_what_stands_around_it(text, steps):
    assert [match[0] for match in mentions(text)] == steps


LESSON = """\
# One

1. [First](steps/1-first.md), 2. [Second](steps/2-second.md) and then
   [third](../02-two/steps/1-third.md), not [it](../01-one/README.md).

Steps 1.1 and 1.2; Flask 1.2. It is step 2 of chapter 1.

```console
$ make diff 1.2
```

```diff
-make diff 1.2
+step 1.2
```
"""


@pytest.fixture
def told(small):
    """A small course with a lesson that names its steps, and a README."""
    small.chapter(1).lesson.write_text(LESSON, encoding="utf-8")
    page = small.steps[small.state("third")].page
    text = page.read_text(encoding="utf-8")
    words = (
        "See step 1.2, [second](../../01-one/steps/2-second.md).\n\n```diff"
    )
    page.write_text(text.replace("```diff", words, 1), encoding="utf-8")
    (small.root / "README.md").write_text("`make amend 1.2`\n")
    export(small)
    return Course(small.root)


def text(course, name):
    return (course.root / name).read_text(encoding="utf-8")


def test_a_new_step_moves_what_names_the_later_ones(told):
    said = new_step(told, "1.2", "Between")
    lesson = text(told, "chapters/01-one/README.md")
    assert (
        "[First](steps/1-first.md), 2. [Second](steps/3-second.md)" in lesson
    )
    assert "Steps 1.1 and 1.3; Flask 1.2. It is step 3 of chapter 1" in lesson
    assert "$ make diff 1.3" in lesson
    assert "-make diff 1.2\n+step 1.2\n" in lesson
    page = text(told, "chapters/02-two/steps/1-third.md")
    assert "See step 1.3, [second](../../01-one/steps/3-second.md)." in page
    assert text(told, "README.md") == "`make amend 1.3`\n"
    for name in ("README.md", "chapters/01-one/README.md"):
        assert f"  {name}" in said.splitlines()
    export(Course(told.root))


def test_a_step_that_was_moved_takes_its_number_along(told):
    commits = commits_of(told)
    first, second = commits[1:4], commits[4:5]
    files = [files for _, files in [*first, *second]]
    message = "# Second\n\nA new one.\n\nChapter: 01-one\nStep: second"
    new = [(message, {"new.txt": "new\n"})]
    new += [(m, f | {"new.txt": "new\n"}) for m, f in first]
    message, last = commits[5]
    new.append((message, files[2] | {"new.txt": "new\n"} | last))
    write_commits(told, new)
    adopt(told)
    lesson = text(told, "chapters/01-one/README.md")
    assert (
        "[First](steps/2-first.md), 2. [Second](steps/1-second.md)" in lesson
    )
    assert "Steps 1.2 and 1.1;" in lesson


def test_a_step_that_goes_to_another_chapter_is_followed_by_links(told):
    old = "Chapter: 01-one\nStep: second"
    commits = [
        (message.replace(old, old.replace("01-one", "02-two")), files)
        for message, files in commits_of(told)
    ]
    write_commits(told, commits)
    adopt(told)
    lesson = text(told, "chapters/01-one/README.md")
    assert "[Second](../02-two/steps/1-second.md)" in lesson
    assert "Steps 1.1 and 2.1;" in lesson
    page = text(told, "chapters/02-two/steps/2-third.md")
    assert "See step 2.1, [second](1-second.md)." in page


def test_a_step_that_is_gone_is_left_to_the_author(told):
    here = history_of(told)
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    here.git(*name, "rebase", "--onto", "1.1", "1.2", "main")
    said = adopt(told)
    assert "No more, and left to you:\n" in said
    assert "  chapters/01-one/README.md names step 1.2" in said.splitlines()
    assert "$ make diff 1.2" in text(told, "chapters/01-one/README.md")


# The whole course

NEW_TEST = '''\
"""What the step that was put in must do."""

import pytest


@pytest.mark.since("one-put-in")
def test_the_one_put_in_has_its_own_file(package):
    from pathlib import Path

    folder = Path(package.__file__).parent
    assert (folder / "put-in.txt").exists(), "there is no put-in.txt"
'''


@pytest.fixture
def copied(tmp_path):
    """A copy of the repository as it stands."""
    left = shutil.ignore_patterns(
        *(".venv", ".git", "build", "work", "instance", "__pycache__"),
        *("pictures", ".*_cache"),
    )
    root = tmp_path / "copy"
    shutil.copytree(ROOT, root, ignore=left)
    return Course(root)


def run_pytest(course, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-p", "no:xdist", *arguments],
        cwd=course.root,
        env=os.environ | {"COURSE_ROOT": str(course.root)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_a_step_put_into_the_course_asks_for_its_own_test_and_no_more(copied):
    """Run are the rules that speak of places, and of the matrix the new step
    and the one that it moved; with ALL=1 all rules and the whole matrix.
    """
    chapter = copied.chapters[1]
    after = chapter.steps[1].slug
    at = f"{chapter.number}.2"
    new_step(copied, at, "One put in")
    course = Course(copied.root)
    page = course.steps[course.state("one-put-in")].page
    words = "Say here a little more than ten words about what this one is for."
    page.write_text(f"# One put in\n\n{words}\n\n## Try it\n\nLook.\n")
    here = course.chapters[1].folder
    (here / "microblog" / "put-in.txt").write_text("put in\n")
    tests = course.root / "tests" / "chapters" / here.name
    (tests / "test_put_in.py").write_text(NEW_TEST)
    amend(course, course.state(at))
    add_to_the_lesson(here / "README.md")
    course = Course(copied.root)
    assert course.state("one-put-in") == course.state(at)
    if os.environ.get("ALL"):
        run_pytest(course, "tests/tool/test_rules.py", "tests/chapters")
        return
    rules = "composed or byte_for_byte or git_reads or follows or try or gap"
    about = ["tests/tool/test_rules.py", "tests/tool/test_references.py"]
    run_pytest(course, *about, "-k", f"{rules} or prose or place")
    run_pytest(course, str(tests), "--state", after, "-k", "log or put_in")
    run_pytest(course, str(tests / "test_put_in.py"))


def add_to_the_lesson(lesson):
    text = lesson.read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if line[:4] == "1. [")
    new = f"{first}\n2. [One put in](steps/2-one-put-in.md)"
    lesson.write_text(text.replace(first, new), encoding="utf-8")
