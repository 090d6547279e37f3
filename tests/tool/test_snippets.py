"""Every snippet of a shell or of Python that a page shows, run."""

import os
import re
import subprocess
import sys
from functools import cache
from hashlib import scrypt

import pytest

from course.chapters import Course
from course.pages import fences
from course.states import States

from ..sampling import part
from .conftest import copy_program
from .running import Running, free_port

COURSE = Course()
STATES = States(COURSE)
PAGES = [(step.state, step.page) for step in COURSE.steps.values()]
PAGES += [(chapter.last, chapter.lesson) for chapter in COURSE.chapters]
PAGES += [(c.last, e.page) for c in COURSE.chapters for e in c.exercises]
PAGES += [(COURSE.states[-1], COURSE.root / "README.md")]
PAGES += [(COURSE.states[1], page) for page in COURSE.primers]
OF_A_WORKSPACE = {"start", "run", "learn"}
NO_WINDOW = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": "true"}


@cache
def fences_of(page):
    return fences(page.read_text(encoding="utf-8"))


def snippets(language):
    found = []
    for state, page in PAGES:
        shown = page.relative_to(COURSE.root).as_posix()
        found += [
            pytest.param(
                state, token.content, id=f"{shown}:{token.map[0] + 1}"
            )
            for name, token in fences_of(page)
            if name == language
        ]
    return found


def commands():
    """Each line of a console snippet that starts with `$ `."""
    return [
        pytest.param(*param.values[:1], line, id=f"{param.id}:{line}")
        for param in snippets("console")
        for line in re.findall(r"^\$ (.+)", param.values[1], re.M)
    ]


DOCTEST = """
import doctest, sys
from microblog import create_app
from course.program import add_people
text = sys.stdin.read()
app = create_app()
with app.app_context():
    if sys.argv[1:] == ["make shell"]:
        add_people(app)
    test = doctest.DocTestParser().get_doctest(
        text, app.make_shell_context(), "snippet", None, 0
    )
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.DocTestRunner(optionflags=flags).run(test)
sys.exit(result.failed or not result.attempted)
"""


@pytest.mark.parametrize(("page_state", "text"), part(snippets("pycon"), 3))
def test_a_session_in_the_shell_gives_what_the_page_shows(page_state, text):
    first, session = text.split("\n", 1)
    assert first in ("$ make shell", "$ flask --app microblog shell")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DOCTEST, first[2:]],
        input=session,
        cwd=STATES.folder(page_state),
        env=os.environ
        | {"DATABASE_URL": "sqlite://", "PYTHONPATH": str(COURSE.root)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


TAKEN_APART = re.compile(r"(scrypt:(\d+):(\d+):(\d+))\$(\w+)\$(\w+)…")


def test_a_hash_that_is_taken_apart_is_one_of_the_password_before_it():
    texts = [page.read_text(encoding="utf-8") for _, page in PAGES]
    taken_apart = [
        (match, re.findall(r"hash of `(.+?)`", text[: match.start()])[-1])
        for text in texts
        for match in TAKEN_APART.finditer(text)
    ]
    assert taken_apart
    for match, password in taken_apart:
        n, r, p = map(int, match.group(2, 3, 4))
        work = {"n": n, "r": r, "p": p, "maxmem": 132 * n * r * p}
        made = scrypt(password.encode(), salt=match[5].encode(), **work)
        assert made.hex().startswith(match[6])


@pytest.mark.parametrize(("page_state", "command"), part(commands(), 2))
def test_a_command_does_what_the_page_says(
    page_state, command, tmp_path, own_course
):
    program, *words = command.split()
    if command == "python -m pip install -r requirements.txt":
        return  # test_alone.py installs it into an environment of its own
    if command == "flask --app microblog run":
        folder = STATES.folder(page_state)
        port = free_port()
        words = [*words, "--port", str(port)]
        database = f"sqlite:///{tmp_path / 'test.db'}"
        arguments = ["-m", "flask", *words]
        with Running(arguments, folder, DATABASE_URL=database) as running:
            assert running.answers(port)
        return
    assert program in ("make", "python"), f"no test knows how to run {command}"
    words = words[2:] if program == "python" else words
    root = NO_WINDOW
    if words[0] in OF_A_WORKSPACE:
        root = NO_WINDOW | {"COURSE_ROOT": str(own_course.root)}
        if words[0] == "run":
            folder = COURSE.chapter(page_state.chapter).folder.name
            work = own_course.root / "work" / folder
            copy_program(STATES.folder(page_state), work)
    with Running(["-m", "course", *words], COURSE.root, **root) as running:
        assert running.starts_or_ends_well(), running.said()
