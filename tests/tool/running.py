"""A program in a process of its own, stopped at the end of a block."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def in_a_thread(call, *arguments):
    """Playwright drives one browser in a thread."""
    thread = threading.Thread(target=call, args=arguments)
    thread.start()
    thread.join()


class Running:
    """`python ARGUMENTS` in a folder, with its output read as it comes."""

    def __init__(
        self, arguments, folder, python=sys.executable, **environment
    ):
        plain = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
        self.process = subprocess.Popen(
            [str(python), *map(str, arguments)],
            cwd=folder,
            env=os.environ | plain | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        self.lines, self.seen = queue.Queue(), []
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def wait_for(self, *words):
        """Read on until a line holds one of the words; None at the end."""
        while (line := self.lines.get(timeout=60)) is not None:
            self.seen.append(line)
            if any(word in line for word in words):
                return line
        return None

    def said(self):
        return "".join(self.seen)

    def answers(self, port):
        """Whether the front page is there, once the server says it is up."""
        self.wait_for("Running on", "open ", "CTRL+C")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            return page.status == 200

    def starts_or_ends_well(self):
        if self.wait_for("stop      Ctrl-C"):
            return True
        return self.process.wait() == 0

    def interrupt(self):
        """Ctrl-C; return the exit status and all that was printed."""
        self.process.send_signal(signal.SIGINT)
        self.wait_for()
        return self.process.wait(), self.said()
