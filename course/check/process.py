"""A process that meets programs with the tests, and what it says."""

import contextlib
import json
import math
import os
import queue
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from ..chapters import ROOT

INSIDE = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from course.check.child import main; main(*sys.argv[2:])"
)
ISOLATED = ["-I", "-u", "-X", "utf8"]  # no path, variable or site of others
TOLERANT = ["-W", "ignore"]
STEERING = ("PYTHON", "PYTEST", "HYPOTHESIS", "COVERAGE")
MOST = 1_000_000  # bytes of one event
KEPT = 20_000  # characters of what the program printed
EVERY = SimpleNamespace(slug="*")
START = 60  # seconds that Python may take to start, on a slow machine


class Runner:
    """Warms up from the start, and carries out one order after the other.

    Where the system can fork, its process meets each program in a child;
    elsewhere a process is used up by one order, and the next is started.
    With an exercise, the tests are the checks of that exercise alone; with
    EVERY, those of each exercise of the chapter. `hidden` is a folder with
    more tests.
    """

    def __init__(self, course, number, exercise=None, hidden=None):
        self.course, self.number, self.exercise = course, number, exercise
        self.hidden = hidden
        self.scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = self.child = None
        self.warm()

    def warm(self):
        """Have a process that waits for an order."""
        if self.process and self.process.poll() is None:
            return
        self.end()
        self.events, self.quiet = queue.Queue(), threading.Event()
        self.secret = secrets.token_hex(16)
        self.printed, self.unsigned = b"", ""
        words = [self.course.root, str(self.number), self.scratch.name]
        words += [self.exercise.slug if self.exercise else ""]
        words += [Path(self.hidden).absolute()] if self.hidden else []
        self.process = subprocess.Popen(
            [sys.executable, *ISOLATED, *TOLERANT, "-c", INSIDE, ROOT, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.scratch.name,
            env=environment(self.course),
            start_new_session=True,
        )
        tasks = [self.read_printed, self.read_events]
        self.threads = [threading.Thread(target=t, daemon=True) for t in tasks]
        for thread in self.threads:
            thread.start()
        self.write({"secret": self.secret})

    def write(self, values):
        with contextlib.suppress(OSError):  # it ended: it will be `gone`
            self.process.stdin.write(json.dumps(values).encode() + b"\n")
            self.process.stdin.flush()

    def carried_out(self, order, patience):
        """Yield what the tests say of a program: dicts with an `event`.

        The last is `gone`: the tests have ended, or the program ended them,
        or nothing came for `patience` seconds and they were ended. So they
        are after the `total` seconds that an order may name.
        """
        self.warm()
        self.printed = b""
        self.quiet.clear()
        self.write(order)
        wait, event, end = max(patience, START), {}, math.inf
        while event.get("event") != "gone":
            event = self.next_event(min(wait, end - time.monotonic()))
            wait = 1 if event["event"] == "end" else patience
            self.child = event.get("pid", self.child)
            if event["event"] == "planned":
                end = time.monotonic() + order.get("total", math.inf)
            if event.get("late") and time.monotonic() >= end:
                event["late"] = "in all"
            yield dict(event)
        self.quiet.wait(timeout=1)
        self.child = None

    def give_up(self):
        """End what is carried out, and be ready for another order."""
        with contextlib.suppress(OSError):
            end_group(self.child or self.process.pid)
        while self.next_event(START)["event"] != "gone":
            pass
        self.child = None

    def next_event(self, wait):
        try:
            return self.events.get(timeout=max(wait, 0))
        except queue.Empty:
            self.end()
            return {"event": "gone", "late": True, "said": ""}

    def said(self):
        """What the program printed, or the beginning of it."""
        printed = self.printed.partition(self.secret.encode())[0]
        return printed.decode("utf-8", "replace")[:KEPT]

    def read_events(self):
        stream = self.process.stderr
        for data in iter(partial(stream.readline, MOST), b""):
            line = data.decode("utf-8", "replace")
            secret, _, text = line.partition(" ")
            if secret == self.secret:
                self.put(json.loads(text))
            elif len(self.unsigned) < KEPT:
                self.unsigned += line
        self.put({"event": "gone"})

    def put(self, event):
        if event["event"] == "gone":
            event["said"], self.unsigned = self.unsigned, ""
        self.events.put(event)

    def read_printed(self):
        """Keep the beginning of what is printed; the secret is its end."""
        last = b""
        while piece := self.process.stdout.read1(KEPT):
            self.printed += piece[: max(KEPT + 50 - len(self.printed), 0)]
            last = last[-50:] + piece
            if self.secret.encode() in last:
                last = b""
                self.quiet.set()
        self.quiet.set()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self):
        self.end()
        self.scratch.cleanup()

    def end(self):
        """End the process, and all that the program started."""
        if not self.process:
            return
        for pid in filter(None, (self.child, self.process.pid)):
            with contextlib.suppress(OSError):
                end_group(pid)
        self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        streams = (self.process.stdout, self.process.stderr)
        for thread, stream in zip(self.threads, streams, strict=True):
            thread.join(timeout=2)
            if not thread.is_alive():
                stream.close()
        self.process = self.child = None


def end_group(pid):
    if os.name == "posix":
        os.killpg(pid, signal.SIGKILL)
    else:
        os.kill(pid, signal.SIGTERM)


def environment(course):
    """The person's own, without what would steer Python or the program."""
    steering = (*STEERING, *course.program.STEERING)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(steering)}
    return kept | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "COURSE_ROOT": str(course.root),
    }
