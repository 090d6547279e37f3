"""What must always hold of the chapters, the pages and the snapshots."""

import ast
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from course.chapters import Course
from course.git import git
from course.pages import fences, read_page, slug_of, write_page
from course.states import States

COURSE = Course()
STATES = States(COURSE)
STEPS = list(COURSE.steps.values())
CHAPTERS = COURSE.chapters


def name_of(thing):
    return str(getattr(thing, "state", None) or thing.name)


each_step = pytest.mark.parametrize("step", STEPS, ids=name_of)
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=name_of)


def text_of(step):
    return step.page.read_text(encoding="utf-8")


def page_of(step):
    return read_page(text_of(step))


# 1. Composed


@each_chapter
def test_applying_every_step_gives_the_snapshot_byte_for_byte(chapter):
    composed = STATES.trees[chapter.last]
    stands = STATES.snapshot_tree(chapter)
    change = git("diff", composed, stands, folder=STATES.repository)
    assert composed == stands, f"{chapter.folder.name} differs:\n{change}"


@each_step
def test_git_reads_in_a_page_what_its_blocks_say(step, tmp_path):
    """Prose is prose to git too: block by block gives the same tree."""
    kept = {"folder": STATES.repository, "index": tmp_path / "index"}
    git("read-tree", STATES.trees[COURSE.before(step.state)], **kept)
    for block in page_of(step).blocks:
        git("apply", "--cached", stdin=block.diff.encode(), **kept)
    assert git("write-tree", **kept).strip() == STATES.trees[step.state]


# 2. Explained


@each_step
def test_every_diff_follows_prose_of_its_own(step):
    page = page_of(step)
    assert page.blocks, f"{step.page.name} changes nothing"
    for number, block in enumerate(page.blocks, 1):
        words = len(block.words.removeprefix(f"# {page.title}").split())
        assert words >= 10, (
            f"block {number} of {step.page.name}: {words} words"
        )


@each_step
def test_a_page_ends_with_something_to_try(step):
    assert page_of(step).after.startswith("## Try it\n\n")


def test_every_step_has_a_name_of_its_own():
    names = [step.slug for step in STEPS]
    assert [slug_of(name) for name in names] == names
    assert len({*names}) == len(names)


@each_step
def test_a_page_is_written_in_one_form(step):
    assert write_page(page_of(step)) == text_of(step)


@each_step
def test_a_step_is_not_two_steps(step):
    typed = [b.diff for b in page_of(step).blocks if not b.given]
    added = re.findall(r"^\+(?!\+\+ b/).*\S", "".join(typed), re.M)
    assert len(added) <= 80, f"{len(added)} lines are typed"


@each_chapter
def test_a_file_that_is_given_is_typed_by_no_step_of_its_chapter(chapter):
    blocks = [b for step in chapter.steps for b in page_of(step).blocks]
    given = {name for b in blocks if b.given for name in b.files}
    typed = {name for b in blocks if not b.given for name in b.files}
    assert not given & typed


def diffs(step):
    return [block.diff for block in page_of(step).blocks]


@pytest.mark.parametrize("primer", COURSE.primers, ids=lambda p: p.stem)
def test_an_example_of_a_change_is_one_of_the_course(primer):
    text = primer.read_text(encoding="utf-8")
    shown = [t.content for name, t in fences(text) if name == "diff"]
    made = "".join(diff for step in STEPS for diff in diffs(step))
    assert shown
    for diff in shown:
        assert diff in made, f"no step makes the change\n{diff}"


@each_chapter
def test_steps_are_numbered_without_a_gap(chapter):
    numbers = [step.state.step for step in chapter.steps]
    assert numbers == list(range(1, len(numbers) + 1))


# 4. Red, then green

TESTS = COURSE.root / "tests" / "chapters"
SOURCES = [p.read_text(encoding="utf-8") for p in TESTS.rglob("test_*.py")]
TURNED = {
    slug
    for source in SOURCES
    for slug in re.findall(r'mark\.since\(\s*"([^"]+)"', source)
}
NAMES = [n for s in SOURCES for n in re.findall(r"^def (test_\w+)", s, re.M)]


@each_step
def test_a_step_turns_a_test_green_and_a_refactoring_step_none(step):
    assert (step.slug in TURNED) != bool(step.is_refactoring)


def test_no_two_tests_have_one_name():
    assert len(set(NAMES)) == len(NAMES)


def test_a_test_is_about_a_chain_of_evidence_that_there_is():
    written = [p.read_text(encoding="utf-8") for p in TESTS.rglob("*.py")]
    named = {n for s in written for n in re.findall(r'about="([^"]+)"', s)}
    made = [
        n for s in written for n in re.findall(r"^@chain\((.+)\)", s, re.M)
    ]
    assert named <= set(re.findall(r'"([^"]+)"', "".join(made)))


# 5. Alone

STDLIB = sys.stdlib_module_names
RUN = {"gunicorn", "requests"}  # and imported by others, if at all


def imports_of(folder):
    """The top-level packages that a program imports, its own left out."""
    found = set()
    for path in folder.rglob("*.py"):
        depth = len(path.relative_to(folder).parts) - 1
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level <= depth, f"{path}: {ast.unparse(node)}"
                found |= set() if node.level else {node.module.split(".")[0]}
    own = found & {path.stem for path in folder.iterdir()}
    assert not own, f"imports inside a program are relative: {own}"
    return found - STDLIB


@each_step
def test_requirements_name_what_is_imported_and_nothing_else(step):
    listed, imported = listed_and_imported(STATES.folder(step.state))
    assert imported <= listed <= imported | RUN


distributions = cache(packages_distributions)


def listed_and_imported(folder):
    """The distributions that a program's requirements name, and it imports."""
    listed = {
        canonicalize_name(re.match(r"[\w.-]+", line)[0])
        for line in (folder / "requirements.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    }
    owners = distributions()
    imported = {
        canonicalize_name(owners[package][0]) for package in imports_of(folder)
    }
    return listed, imported


# 6. Fits


@each_step
def test_no_line_of_a_diff_is_over_80_columns(step):
    """Git's own `diff --git` line repeats a name that stands below it."""
    for diff in diffs(step):
        for line in diff.splitlines():
            if not line.startswith("diff --git"):
                assert len(line) <= 80, line


@each_chapter
def test_no_line_of_a_snapshot_is_over_80_columns(chapter):
    for path in Path(chapter.folder).rglob("*"):
        if path.suffix in {".py", ".html", ".css", ".js", ".txt"}:
            for line in path.read_text(encoding="utf-8").splitlines():
                assert len(line) <= 80, f"{path}: {line}"


# The tools agree


@pytest.mark.parametrize("check", [["check"], ["format", "--check"]])
def test_ruff_finds_nothing_to_mend(check):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *check, "."],
        cwd=COURSE.root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@each_step
def test_ruff_would_not_write_a_state_in_another_way(step):
    """Formatting on save must not change what a student follows."""
    folder = STATES.folder(step.state)
    settings = ["--config", str(COURSE.root / "pyproject.toml")]
    command = [sys.executable, "-m", "ruff", "format", "--diff", *settings]
    done = subprocess.run(
        [*command, str(folder)], capture_output=True, text=True
    )
    assert "already formatted" in done.stderr, done.stdout + done.stderr
