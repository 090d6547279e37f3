"""Runners that are forked from one warm process: a hundred checks in a test
run need not import Flask a hundred times.

Each is a process of its own, with pipes of its own, as the real one is.
"""

import atexit
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from course.chapters import ROOT
from course.check.process import ISOLATED, Runner, environment

NURSERY = """
import json, os, signal, sys
sys.path.insert(0, sys.argv[1])
from course.check import child as inside
inside.warm_up()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    order, out, err = json.loads(line)
    child = os.fork()
    if not child:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        for fd, path, mode in (
            (0, order, os.O_RDONLY), (1, out, os.O_WRONLY),
            (2, err, os.O_WRONLY),
        ):
            os.dup2(os.open(path, mode), fd)
        sys.stdin = open(0)
        inside.main()
        sys.stdout.flush()
        os._exit(0)
    print(child, flush=True)
"""


class Nursery:
    """The warm process."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, *ISOLATED, "-c", NURSERY, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env=environment(),
        )
        self.lock = threading.Lock()
        atexit.register(self.process.kill)

    def __call__(self):
        return Forked(self)

    def fork(self, *paths):
        with self.lock:
            self.process.stdin.write(json.dumps([str(p) for p in paths]))
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            return int(self.process.stdout.readline())


class Child:
    """As much of a Popen as a Runner needs."""

    def __init__(self, pid, stdout, stderr):
        self.pid, self.stdout, self.stderr = pid, stdout, stderr
        self.stdin = io.StringIO()

    def wait(self):
        """Nothing: the nursery does not keep its dead."""


class Forked(Runner):
    """A Runner that is forked when it gets its order."""

    def __init__(self, nursery):
        self.nursery, self.process = nursery, None
        self.prepare()

    def order(self, **order):
        folder = Path(tempfile.mkdtemp(dir=Path(order["scratch"]).parent))
        paths = [folder / name for name in ("order", "out", "err")]
        line = json.dumps({"secret": self.secret} | order)
        paths[0].write_text(line + "\n", encoding="utf-8")
        for path in paths[1:]:
            os.mkfifo(path)
        pid = self.nursery.fork(*paths)
        out, err = (path.open(encoding="utf-8") for path in paths[1:])
        self.process = Child(pid, out, err)
        self.listen()

    def stop(self):
        if self.process:
            super().stop()
