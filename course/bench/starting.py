"""How soon a state is there: built from its pages, and answering."""

import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from statistics import median

from course.chapters import ROOT, Course
from course.states import States

from .courses import copied, seconds, started

ROUNDS = 7


def building():
    """All states from their pages, files included."""
    with copied() as course:
        value = seconds(build, course)
    return "every state built from its pages", value, "at most", 1, "s"


def reusing():
    """To find that all states are built."""
    with copied() as course:
        build(course)
        value = seconds(build, Course(course.root))
    return "the same again, nothing changed", value, "at most", 0.1, "s"


def build(course):
    states = States(course)
    for state in course.states:
        states.folder(state)


def first_answer():
    """The last chapter's program beside `flask run` in its folder."""
    chapter = Course().chapters[-1]
    ours = ["course", "chapter", str(chapter.number)]
    flask = ["flask", "--app", "microblog", "run"]
    with tempfile.TemporaryDirectory() as folder:
        own = {"DATABASE_URL": f"sqlite:///{folder}/bench.db"}
        ratios = [
            seconds(answer, ours, ROOT)
            / seconds(answer, flask, chapter.folder, own)
            for _ in range(ROUNDS + 1)
        ]
    what = f"`make {' '.join(ours[1:])}` to its first answer, by `flask run`"
    return what, median(ratios[1:]), "at most", 1.3, "x"


def answer(command, folder, own=()):
    """Start a server and wait for its first answer."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = str(probe.getsockname()[1])
    words = [*command, "--port", port]
    with started(words, folder, stderr=subprocess.DEVNULL, **dict(own)):
        for _ in range(3000):
            with suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/").close()
                return
            time.sleep(0.005)
    raise TimeoutError(f"{words} did not answer")
