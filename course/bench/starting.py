"""How soon a state is there: built from its pages, and answering."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from course.chapters import Course
from course.states import States

ROUNDS = 7


def building():
    """Seconds to build all states from their pages, files included."""
    with tempfile.TemporaryDirectory() as folder:
        course = copied_course(folder)
        return (
            "every state built from its pages",
            build(course),
            "at most",
            1,
            "s",
        )


def reusing():
    """Seconds to find that all states are built."""
    with tempfile.TemporaryDirectory() as folder:
        course = copied_course(folder)
        build(course)
        seconds = build(Course(course.root))
        return "the same again, nothing changed", seconds, "at most", 0.1, "s"


def copied_course(folder):
    shutil.copytree(Course().root / "chapters", Path(folder, "chapters"))
    return Course(folder)


def build(course):
    start = time.perf_counter()
    states = States(course)
    for state in course.states:
        states.folder(state)
    return time.perf_counter() - start


def first_answer():
    """`make chapter 3` beside `flask run` in the snapshot's folder."""
    course = Course()
    snapshot = course.chapters[2].folder
    ours = ["make", "chapter", "3"] if shutil.which("make") else []
    ours = ours or [sys.executable, "-m", "course", "chapter", "3"]
    flask = [sys.executable, "-m", "flask", "--app", "microblog", "run"]
    with tempfile.TemporaryDirectory() as folder:
        database = {"DATABASE_URL": f"sqlite:///{folder}/bench.db"}
        seconds_to_answer(flask, snapshot, FLASK_RUN_PORT=port(), **database)
        seconds_to_answer(ours, course.root, PORT=port())
        ratios = [
            seconds_to_answer(ours, course.root, PORT=port())
            / seconds_to_answer(
                flask, snapshot, FLASK_RUN_PORT=port(), **database
            )
            for _ in range(ROUNDS)
        ]
    what = "`make chapter 3` to its first answer, by `flask run`"
    return what, median(ratios), "at most", 1.3, "x"


def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def seconds_to_answer(command, folder, **environment):
    number = environment.get("PORT") or environment["FLASK_RUN_PORT"]
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{number}/login")
        return time.perf_counter() - start
    finally:
        stop(process)


def wait_for(address):
    for _ in range(3000):
        try:
            urllib.request.urlopen(address).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.005)
    raise TimeoutError(f"{address} did not answer")


def stop(process):
    """End a process and what it started, such as the program behind make."""
    if os.name == "nt":
        process.kill()
    else:
        os.killpg(process.pid, 9)
    process.wait()
