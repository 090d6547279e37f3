"""What is pasted at a prompt: often more than one line."""

import re
import select
import sys

import click

QUIET = {"default": "", "show_default": False}
GOES_ON = re.compile(r"[\\^`]\s*\Z")  # as shells say it, at a line's end
MOMENT = 0.1  # seconds in which a terminal hands on what was pasted


def pasted():
    """The lines that were pasted, as one text.

    A line that ends as cURL's do goes on in the next one; so does whatever
    waits in the terminal, where it would be taken for a key or a command.
    """
    text = click.prompt("Paste a cookie", **QUIET)
    while GOES_ON.search(text) or waits(sys.stdin):
        line = sys.stdin.readline()
        if not line:
            break
        text += "\n" + line.rstrip("\n")
    return text


def waits(stdin):
    """Whether a terminal has another line; Windows does not say."""
    if not stdin.isatty() or sys.platform == "win32":
        return False
    return bool(select.select([stdin], [], [], MOMENT)[0])
