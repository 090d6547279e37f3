"""The commands, as a person types them."""

import contextlib
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.request

import pytest

from course.chapters import Course
from course.databases import contents, database_of, remove_database
from course.welcome import TEXT

from .running import Running, free_port

COURSE = Course()
ROOT = COURSE.root


def run(*words, program=(sys.executable, "-m", "course"), **environment):
    """Run a command; return its status and all that it printed."""
    done = subprocess.run(
        [*program, *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


needs_make = pytest.mark.skipif(not shutil.which("make"), reason="needs make")


# Bad input: what exists, what to type, status 2


@pytest.mark.parametrize(
    ("words", "what", "next_command"),
    [
        ("chapter 9", "chapter 9 does not exist", "make chapter 3"),
        ("chapter two", "“two” is not a state", "make chapters"),
        ("chapter 2.9", "chapter 2 has no step 9", "make chapters"),
        ("chapter 2.0", "chapter 2 has no step 0", "make chapters"),
        ("chapter ²", "“²” is not a state", "make chapters"),
        ("chapter 0", "state 0 is the empty folder", "make chapter 1"),
        ("diff 1 9", "chapter 9 does not exist", "make chapter 3"),
        ("test 2.x", "“2.x” is not a state", "make chapters"),
        ("reset 7", "chapter 7 does not exist", "make chapter 3"),
        ("shell 1.9", "chapter 1 has no step 9", "make chapters"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(
    words, what, next_command
):
    status, said = run(*words.split())
    assert status == 2
    assert what in said
    assert f"Try: {next_command}" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) <= 3


@pytest.mark.parametrize("words", ["chaptr 2", "chapter", "diff"])
def test_a_command_that_is_mistyped_says_so(words):
    status, said = run(*words.split())
    assert status == 2
    assert "Error: " in said
    assert "Traceback" not in said


@needs_make
def test_make_passes_words_and_variables_on():
    status, said = run("9", program=("make", "chapter"))
    assert status == 2
    assert "chapter 9 does not exist" in said
    status, said = run("1", "3", "STAT=1", program=("make", "diff"))
    assert status == 0
    assert "files changed" in said
    status, said = run(program=("make",))
    assert status == 0
    assert "make chapter 2" in said


# What is listed


def test_every_command_is_listed_for_some_reader():
    from course.cli import main

    listed = set(re.findall(r"^    make ([a-z-]+)", TEXT, re.M))
    assert set(main.commands) == listed


def test_chapters_lists_every_step_by_its_title():
    status, said = run("chapters")
    assert status == 0
    for state, step in COURSE.steps.items():
        assert f"{state}  {step.title}" in said


# Differences


def test_a_chapter_alone_is_compared_with_the_end_of_the_one_before():
    assert [str(s) for s in COURSE.span("2")] == ["1.4", "2.5"]
    assert [str(s) for s in COURSE.span("2.5")] == ["2.4", "2.5"]
    assert [str(s) for s in COURSE.span("1")] == ["0", "1.4"]


def test_diff_shows_the_change_plain_in_a_pipe():
    status, said = run("diff", "2.5")
    assert status == 0
    assert "+def stays_here(target):" in said
    assert "\x1b" not in said
    assert re.findall(r"^diff --git a/(\S+)", said, re.M) == [
        "microblog/routes.py"
    ]


def test_diff_backwards_takes_the_change_away():
    assert "-def stays_here(target):" in run("diff", "2.5", "2.4")[1]


def test_diff_of_a_state_with_itself_is_empty():
    assert run("diff", "2", "2.5") == (0, "")


# Running


def started(*words, **environment):
    return Running(["-m", "course", "chapter", *words], ROOT, **environment)


def test_chapter_says_where_who_and_how_to_stop():
    port = free_port()
    with started("2.3", COURSE_PORT=str(port)) as running:
        assert running.wait_for("Ctrl-C"), running.said()
        said = running.said()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login") as page:
            assert page.status == 200
    assert f"http://127.0.0.1:{port}" in said
    assert "susan  password: correct horse battery" in said
    assert "instance/2.3/microblog.db" in said
    assert "build/states/2.3" in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_ctrl_c_stops_without_a_traceback():
    with started("1.1", COURSE_PORT=str(free_port())) as running:
        running.wait_for("Ctrl-C")
        status, said = running.interrupt()
    assert status == 0
    assert said.endswith("Stopped.\n")
    assert "Traceback" not in said


def test_before_there_is_a_login_nobody_is_said_to_log_in():
    with started("1.3", COURSE_PORT=str(free_port())) as running:
        running.wait_for("Ctrl-C")
        assert "nobody can yet: that comes with step 2.2" in running.said()


def test_a_port_that_is_taken_is_said_and_the_next_one_is_used():
    from course import serving

    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        assert (
            serving.reason_against(number) == "another program answers there"
        )
        status, said = run("chapter", "2", COURSE_PORT=str(number))
    assert status == 2
    assert f"port {number} cannot be used: another program answers" in said
    assert f"Try: make chapter 2.5 PORT={number + 1}" in said


def test_without_a_port_the_first_free_one_is_taken(monkeypatch):
    from course import serving

    taken = {5000, 5001}
    monkeypatch.setattr(
        serving, "reason_against", lambda port: port in taken and "taken"
    )
    assert serving.first_free_port() == 5002
    monkeypatch.setattr(serving, "reason_against", lambda port: "taken")
    with pytest.raises(Exception, match="every port from 5000 to 5099"):
        serving.first_free_port()


def test_when_port_5000_is_taken_the_one_that_is_used_is_said():
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):  # taken already, by whomever
            held.enter_context(socket.create_server(("127.0.0.1", 5000)))
        with started("1.1", COURSE_PORT="") as running:
            running.wait_for("Ctrl-C")
    said = running.said()
    port = re.search(r"Port 5000 is taken; (50\d\d) is free", said)[1]
    assert f"http://127.0.0.1:{port}" in said


def test_a_port_that_is_no_port_is_refused():
    status, said = run("chapter", "2", COURSE_PORT="http")
    assert status == 2
    assert "PORT" in said or "--port" in said


# Databases


@pytest.fixture
def elsewhere(tmp_path):
    """The course's chapters, with the databases in a folder of the test."""
    shutil.copytree(ROOT / "chapters", tmp_path / "chapters")
    return Course(tmp_path)


def test_a_database_survives_and_reset_says_what_it_removes(elsewhere):
    from course.databases import check_columns
    from course.loading import load_package
    from course.people import add_people
    from course.states import States

    state = elsewhere.state("2.3")
    path = database_of(elsewhere, state)
    package = load_package(state, States(elsewhere).folder(state))

    def start():
        app = package.create_app(
            {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"}
        )
        with app.app_context():
            check_columns(package.models.db, state)
            count = add_people(package.models)
            package.models.db.engine.dispose()
        return count

    assert start() == 3
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM user WHERE username = 'david'")
    connection.close()
    assert start() == 2, "people who left are not put back"
    assert contents(path) == "2 users"
    said = remove_database(elsewhere, state)
    assert str(path) in said
    assert "with 2 users" in said
    assert not path.exists()
    assert "no database yet" in remove_database(elsewhere, state)


def test_a_table_that_lacks_a_column_is_named(elsewhere):
    from course.databases import check_columns
    from course.errors import CourseError
    from course.loading import load_package
    from course.states import States

    state = elsewhere.state("1.2")
    path = database_of(elsewhere, state)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE user (id INTEGER, username TEXT)")
    connection.close()
    package = load_package(state, States(elsewhere).folder(state))
    app = package.create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"})
    with app.app_context():
        with pytest.raises(CourseError) as caught:
            check_columns(package.models.db, state)
        package.models.db.engine.dispose()
    assert "its table `user` has no `email`" in caught.value.message
    assert "make reset 1.2" in caught.value.message
    assert path.exists(), "nothing is lost"


# Tests of one state


def test_test_runs_what_one_state_must_do():
    status, said = run("test", "1.1", "-k", "phone", "--co")
    assert status == 0
    assert "test_a_page_fits_a_phone_and_says_its_language[1.1]" in said
    assert "[1.2]" not in said
    assert "red" not in said
