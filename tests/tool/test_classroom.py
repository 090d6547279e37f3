"""A class: what is handed in, how it is marked, and the table of it."""

import csv
import io
import os
import shutil
import stat
import subprocess
import zipfile
from datetime import datetime

import pytest
from click.testing import CliRunner

from course import cli
from course.classroom import marking, plain
from course.classroom.hand_ins import HandIn, hand_ins
from course.classroom.marking import Mark, marks
from course.classroom.marks import mark_class, places
from course.classroom.points import worth
from course.classroom.table import Table
from course.errors import CourseError
from course.states import States

from .tiny import GREET, HELLO, tiny_course

LOUD = GREET.replace("name.title()", "name.upper()")
START = "def make_app():\n"


def hostile(line):
    return GREET.replace(START, f"{START}    import os, time\n    {line}\n")


HOSTILE = {
    "loops": hostile("while True: pass"),
    "forks": hostile("[os.fork() or time.sleep(900) for _ in range(40)]"),
    "prints": hostile("while True: print('x' * 10_000)"),
    "writes one line": hostile(
        "for n in range(3, 9):\n"
        "        try: [os.write(n, b'x' * 10_000) for _ in range(400)]\n"
        "        except OSError: pass"
    ),
    "leaves": hostile("os._exit(0)"),
    "is no program": "\0" * 1000,
}
RIGHT = {"done": GREET, "begun": HELLO, "worked": LOUD}


@pytest.fixture
def tiny(copy_of, tmp_path):
    return copy_of(tiny_course, tmp_path / "course")


@pytest.fixture
def folder(tmp_path):
    """The folder of a class: a student's program in each of its folders."""
    for name, program in (RIGHT | HOSTILE).items():
        path = tmp_path / "class" / name / "01-hello" / "tiny" / "__init__.py"
        path.parent.mkdir(parents=True)
        path.write_text(program, encoding="utf-8")
    return tmp_path / "class"


@pytest.fixture
def workspace_of(tiny, tmp_path):
    """A function: the files of what a folder or a file hands in."""

    def workspace_of(path):
        (scratch := tmp_path / "scratch").mkdir()
        hand_in = HandIn("ada", path)
        found, changed = hand_in.workspace(tiny, tiny.chapter(1), scratch)
        files = [p.relative_to(found.folder) for p in found.files()]
        return [p.as_posix() for p in files], changed

    return workspace_of


# Marking


def test_one_hostile_hand_in_stops_no_other(tiny, folder, monkeypatch):
    monkeypatch.setattr(marking, "LIMIT", 1)
    found = marks(tiny, tiny.chapter(1), hand_ins(folder))
    said = {mark.name: mark for mark in found}
    both = {"say-hello", "greet-by-name"}
    assert list(said) == sorted(RIGHT | HOSTILE)
    assert said["done"].done == both
    assert said["begun"].done == {"say-hello"}
    assert (
        "step 1.2 Greet by name: Whoever gives a name" in said["begun"].first
    )
    assert said["worked"].done == {*both, "be-loud"}
    for name in HOSTILE:
        assert said[name].first or said[name].done == both, name
    for name in ("loops", "prints", "leaves", "is no program"):
        assert not said[name].done, name


def test_a_hand_in_has_so_much_time_in_all(tiny, folder, monkeypatch):
    monkeypatch.setattr(marking, "TOTAL", {"steps": 1, "exercises": 1})
    (mark,) = marks(tiny, tiny.chapter(1), [HandIn("loops", folder / "loops")])
    assert not mark.done
    assert mark.first.startswith("step 1.1 Say hello")


def test_hidden_checks_count_and_have_the_fixtures(tiny, folder, tmp_path):
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "test_mine.py").write_text(
        "import pytest\n"
        '@pytest.mark.since("greet-by-name")\n'
        "def test_the_name_has_a_mark(ask):\n"
        '    assert "Ada!" in ask("ada"), "no mark"\n',
        encoding="utf-8",
    )
    one = [HandIn("done", folder / "done")]
    hidden = tmp_path / "hidden"
    (mark,) = marks(tiny, tiny.chapter(1), one, hidden)
    assert mark.done == {"say-hello"}
    assert mark.first == "step 1.2 Greet by name: The name has a mark"


