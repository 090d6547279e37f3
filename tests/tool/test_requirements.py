"""What a command installs: what it imports, and no more."""

import re
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course import requirements
from course.chapters import Course

COURSE = Course()
GROUPS = {
    "course": ["tool"],
    "check": ["Py.Test"],
    "book": [{"include-group": "check"}, "sphinx"],
}
LOCK = """\
alone==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:1a \\
    --hash=sha256:1b
    # via one
below==1.0 ; python_full_version < '3.12' \\
    --hash=sha256:2a
    # via alone, py-test
below==2.0 ; python_full_version >= '3.12' \\
    --hash=sha256:2b
    # via alone, py-test
one==1.0 \\
    --hash=sha256:3a
    # via -r chapters/01-a/requirements.txt
py-test==1.0 \\
    --hash=sha256:4a
sphinx==1.0 \\
    --hash=sha256:5a
tool==1.0 \\
    --hash=sha256:6a
two==1.0 \\
    --hash=sha256:7a
"""


@pytest.fixture
def folder(tmp_path):
    """Three chapters: the first needs `one`, the others need `two`."""
    for name, needs in (
        ("01-a", "One~=1.0"),
        ("02-b", "two"),
        ("03-c", "two"),
    ):
        steps = tmp_path / "chapters" / name / "steps"
        steps.mkdir(parents=True)
        (steps / f"1-step-of-{name[3:]}.md").touch()
        (steps.parent / "requirements.txt").write_text(needs)
    groups = "\n".join(
        f"{name} = {lines}".replace("':", "' =")
        for name, lines in GROUPS.items()
    )
    (tmp_path / "pyproject.toml").write_text(f"[dependency-groups]\n{groups}")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "lock.txt").write_text(LOCK)
    return tmp_path


@pytest.fixture
def names(folder):
    def names(*words):
        return " ".join(requirements.needed(folder, folder, words))

    return names


def test_a_chapter_installs_what_it_requires_and_no_other(names):
    assert names("chapter", "1") == "alone below one tool"
    assert names("chapter", "3.1") == "tool two"
    assert names("shell", "step-of-c") == "tool two"


def test_the_first_steps_of_a_chapter_have_what_the_one_before_needs(names):
    assert names("chapter", "2.1") == "alone below one tool two"


def test_a_check_needs_the_chapters_that_were_started(names, folder):
    assert names("check") == "below py-test tool"
    assert names("start", "3") == "below py-test tool two"
    (folder / "work" / "01-a").mkdir(parents=True)
    assert names("check") == "alone below one py-test tool"
    assert names("shell") == "alone below one tool"


def test_what_is_about_every_chapter_needs_them_all(names):
    assert names("walk", "1") == "alone below one py-test sphinx tool two"


@pytest.mark.parametrize("words", ["diff 1 2", "new-step 1.1 two", "nonsense"])
def test_what_runs_no_program_needs_the_tool_alone(names, words):
    assert names(*words.split()) == "tool"


def test_a_package_that_forks_keeps_its_pins_and_their_hashes(folder):
    pins = requirements.needed(folder, folder, ["check"])
    assert pins["below"].count("--hash") == 2
    assert "< '3.12'" in pins["below"]
    assert ">= '3.12'" in pins["below"]


def test_what_is_not_locked_is_said_to_the_author(names, folder):
    listed = folder / "chapters" / "02-b" / "requirements.txt"
    listed.write_text("three")
    with pytest.raises(requirements.Unknown, match="lists `three`") as caught:
        names("chapter", "2")
    assert "Try: make lock" in str(caught.value)


def test_every_command_has_its_needs():
    from course.cli import main

    assert set(requirements.GROUP_OF) == set(main.commands)


@pytest.mark.parametrize("chapter", COURSE.chapters, ids=lambda c: c.name)
def test_the_lock_tells_all_that_a_chapter_brings(chapter):
    """As the packages themselves tell it; an extra may bring some more."""
    words = ["chapter", str(chapter.number)]
    pins = requirements.needed(COURSE.root, COURSE.root, words)
    for name in pins:
        for line in requires(name) or []:
            needed = Requirement(line)
            if not needed.marker or needed.marker.evaluate({"extra": ""}):
                assert canonicalize_name(needed.name) in pins, (
                    f"{name}: {line}"
                )


def test_the_lock_names_no_index_and_hashes_every_package():
    lock = COURSE.root / "requirements" / "lock.txt"
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"-r (/|[A-Z]:)", text), "a path of one machine"
    for name, text in requirements.locked(COURSE.root).items():
        assert "\n    --hash=sha256:" in text, f"{name} has no hash"
