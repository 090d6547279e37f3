"""A provider runs beside the programs that ask one, and ends with them."""

import json
import os
import re
import socket
import urllib.request

import pytest

from course import provider
from course.chapters import ROOT, Course
from course.errors import CourseError

from .running import Running

COURSE = Course()
STUB = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1][7:])))
sys.stdin.read()
"""
AT = re.compile(r"beside it: http://localhost:(\d+)")


@pytest.fixture(autouse=True)
def _nobody_is_named(monkeypatch):
    for name in [n for n in os.environ if n.startswith("OPENID")]:
        monkeypatch.delenv(name)


def is_there(port):
    try:
        socket.create_connection(("127.0.0.1", int(port))).close()
    except OSError:
        return False
    return True


def port_of(said):
    return AT.search(said)[1]


def test_the_environment_names_it_and_it_ends_with_the_block(capsys):
    with provider.provider() as settings:
        named = {n: v for n, v in os.environ.items() if "OPENID" in n}
        issuer = named["OPENID_EXAMPLE_ISSUER"]
        metadata = f"{issuer}/.well-known/openid-configuration"
        with urllib.request.urlopen(metadata) as page:
            assert json.load(page)["issuer"] == issuer
    assert named["OPENID_PROVIDERS"] == "example"
    assert settings == {}
    said = capsys.readouterr().out
    assert issuer in said
    assert not is_there(port_of(said))
    assert not any("OPENID" in name for name in os.environ)


def test_it_ends_also_when_the_program_fails(monkeypatch, capsys):
    monkeypatch.setattr(provider, "INSIDE", STUB)
    with pytest.raises(ZeroDivisionError), provider.provider():
        raise ZeroDivisionError
    assert not is_there(port_of(capsys.readouterr().out))


def test_it_ends_when_whoever_started_it_was_killed():
    """Then the system closes what it was to read from."""
    process = provider.started(provider.free_port())
    process.stdin.close()
    assert process.wait(30) == 0


def test_where_a_person_names_another_none_is_started(monkeypatch, capsys):
    monkeypatch.setenv("OPENID_PROVIDERS", "google")
    with provider.provider() as settings:
        assert os.environ["OPENID_PROVIDERS"] == "google"
    assert settings == {}
    assert capsys.readouterr().out == ""


def test_one_that_does_not_start_is_told_with_what_to_type(monkeypatch):
    monkeypatch.setattr(provider, "INSIDE", "raise SystemExit('broken')")
    with (
        pytest.raises(CourseError, match="-m oidc_provider_mock"),
        provider.provider(),
    ):
        pytest.fail("it was waited for")


@pytest.mark.parametrize("before", ["0", "1", "4"])
def test_a_state_before_it_is_asked_starts_nothing(before, capsys):
    with COURSE.program.services(COURSE, COURSE.state(before)) as settings:
        assert settings == {}
    assert capsys.readouterr().out == ""


def test_a_chapter_says_so_and_ctrl_c_ends_both():
    state = COURSE.state("ask-a-provider")
    with Running(["-m", "course", "chapter", state], ROOT) as running:
        assert running.wait_for("stop      Ctrl-C")
        port = port_of(running.said())
        assert is_there(port)
        status, said = running.interrupt()
    assert status == 0
    assert "Stopped." in said
    assert not is_there(port)
