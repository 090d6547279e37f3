"""The commands, as a person types them."""

import contextlib
import html
import http.client
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from click.testing import CliRunner

from course import browser, cli, serving
from course.chapters import Course, State
from course.databases import Place, place_of, start_over
from course.errors import CourseError
from course.loading import application
from course.program import database_of
from course.serving import rows_of
from course.states import States

from .running import Running, free_port

COURSE = Course()
ROOT = COURSE.root
LAST = COURSE.chapters[-1].number
TEXT = (ROOT / "course" / "welcome.txt").read_text(encoding="utf-8")


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


def type_in(*words):
    """Run a command in this process; return what `run` does."""
    done = CliRunner().invoke(cli.main, words, prog_name="python -m course")
    return done.exit_code, done.output


needs_make = pytest.mark.skipif(not shutil.which("make"), reason="needs make")


# Bad input: what exists, what to type, status 2


@pytest.mark.parametrize(
    ("words", "what", "next_command"),
    [
        ("chapter 99", "chapter 99 does not exist", f"make chapter {LAST}"),
        ("chapter two", "“two” is not a state", "make chapters"),
        ("chapter 2.99", "chapter 2 has no step 99", "make chapters"),
        ("chapter 2.0", "chapter 2 has no step 0", "make chapters"),
        ("chapter ²", "“²” is not a state", "make chapters"),
        ("chapter 0", "state 0 is the empty folder", "make chapter 1"),
        ("diff 1 99", "chapter 99 does not exist", f"make chapter {LAST}"),
        ("test 2.x", "“2.x” is not a state", "make chapters"),
        ("reset 99", "chapter 99 does not exist", f"make chapter {LAST}"),
        ("shell 1.99", "chapter 1 has no step 99", "make chapters"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(
    words, what, next_command
):
    status, said = type_in(*words.split())
    assert status == 2
    assert what in said
    assert f"Try: {next_command}" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) <= 3


@pytest.mark.parametrize("words", ["chaptr 2", "chapter", "diff"])
def test_a_command_that_is_mistyped_says_so(words):
    status, said = type_in(*words.split())
    assert status == 2
    assert "Error: " in said
    assert "Traceback" not in said


@needs_make
def test_make_passes_words_and_variables_on():
    status, said = run("99", program=("make", "chapter"))
    assert status == 2
    assert "chapter 99 does not exist" in said
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
    status, said = type_in("chapters")
    assert status == 0
    for state, step in COURSE.steps.items():
        assert f"{state}  {step.title}" in said


# Differences


def test_a_chapter_alone_is_compared_with_the_end_of_the_one_before():
    one, two = (COURSE.chapter(number).last for number in (1, 2))
    assert COURSE.span("2") == (one, two)
    assert COURSE.span("1") == (State(0, 0), one)


@pytest.mark.parametrize("text", ["log-out", str(COURSE.state("log-out"))])
def test_a_step_alone_is_compared_with_the_one_before(text):
    step = COURSE.state("log-out")
    assert COURSE.span(text) == (COURSE.before(step), step)


def test_diff_shows_the_change_plain_in_a_pipe():
    status, said = run("diff", "back-to-where-you-were")
    assert status == 0
    assert "+def stays_here(target):" in said
    assert "\x1b" not in said
    assert re.findall(r"^diff --git a/(\S+)", said, re.M) == [
        "microblog/routes.py"
    ]


def test_diff_backwards_takes_the_change_away():
    step = COURSE.state("back-to-where-you-were")
    words = str(step), str(COURSE.before(step))
    assert "-def stays_here(target):" in run("diff", *words)[1]


def test_diff_of_a_state_with_itself_is_empty():
    assert run("diff", "2", str(COURSE.chapter(2).last)) == (0, "")


# Running


def started(*words, root=ROOT, **environment):
    arguments = ["-m", "course", "chapter", *words]
    return Running(arguments, ROOT, COURSE_ROOT=str(root), **environment)


def test_chapter_says_where_who_and_how_to_stop():
    port = free_port()
    with started("log-out", "--port", str(port)) as running:
        assert running.wait_for("Ctrl-C"), running.said()
        said = running.said()
        for host in ("localhost", "127.0.0.1"):
            with urllib.request.urlopen(f"http://{host}:{port}/login") as page:
                assert page.status == 200
    assert f"http://localhost:{port}" in said
    assert "susan  password: correct horse battery" in said
    assert "instance/log-out/microblog.db (3 users)" in said
    assert f"build/states/{COURSE.state('log-out')}" in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_ctrl_c_stops_without_a_traceback():
    with started("a-first-page", "--port", str(free_port())) as running:
        running.wait_for("Ctrl-C")
        status, said = running.interrupt()
    assert status == 0
    assert said.endswith("Stopped.\n")
    assert "Traceback" not in said


def test_who_can_log_in_is_said_and_else_the_step_that_brings_it(real):
    come, comes = real.state("a-table-of-users"), real.state("log-in")
    for state in real.states[1:]:
        place = place_of(real, real.steps[state].slug)
        app = application(real, state, place)
        text = dict(rows_of(real, app, place, "here"))["log in"]
        if state < come:
            assert text.endswith(f"they come with step {come}")
        elif state < comes:
            assert text == f"nobody can yet: that comes with step {comes}"
        else:
            assert text.startswith("susan ")


# Ports and hosts


def test_a_port_that_is_taken_is_said_and_another_is_offered():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        status, said = type_in("chapter", "2", "--port", str(number))
    assert status == 2
    assert f"port {number} cannot be used: another program answers" in said
    last = COURSE.chapter(2).last
    assert f"Try: make chapter {last} PORT={number + 1}" in said


def test_the_first_free_port_is_bound_before_another_can_look(monkeypatch):
    monkeypatch.setattr(serving, "answers", lambda port: False)
    with serving.listening() as one, serving.listening() as other:
        assert 5000 <= one.port < other.port <= 5099


def test_a_server_on_every_address_keeps_others_off_its_port():
    with (
        socket.create_server(("", 0)) as taken,
        pytest.raises(OSError, match="Errno"),
    ):
        serving.bound(taken.getsockname()[1])


def test_when_every_port_is_taken_one_is_to_be_named(monkeypatch):
    monkeypatch.setattr(serving, "answers", lambda port: True)
    with pytest.raises(CourseError, match="every port from 5000 to 5099"):
        serving.listening()


def test_when_port_5000_is_taken_the_one_that_is_used_is_said():
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):  # taken already, by whomever
            held.enter_context(socket.create_server(("127.0.0.1", 5000)))
        with started("a-first-page") as running:
            running.wait_for("Ctrl-C")
    said = running.said()
    port = re.search(r"Port 5000 is taken; (50\d\d) is free", said)[1]
    assert f"http://localhost:{port}" in said


def test_a_port_that_is_no_port_is_refused():
    status, said = type_in("chapter", "2", "--port", "http")
    assert status == 2
    assert "--port" in said


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:5000", 200),
        ("127.0.0.1:5000", 200),
        ("localhost", 200),
        ("evil.example:5000", 400),
        ("localhost.evil.example", 400),
        ("evil.localhost", 400),
        ("localhost@evil.example", 400),
        ("192.168.0.1:5000", 400),
        ("xn--a", 400),
    ],
)
def test_only_who_asks_for_this_machine_is_answered(host, status):
    with serving.served(hello) as address:
        assert address.startswith("http://localhost:")
        port = int(address.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/", headers={"Host": host})
        assert connection.getresponse().status == status
        connection.close()


def test_what_is_served_is_served_to_this_machine_alone():
    with serving.listening(0) as server:
        assert server.socket.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(("user", "sandbox"), [(0, False), (1000, True)])
def test_the_browser_keeps_its_sandbox_but_for_root(
    user, sandbox, monkeypatch
):
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    options = browser.QUIET + browser.for_root()
    assert ("--no-sandbox" not in options) == sandbox


# Databases


def names_at(course, slug, sql="SELECT username FROM user ORDER BY username"):
    path = database_of(place_of(course, slug))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(sql).fetchall()
        connection.commit()
    return [row[0] for row in rows]


def start(course, slug):
    place = place_of(course, slug)
    app = application(course, course.state(slug), place)
    return dict(rows_of(course, app, place, ""))["database"]


def test_a_database_survives_and_reset_keeps_the_old_one(real):
    state, path = real.state("log-out"), database_of(place_of(real, "log-out"))
    assert start(real, "log-out").endswith("microblog.db (3 users)")
    names_at(real, "log-out", "DELETE FROM user WHERE username = 'david'")
    said = start(real, "log-out")
    assert said.endswith("(2 users)"), "people who left are not put back"
    said = start_over(real, state)
    assert "with 2 users" in said
    (old,) = path.parent.glob("microblog-*.db")
    assert old.relative_to(real.root).as_posix() in said
    assert not path.exists()
    assert "no database yet" in start_over(real, state)


def test_after_a_reset_nobody_has_a_cookie_of_before(real):
    state, place = real.state("log-out"), place_of(real, "log-out")

    def cookie():
        app = application(real, state, place)
        return app.config["SESSION_COOKIE_NAME"]

    before = cookie()
    start_over(real, state)
    assert cookie() != before


def test_a_step_put_in_leaves_every_state_its_own_database(real):
    start(real, "log-out")
    names_at(real, "log-out", "DELETE FROM user WHERE username = 'david'")
    steps = real.chapter(real.state("log-out").chapter).folder / "steps"
    pages = sorted(steps.iterdir(), reverse=True)
    for page in pages:
        number, _, slug = page.name.partition("-")
        page.rename(steps / f"{int(number) + 1}-{slug}")
    again = Course(real.root)
    assert again.state("log-out") != real.state("log-out")
    assert names_at(again, "log-out") == ["maria", "susan"]


def test_a_table_that_lacks_a_column_is_put_aside(real, capsys):
    path = database_of(place_of(real, "a-table-of-users"))
    names_at(real, "a-table-of-users", "CREATE TABLE user (id INTEGER)")
    assert start(real, "a-table-of-users").endswith("(3 users)")
    (old,) = set(path.parent.iterdir()) - {path}
    said = capsys.readouterr().out
    assert "The table `user` has no `email`" in said
    assert old.name in said


def test_people_get_a_password_once_the_program_can_hash(real):
    slug = "a-table-of-users"
    start(real, slug)
    hashes = "SELECT password_hash FROM user"
    assert names_at(real, slug, hashes) == [None] * 3
    state = real.state("never-store-a-password")
    application(real, state, place_of(real, slug))
    assert None not in names_at(real, slug, hashes)


def test_a_folder_may_have_any_name(real, tmp_path):
    place = Place(tmp_path / "a b%20c#ü")
    place.folder.mkdir()
    application(real, real.state("log-out"), place)
    assert database_of(place).is_file()


def test_the_shell_has_the_people_of_its_state(real):
    done = subprocess.run(
        [sys.executable, "-m", "course", "shell", "1"],
        input="print(db.session.query(User).count(), 'users')\n",
        env=os.environ | {"COURSE_ROOT": str(real.root)},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert "3 users" in done.stdout, done.stderr


@pytest.fixture
def workspace(real):
    """A started workspace, which holds the end of the chapter with a login."""
    from .conftest import copy_program

    chapter = real.chapter(real.state("log-in").chapter)
    folder = real.root / "work" / chapter.folder.name
    copy_program(States(real).program(chapter.last), folder)
    return folder


def test_the_own_shell_and_reset_are_those_of_run(real, workspace):
    def typed(words, *, text=""):
        return subprocess.run(
            [sys.executable, "-m", "course", words],
            input=text,
            env=os.environ | {"COURSE_ROOT": str(real.root)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ).stdout

    count = "print(db.session.query(User).count(), 'users')\n"
    said = typed("shell", text=count)
    assert "3 users" in said
    assert "User, app, db" in said
    assert "/instance" not in said, "there is no such folder"
    place = place_of(real, f"work/{workspace.name}")
    assert database_of(place).is_file()
    assert "work/02-login starts over" in typed("reset")
    assert not database_of(place).exists()
    assert real.program.own_settings(place)


def fetched(port, path):
    """The status and the text of a page."""
    address = f"http://localhost:{port}{path}"
    try:
        with urllib.request.urlopen(address) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


OWN = """

@bp.route("/own")
def own():
    print("Hello from print")
    return open("greeting.txt").read()
"""


def test_run_starts_again_at_each_save_and_tells_the_own_line(real, workspace):
    """Each thing that it says of an error is said in five lines at most."""
    (workspace / "greeting.txt").write_text("Good <morning>")
    routes, port = workspace / "microblog" / "routes.py", free_port()
    good = routes.read_text(encoding="utf-8") + OWN
    broken = good.replace("    return open", "    nobody()\n    return open")
    line = 1 + broken.splitlines().index("    nobody()")
    words, root = ["run", "--port", port], {"COURSE_ROOT": str(real.root)}
    with Running(["-m", "course", *words], ROOT, **root) as running:
        assert running.wait_for("stop "), running.said()
        assert "susan  password: correct horse battery" in running.said()
        assert f"http://localhost:{port}" in running.said()
        routes.write_text(good, encoding="utf-8")
        assert running.wait_for("microblog/routes.py was saved: started again")
        assert fetched(port, "/own") == (200, "Good <morning>")
        assert running.wait_for("Hello from print")
        routes.write_text(broken, encoding="utf-8")
        assert running.wait_for("started again")
        status, page = fetched(port, "/own?EVALEX=1")
        assert status == 500
        assert "<script" not in page
        known = [
            "NameError: name 'nobody' is not defined",
            f"microblog/routes.py, line {line}",
            "nobody()",
        ]
        for each in known:
            assert html.escape(each) in page
        running.wait_for('"GET /own?EVALEX=1 HTTP/1.1" 500')
        lines = [text.strip() for text in running.seen[-5:]]
        assert lines[:4] == [
            "Your program raised an error at GET /own",
            *known,
        ]
        routes.write_text("x = (\n", encoding="utf-8")
        assert running.wait_for("x = (")
        lines = [text.strip() for text in running.seen[-4:]]
        assert lines[0] == "work/02-login does not start"
        assert lines[2:] == ["microblog/routes.py, line 1", "x = ("]
        assert "was never closed" in fetched(port, "/")[1]
        assert running.interrupt()[0] == 0
    assert not (workspace / "instance").exists()


def test_a_port_of_the_shell_is_told_with_what_to_type(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "8123")
    serving.listening(command="make run").server_close()
    said = capsys.readouterr().out
    assert "PORT=8123 is not used. To use it: make run PORT=8123" in said


# Tests of one state


def test_test_runs_what_one_state_must_do():
    first = COURSE.state("pages-from-templates")
    status, said = run("test", str(first), "-k", "phone", "--co")
    assert status == 0
    name = "test_a_page_fits_a_phone_and_says_its_language"
    assert re.findall(rf"{name}\[(.*)\]", said) == [str(first)]
    assert "red" not in said
