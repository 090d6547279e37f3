"""`make walk`, as an instructor types it."""

import urllib.request

import pytest
from click.testing import CliRunner

from course.cli import main
from course.walk.live import path_to
from course.walk.printing import steps_from

from ..built import COURSE
from ..tool.running import Running, free_port

LOG_OUT = COURSE.state("log-out")


def walk(*words):
    done = CliRunner().invoke(main, ["walk", *words])
    return done.exit_code, done.output


def test_alone_it_lists_what_can_be_walked():
    status, said = walk()
    assert status == 0
    assert f"{LOG_OUT}  Log out" in said
    assert "make walk 1" in said


@pytest.mark.parametrize("words", ["99", "2.99", "two", "0"])
def test_what_does_not_exist_is_answered_with_what_does(words):
    status, said = walk(words)
    assert status == 2
    assert "Try: make chapter" in said
    assert "Traceback" not in said


def test_it_serves_slides_and_programs_on_one_port_until_ctrl_c(slides):
    port = free_port()
    words = ["walk", str(LOG_OUT), "--no-show", "--port", port]
    with Running(["-m", "course", *words], COURSE.root) as running:
        line = running.wait_for("open ")
        place = f"{LOG_OUT.chapter}-{LOG_OUT.step}"
        assert line.split()[1] == f"http://localhost:{port}/#/step-{place}"
        running.wait_for("stop ")
        first = f"live/{LOG_OUT.chapter}.1/"
        for path in ("", first, f"live/{LOG_OUT}/login"):
            address = f"http://localhost:{port}/{path}"
            with urllib.request.urlopen(address) as page:
                assert page.status == 200
        status, said = running.interrupt()
    assert status == 0
    assert said.endswith("Stopped.\n")


def test_slides_are_not_written_in_place_of_a_file(tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    status, said = walk("1", "--out", str(mine))
    assert status == 2
    assert "is a file" in said
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("path", ["", "missing/slides.pdf"])
def test_a_pdf_that_cannot_be_written_is_refused_before_the_work(
    tmp_path, monkeypatch, path
):
    monkeypatch.setattr("course.walk.printing.open_browser", None)
    status, said = walk("1", "--pdf", str(tmp_path / path))
    assert status == 2
    assert "Try: make walk 1 PDF=slides.pdf" in said
    assert not list(tmp_path.iterdir())


def test_what_is_written_begins_and_ends_where_the_walk_does():
    chapter, steps = steps_from(COURSE, str(LOG_OUT))
    assert steps == chapter.steps[LOG_OUT.step - 1 :]
    assert steps_from(COURSE, str(LOG_OUT.chapter)) == (chapter, chapter.steps)


def test_a_short_talk_and_its_minutes_are_in_the_address():
    place = f"#/step-{LOG_OUT.chapter}-{LOG_OUT.step}"
    assert path_to(LOG_OUT, True, 45) == f"/?short&minutes=45{place}"
    assert path_to(None, False, None) == "/"


def test_minutes_that_are_none_are_refused():
    status, said = walk("1", "--minutes", "0")
    assert status == 2
    assert "minutes" in said
