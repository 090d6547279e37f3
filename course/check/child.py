"""The process in which a workspace's program meets the course's tests.

It is started by `checking`, with Python's isolated mode, and says what it
finds on what was its standard error. Each of those lines starts with a
secret that it is told before the program is imported; what the program
prints goes elsewhere.
"""

import contextlib
import faulthandler
import importlib
import json
import os
import sys
import traceback
from pathlib import Path

import pytest

from course import places
from course.check.examiner import Examiner

ROOT = Path(__file__).resolve().parent.parent.parent
SLOW = ["bs4", "flask_login", "flask_sqlalchemy", "flask_wtf"]
PLUGINS_OFF = ("terminal", "cacheprovider", "faulthandler")
OPTIONS = [
    "-o",
    "addopts=",
    "-s",
    "-pcourse.matrix",
    "--assert=plain",
    *(f"-pno:{x}" for x in PLUGINS_OFF),
]


def main():
    """Wait for an order on standard input, and carry it out."""
    reports = os.fdopen(os.dup(2), "w", encoding="utf-8", newline="\n")
    os.dup2(1, 2)
    warm_up()
    line = sys.stdin.readline()
    if not line:
        return
    order = json.loads(line)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    run(order, Reporter(reports, order["secret"]))


def warm_up():
    """Import what takes long, while nothing is asked for yet."""
    for name in SLOW:
        with contextlib.suppress(ImportError):  # of a chapter not begun
            importlib.import_module(name)


class Reporter:
    """Writes what was found, a line of JSON each."""

    def __init__(self, stream, secret):
        self.stream, self.secret = stream, secret

    def __call__(self, event, **values):
        text = json.dumps({"event": event} | values)
        self.stream.write(f"{self.secret} {text}\n")
        self.stream.flush()


def run(order, report):
    program = Path(order["program"])
    os.chdir(ROOT)
    watch_the_exits(program, report)
    faulthandler.enable(report.stream)
    arguments = [
        *OPTIONS,
        f"--workspace={program}",
        f"--state={order['chapter']}",
        f"--basetemp={order['scratch']}",
        str(ROOT / "tests" / "chapters"),
    ]
    pytest.main(arguments, plugins=[Examiner(order, report)])
    report("end")


def watch_the_exits(program, report):
    """Say where the program ends this process, or removes its database."""
    leave = os._exit

    def told_exit(status=0):
        report("exit", place=caller(program))
        leave(status)

    def audited(event, arguments):
        if event == "os.remove" and str(arguments[0]).endswith(".db"):
            place = caller(program)
            if place:
                report("removed", place=place)

    os._exit = told_exit
    sys.addaudithook(audited)


def caller(program):
    """The line of the program that is being run, or None."""
    frames = traceback.extract_stack()
    return places.last_place(((f.filename, f.lineno) for f in frames), program)
