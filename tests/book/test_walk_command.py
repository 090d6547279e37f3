"""`make walk`, as an instructor types it."""

import urllib.request

import pytest
from click.testing import CliRunner

from course.cli import main

from ..tool.running import Running, free_port


def walk(*words):
    done = CliRunner().invoke(main, ["walk", *words])
    return done.exit_code, done.output


def test_alone_it_lists_what_can_be_walked():
    status, said = walk()
    assert status == 0
    assert "2.3  Log out" in said
    assert "make walk 1" in said


@pytest.mark.parametrize("words", ["9", "2.9", "two", "0"])
def test_what_does_not_exist_is_answered_with_what_does(words):
    status, said = walk(words)
    assert status == 2
    assert "Try: make chapter" in said
    assert "Traceback" not in said


def test_it_serves_slides_and_programs_on_one_port_until_ctrl_c(slides):
    port = free_port()
    words = ["walk", "2.3", "--no-show", "--port", port]
    root = slides[2].parents[2]
    with Running(["-m", "course", *words], root) as running:
        line = running.wait_for("open ")
        assert line.split()[1] == f"http://localhost:{port}/#/step-2-3"
        running.wait_for("stop ")
        for path in ("", "live/2.1/", "live/2.3/login"):
            address = f"http://localhost:{port}/{path}"
            with urllib.request.urlopen(address) as page:
                assert page.status == 200
        status, said = running.interrupt()
    assert status == 0
    assert said.endswith("Stopped.\n")
