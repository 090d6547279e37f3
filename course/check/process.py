"""A process that meets a program with the tests, and what it says."""

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading

from ..chapters import ROOT

INSIDE = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from course.check.child import main; main()"
)
ISOLATED = ["-I", "-X", "utf8"]  # no path, variable or site of others
KEPT = 20_000  # characters of what the program printed
START = 60  # seconds that Python may take to start, on a slow machine


class Runner:
    """Warms up from the start, and waits for its one order."""

    def __init__(self):
        self.prepare()
        self.process = subprocess.Popen(
            [sys.executable, *ISOLATED, "-c", INSIDE, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            cwd=ROOT,
            env=environment(),
            start_new_session=True,
        )
        self.listen()

    def prepare(self):
        self.events = queue.Queue()
        self.secret = secrets.token_hex(16)
        self.printed, self.unsigned = "", ""
        self.threads = {}

    def listen(self):
        readers = {
            self.process.stdout: self.read_printed,
            self.process.stderr: self.read_events,
        }
        for stream, task in readers.items():
            thread = threading.Thread(target=task, daemon=True)
            thread.start()
            self.threads[thread] = stream

    def order(self, **order):
        """Say what is to be tested. It starts at once."""
        line = json.dumps({"secret": self.secret} | order)
        with contextlib.suppress(OSError):  # it ended: `heard` says so
            self.process.stdin.write(line + "\n")
            self.process.stdin.close()

    def heard(self, patience):
        """Yield what the tests say: dicts with an `event`.

        The last is `end`, or `lost` where the program ended the process or
        was ended because nothing came for `patience` seconds.
        """
        wait = max(patience, START)
        while True:
            try:
                event = self.events.get(timeout=wait)
            except queue.Empty:
                event = {"event": "lost", "late": True, "said": ""}
            last = event["event"] in ("end", "lost")
            yield event
            if last:
                return
            wait = patience

    def read_events(self):
        for line in self.process.stderr:
            secret, _, text = line.partition(" ")
            if secret == self.secret:
                self.events.put(json.loads(text))
            elif len(self.unsigned) < KEPT:
                self.unsigned += line
        self.events.put({"event": "lost", "said": self.unsigned})

    def read_printed(self):
        while piece := self.process.stdout.read(4096):
            self.printed += piece[: max(KEPT - len(self.printed), 0)]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self):
        """End the process, and all that the program started."""
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        for thread, stream in self.threads.items():
            thread.join(timeout=2)
            if not thread.is_alive():
                stream.close()


def environment():
    """The person's own, without what would steer Python, pytest or Flask."""
    steering = ("PYTHON", "PYTEST", "FLASK", "HYPOTHESIS", "COVERAGE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(steering)}
    for name in ("SECRET_KEY", "DATABASE_URL"):
        kept.pop(name, None)
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
