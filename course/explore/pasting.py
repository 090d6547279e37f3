"""What is pasted at a prompt: often more than one line."""

import re
import select
import sys

import click

QUIET = {"default": "", "show_default": False}
GOES_ON = re.compile(r"[\\^`]\s*\Z")  # as shells say it, at a line's end
ENDS = {"$session =": "Invoke-WebRequest", "fetch(": ");"}  # of what begins so
MOMENT = 0.1  # seconds in which a terminal hands on what was pasted


def pasted():
    """The lines that were pasted, as one text.

    A request of several lines is read to its end; so is whatever waits in
    the terminal, where it would be taken for a key or a command.
    """
    text = click.prompt("Paste a cookie", **QUIET)
    while goes_on(text) or waits(sys.stdin):
        line = sys.stdin.readline()
        if not line:
            break
        text += "\n" + line.rstrip("\n")
    return text


def goes_on(text):
    """Whether a request, as browsers copy them, has not ended here."""
    open_still = [text.startswith(x) and ENDS[x] not in text for x in ENDS]
    return bool(GOES_ON.search(text)) or any(open_still)


def waits(stdin):
    """Whether a terminal has another line; Windows does not say."""
    if not stdin.isatty() or sys.platform == "win32":
        return False
    return bool(select.select([stdin], [], [], MOMENT)[0])
