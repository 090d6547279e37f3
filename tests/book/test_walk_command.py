"""`make walk`, as an instructor types it."""

import urllib.request

import pytest
from click.testing import CliRunner

from course.cli import main

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
