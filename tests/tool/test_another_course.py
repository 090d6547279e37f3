"""The tool works for any program that is cut into steps.

Everything is done on a course of another program; see `tiny.py`.
"""

import re
import subprocess
import urllib.request

import pytest
from click.testing import CliRunner

from course import cli
from course.browser import find_browser
from course.chapters import ROOT

from .running import Running, free_port, in_a_thread
from .tiny import tiny_course


@pytest.fixture
def tiny(copy_of, tmp_path):
    return copy_of(tiny_course, tmp_path / "tiny")


@pytest.fixture
def elsewhere(tiny):
    """The environment of a person who works on that course."""
    return {"COURSE_ROOT": str(tiny.root), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def type_in(elsewhere, monkeypatch, capfd):
    """Type a command; return what was said. It has to end with a status."""
    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)

    def type_in(line, status=0):
        capfd.readouterr()
        done = CliRunner().invoke(cli.main, line.split())
        said = done.output + "".join(capfd.readouterr())
        assert done.exit_code == status, said
        return said

    return type_in


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def test_its_states_are_listed_compared_and_tested(type_in):
    assert "2.1  Give pages a module" in type_in("chapters")
    assert "+        visits.append(name)" in type_in("diff 2.2")
    assert "2 passed" in type_in("test 1.2")
    assert re.search(r"[1-9]\d* passed", type_in("test -n 0"))


def test_a_state_is_served_without_people_or_a_database(elsewhere):
    port = free_port()
    words = ["-m", "course", "chapter", "1", "--port", port]
    with Running(words, ROOT, **elsewhere) as running:
        running.wait_for("stop ")
        said = running.said()
        address = f"http://localhost:{port}/?name=ada"
        with urllib.request.urlopen(address) as page:
            assert page.read() == b"<h1>Hello, Ada</h1>"
    assert "Greet by name" in said
    assert "log in" not in said
    assert "database" not in said


def test_its_shell_opens_and_there_is_nothing_to_reset(type_in):
    assert "make_app" in type_in("shell 1")
    assert "no database yet" in type_in("reset 1")


def test_it_is_built_checked_caught_up_and_run(tiny, type_in, elsewhere):
    work = tiny.root / "work" / "02-count"
    assert "work/02-count is ready" in type_in("start 2")
    said = type_in("check", status=1)
    assert "Count visits" in said
    assert "the page does not count" in said
    assert "Hint 1 of" in type_in("hint")
    type_in("catch-up 2.2")
    assert (work / "tiny" / "pages.py").is_file()
    assert "Chapter 2 is done" in type_in("check")
    assert "Chapter 2" in type_in("progress")
    port = free_port()
    words = ["-m", "course", "run", "--port", port]
    with Running(words, ROOT, **elsewhere) as running:
        running.wait_for("stop ")
        with urllib.request.urlopen(f"http://localhost:{port}") as page:
            assert page.read() == b"<h1>Hello, You: 1</h1>"


def test_it_is_a_history_that_can_be_adopted(tiny, type_in):
    type_in("history")
    history = tiny.root / "build" / "history"
    edit(history / "tiny" / "pages.py", "<h1>{text}", "<h1>{text}!")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    git = ["git", *who, "commit", "--quiet", "--all", "--amend", "--no-edit"]
    subprocess.run(git, cwd=history, check=True)
    type_in("adopt")
    page = tiny.steps[tiny.state("count-visits")].page
    assert "<h1>{text}!" in page.read_text(encoding="utf-8")


def test_an_early_step_is_amended_and_later_ones_follow(tiny, type_in):
    program = "tiny/__init__.py"
    edit(tiny.root / "chapters/01-hello" / program, '"1.0"', '"1.1"')
    type_in("amend say-hello --no-tests")
    later = tiny.root / "chapters/02-count" / program
    assert '"1.1"' in later.read_text(encoding="utf-8")


def test_it_becomes_a_book(tiny, type_in):
    type_in("book")
    pages = tiny.root / "build" / "book" / "html" / "chapters"
    page = pages / "01-hello" / "steps" / "2-greet-by-name.html"
    text = page.read_text(encoding="utf-8")
    assert "Whoever gives a name is greeted by it." in text


def test_it_is_shown_with_the_live_program(elsewhere):
    port = free_port()
    words = ["-m", "course", "walk", "2", "--no-show", "--port", port]
    with Running(words, ROOT, **elsewhere) as running:
        assert running.wait_for("stop "), running.said()
        for path, text in (
            ("", "Give pages a module"),
            ("live/2.1/?name=ada", "<h1>Hello, Ada</h1>"),
            ("live/2.2/", "<h1>Hello, You: 1</h1>"),
        ):
            address = f"http://localhost:{port}/{path}"
            with urllib.request.urlopen(address) as page:
                assert text in page.read().decode()


@pytest.mark.skipif(not find_browser(), reason="needs Chromium or Chrome")
def test_its_slides_are_written_with_pictures(type_in, tmp_path):
    words = f"walk 1 --out {tmp_path / 'slides'}"
    in_a_thread(type_in, words)
    pictures = {p.name for p in (tmp_path / "slides/pictures").iterdir()}
    assert pictures == {
        f"1.{step}-visitor-{scheme}.png"
        for step in (1, 2)
        for scheme in ("light", "dark")
    }
