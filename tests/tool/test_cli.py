"""What is typed reaches the command: words, options and titles."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from course import cli, suite
from course.chapters import ROOT
from course.lock import Busy
from course.student.workspaces import MAKEFILE

TELLS = """\
import json, os, sys
own = {k: v for k, v in os.environ.items() if k.startswith("COURSE_")}
print(json.dumps([sys.argv[1:], own]))
"""


def test_no_variable_of_a_persons_shell_is_an_option(monkeypatch):
    """PORT, VERBOSE and their like stand in many shells."""
    for command in cli.main.commands.values():
        for option in command.params:
            assert not option.envvar or option.envvar.startswith("COURSE_")


def test_the_makefile_knows_every_option():
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    (listed,) = re.findall(r"^options := (.*)", text, re.M)
    known = {
        option.envvar.removeprefix("COURSE_")
        for command in cli.main.commands.values()
        for option in command.params
        if option.envvar
    }
    others = {"ALL", "BROWSER", "PYTHON"}  # of the tests and of make itself
    assert set(listed.split()) == known | others


# make


@pytest.fixture
def make(tmp_path, monkeypatch):
    """A function: what make calls Python with, or its complaint."""
    if not shutil.which("make"):
        pytest.skip("needs make")
    script = tmp_path / "tells.py"
    script.write_text(TELLS, encoding="utf-8")
    for name in [n for n in os.environ if n.startswith("COURSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("MAKEFLAGS", raising=False)

    def make(*words, cwd=ROOT, **environment):
        done = subprocess.run(
            ["make", *words],
            cwd=cwd,
            env=os.environ
            | {"PYTHON": f"{sys.executable} {script}"}
            | environment,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode in (0, 2), done.stderr
        if done.returncode:
            return done.stdout + done.stderr
        ours, environment = json.loads(done.stdout)
        return ours[2:], environment

    return make


def test_make_passes_words_on(make):
    assert make() == ([], {})
    assert make("help") == (["help"], {})
    assert make("diff", "1", "3") == (["diff", "1", "3"], {})


def test_make_does_the_same_in_a_workspace(make, tmp_path):
    """A workspace is two folders below the course's own."""
    workspace = tmp_path / "with a space" / "work" / "01-hashing"
    workspace.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", tmp_path / "with a space" / "Makefile")
    (workspace / "Makefile").write_bytes(MAKEFILE)
    (workspace / "check").touch()
    said = make("check", "2", "VERBOSE=1", cwd=workspace)
    assert said == (["check", "2"], {"COURSE_VERBOSE": "1"})


def test_make_passes_on_what_is_typed_after_it(make):
    assert make("diff", "2", "STAT=1") == (["diff", "2"], {"COURSE_STAT": "1"})
    assert make("cookie", "KEY=a$b$(HOME)")[1] == {"COURSE_KEY": "a$b$(HOME)"}


def test_make_passes_on_nothing_that_the_shell_exports(make):
    assert make("check", VERBOSE="3", AGAIN="1", PORT="1") == (["check"], {})


@pytest.mark.parametrize(
    "title",
    [
        "help",
        "chapters book tests",
        "commands new-step",
        "costs $5 and $(HOME)",
        "the first # sign",
        'it\'s “so”, "or" `so`!',
        "A (new) idea | or & [two] *?",
    ],
)
def test_make_passes_titles_on(make, title):
    words, _ = make("new-step", "2.3", title)
    assert " ".join(words) == f"new-step 2.3 {title}"


@pytest.mark.parametrize(
    "words",
    [
        ["new-step", "2.3", "What a cookie is: signed"],
        ["new-step", "2.3", "first; then"],
        ["new-step", "2.3", "100% sure"],
        ["new-step", "2.3", "one = two"],
        ["cookie", "session=eyJhIjoxfQ.aaaa.bbbb"],
        ["check", "VERBOS=1"],
    ],
)
def test_what_make_cannot_pass_on_is_one_message(make, words):
    (said,) = make(*words).splitlines()
    assert "make cannot pass this on" in said
    assert f"-m course {words[0]} …" in said


# The commands


def test_test_takes_a_state_or_options_of_pytest(monkeypatch):
    def run_tests(course, state, options):
        called.append((state, options))

    called = []
    monkeypatch.setattr(suite, "run_tests", run_tests)
    for words in ("test", "test -k phone", "test 2.3 -x", "test log-out"):
        assert CliRunner().invoke(cli.main, words.split()).exit_code == 0
    assert called == [
        (None, ()),
        (None, ("-k", "phone")),
        ("2.3", ("-x",)),
        ("log-out", ()),
    ]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Busy("make amend 1.2 is at work here"), "make amend 1.2 is at work"),
        (OSError(errno.ENOSPC, "No space left", "/f"), "No space left: /f\n"),
        (OSError(errno.EROFS, "Read-only"), "needs room and the right"),
    ],
)
def test_what_stops_a_command_is_one_message(monkeypatch, error, words):
    def stopped(*arguments):
        raise error

    monkeypatch.setattr("course.author.history.export", stopped)
    done = CliRunner().invoke(cli.main, ["history"])
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output
