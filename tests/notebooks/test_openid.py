"""The provider beside a notebook."""

import subprocess
import sys
from contextlib import suppress

import psutil
import pytest

from course.chapters import ROOT
from course.explore import openid
from course.explore.visits import who_is

# It prints who runs beside it, and ends without a word of goodbye.
ENDS = """
import os
from course.explore.openid import beside, running
beside()
print(running[0].pid, flush=True)
os._exit(0)
"""


@pytest.fixture(scope="module")
def app():
    """A program with a provider, which ends with the module."""
    before = len(openid.running)
    yield openid.open_with_provider("7")
    for process in openid.running[before:]:
        process.stdin.close()
        process.wait()
    del openid.running[before:]
    openid.beside.cache_clear()


@pytest.mark.parametrize(
    ("subject", "name"),
    [("mallory", "mallory"), ("zoe", "zo"), ("nobody-asked", None)],
)
def test_whoever_says_yes_there_comes_in_here(app, subject, name):
    browser = app.test_client()
    browser.get(openid.say_yes(openid.set_out(browser), subject))
    assert who_is(browser.get("/")) == name


def test_it_is_asked_whatever_a_person_has_named(app, monkeypatch):
    monkeypatch.setenv("OPENID_PROVIDERS", "google")
    monkeypatch.setenv("OPENID_EXAMPLE_ISSUER", "https://accounts.google.com")
    address = openid.set_out(openid.open_with_provider("7").test_client())
    assert address.startswith("http://localhost:"), address


def test_there_is_one_for_all_sections(app):
    openid.open_with_provider("7")
    assert len(openid.running) == 1


def test_an_answer_of_it_that_is_an_error_is_told(app):
    issuer = app.config["OPENID_EXAMPLE_ISSUER"]
    with pytest.raises(openid.requests.HTTPError):
        openid.ask(f"{issuer}/oauth2/token", {"code": "used before"})


def test_it_ends_with_the_kernel_however_that_ends():
    command = [sys.executable, "-c", ENDS]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    with suppress(psutil.NoSuchProcess):  # it may be gone by now
        psutil.Process(int(told.stdout)).wait(30)