MANY = """
import pytest


@pytest.mark.holds_from("greet-by-name")
@pytest.mark.parametrize("name", ["ada", "bob"])
def test_everyone_is_greeted(ask, name):
    assert name.title() in ask(name), "no name"
"""


def test_one_example_is_enough_of_what_earlier_chapters_brought(
    tiny, tmp_path
):
    tests = tiny.root / "tests" / "chapters" / "01-hello" / "test_many.py"
    tests.write_text(MANY, encoding="utf-8")
    place = tmp_path / "class" / "ada" / "02-count"
    states = States(tiny)
    states.write_files(states.trees[tiny.chapter(2).last], place)
    file = place / "tiny" / "__init__.py"
    text = file.read_text(encoding="utf-8")
    chapter, found = tiny.chapter(2), hand_ins(tmp_path / "class")
    file.write_text(text.replace("{name.title()}", "Ada"), encoding="utf-8")
    (mark,) = marks(tiny, chapter, found)
    assert mark.done == {step.slug for step in chapter.steps}
    file.write_text(text.replace("{name.title()}", "Bob"), encoding="utf-8")
    (mark,) = marks(tiny, chapter, found)
    assert "step 1.2 Greet by name" in mark.first


# What is handed in


def test_a_workspace_is_found_where_students_have_it(tiny, folder, tmp_path):
    program = folder / "done" / "01-hello"
    for place in ("a", "b/01-hello", "c/work/01-hello", "d/any/01-hello"):
        (path := tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(program, path)
        (scratch := tmp_path / f"scratch-{place[0]}").mkdir()
        hand_in = HandIn("x", tmp_path / place.partition("/")[0])
        found, _ = hand_in.workspace(tiny, tiny.chapter(1), scratch)
        assert (found.folder / "tiny" / "__init__.py").is_file(), place


def test_the_courses_own_chapters_in_a_clone_are_not_the_students(
    tiny, tmp_path
):
    (scratch := tmp_path / "scratch").mkdir()
    with pytest.raises(plain.Unreadable, match="nothing of chapter 1"):
        HandIn("x", tiny.root).workspace(tiny, tiny.chapter(1), scratch)


def test_no_link_leads_out_of_a_hand_in(workspace_of, folder, tmp_path):
    (tmp_path / "secret").write_text("mine")
    own = folder / "done" / "01-hello"
    (own / "file").symlink_to(tmp_path / "secret")
    (own / "all").symlink_to("/")
    (own / "round").symlink_to(own)
    os.mkfifo(own / "pipe")
    files, _ = workspace_of(folder / "done")
    assert files == ["tiny/__init__.py"]


def test_a_hand_in_that_is_a_link_itself_holds_nothing(workspace_of, folder):
    (folder / "x").mkdir()
    (folder / "x" / "01-hello").symlink_to(folder / "done" / "01-hello")
    with pytest.raises(plain.Unreadable):
        workspace_of(folder / "x")


def test_so_many_files_are_read_and_no_more(workspace_of, folder, monkeypatch):
    (folder / "done" / "01-hello" / "more.txt").touch()
    monkeypatch.setattr(plain, "MOST_FILES", 1)
    with pytest.raises(plain.Unreadable, match="over 1 files"):
        workspace_of(folder / "done")


def zipped(path, **files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_file_is_unpacked_with_the_times_in_it(workspace_of, tmp_path):
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w") as archive:
        when = (2026, 11, 20, 23, 10, 0)
        entry = zipfile.ZipInfo("01-hello/tiny/__init__.py", when)
        archive.writestr(entry, GREET)
    assert workspace_of(path) == (["tiny/__init__.py"], datetime(*when))


def test_a_file_writes_nowhere_else_and_makes_no_link(workspace_of, tmp_path):
    path = zipped(
        tmp_path / "ada.zip",
        **{"01-hello/tiny/__init__.py": GREET, "01-hello/../../../x": "x"},
    )
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("01-hello/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    files, _ = workspace_of(path)
    assert files == ["tiny/__init__.py"]
    assert not list(tmp_path.rglob("x"))


def test_a_file_that_grows_without_end_is_not_unpacked(
    workspace_of, tmp_path, monkeypatch
):
    monkeypatch.setattr("course.classroom.packed.MOST_BYTES", 1000)
    bomb = {"01-hello/tiny/__init__.py": "x" * 100_000}
    with pytest.raises(plain.Unreadable, match="MB"):
        workspace_of(zipped(tmp_path / "ada.zip", **bomb))


def test_a_broken_file_is_said_to_be_one(workspace_of, tmp_path):
    path = zipped(tmp_path / "ada.zip", **{"01-hello/tiny/__init__.py": GREET})
    broken = path.read_bytes().replace(b"urllib", b"\xff" * 6)
    path.write_bytes(broken[:60] + b"\0\0\0" + broken[63:])
    with pytest.raises(plain.Unreadable, match="cannot be unpacked"):
        workspace_of(path)


def test_the_last_change_of_a_clone_is_its_last_commit(workspace_of, folder):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    when = {"GIT_COMMITTER_DATE": "2026-11-20T23:10:00+0000"}
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run(
            [*git, *words],
            cwd=folder / "done",
            env=os.environ | when,
            check=True,
        )
    _, changed = workspace_of(folder / "done")
    assert changed.timestamp() == 1795216200


# The table


MARKS = [
    Mark("=ada|*", {"say-hello", "be-loud"}, "1.2 <b>", datetime(2026, 1, 2)),
    Mark("bob", {"say-hello", "greet-by-name"}),
]


@pytest.fixture
def made(tiny):
    points = worth(tiny, tiny.chapter(1), "2")
    return Table(tiny.chapter(1), MARKS, points)


def test_the_text_has_a_line_for_each(made):
    assert made.text().splitlines()[2:] == [
        "name    steps   exercises  points  last change       fails first",
        "=ada|*  1 of 2  1 of 1     2       2026-01-02 00:00  1.2 <b>",
        "bob     2 of 2  0 of 1     4       -                 all steps done",
    ]


def test_the_csv_has_a_column_for_each_step_and_no_formula(made):
    head, ada, _ = csv.reader(io.StringIO(made.csv()))
    assert head[5:8] == [
        "1.1 say-hello",
        "1.2 greet-by-name",
        "exercise 1.1 be-loud",
    ]
    assert ada[0] == "'=ada|*"
    assert ada[5:8] == ["1", "0", "1"]


def test_no_name_is_taken_for_a_part_of_a_page(made):
    assert "<b>" not in made.html()
    assert "| =ada\\|\\* | 1 of 2 |" in made.md()


def test_points_come_from_a_file_by_slug(tiny, tmp_path):
    file = tmp_path / "points.toml"
    file.write_text("greet-by-name = 3\nbe-loud = 0.5\ncount-visits = 9\n")
    points = worth(tiny, tiny.chapter(1), str(file))
    assert points == {"greet-by-name": 3, "be-loud": 0.5}
    file.write_text("greet = 3\n")
    with pytest.raises(CourseError, match="names no step"):
        worth(tiny, tiny.chapter(1), str(file))


def test_no_file_of_somebodys_own_is_written_over(made, tmp_path):
    for file in places(tmp_path / "marks"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(getattr(made, file.suffix[1:])(), encoding="utf-8")
    assert len(places(tmp_path / "marks")) == 3
    (tmp_path / "marks" / "class.csv").write_text("mine")
    with pytest.raises(CourseError, match="not made by this command"):
        places(tmp_path / "marks")


def test_a_folder_without_checks_is_no_folder_of_hidden_ones(
    tiny, folder, tmp_path
):
    (tmp_path / "hidden").mkdir()
    with pytest.raises(CourseError, match="holds no checks"):
        mark_class(tiny, folder, 1, hidden=tmp_path / "hidden")


def test_a_folder_without_hand_ins_says_what_to_put_there(tmp_path):
    words = ["class", str(tmp_path), "1"]
    done = CliRunner().invoke(cli.main, words)
    assert done.exit_code == 2
    assert "a folder, a clone or a .zip for each student" in done.output
