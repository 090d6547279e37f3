"""The course's own environment, `.venv`, filled group by group.

Uses only the standard library: it runs before anything is installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

GROUPS = {"test": "test", "book": "book", "walk": "book", "lock": "lock"}
READS_PAGES = ["history", "adopt", "amend", "new-step", "new-chapter", "bench"]
GROUPS |= dict.fromkeys(READS_PAGES, "test")
LOOP = ["start", "check", "hint", "compare", "catch-up", "restore"]
GROUPS |= dict.fromkeys([*LOOP, "progress", "run"], "check")
GROUPS |= dict.fromkeys(["lab", "notebooks"], "notebooks")


class SetUpError(Exception):
    """What stopped the set-up, in words for the person who typed."""


def ready_for(command):
    """Whether this very Python is `.venv`'s, with the command's group."""
    return Path(sys.prefix) == VENV and installed(group_of(command))


def group_of(command):
    return GROUPS.get(command, "app")


def lock_of(group):
    return ROOT / "requirements" / f"{group}.txt"


def stamp_of(group):
    """A copy of the lock that was installed, written when all of it was."""
    return VENV / f"course-{group}.txt"


def installed(group):
    stamp = stamp_of(group)
    return (
        stamp.is_file() and stamp.read_bytes() == lock_of(group).read_bytes()
    )


def run_inside(arguments):
    """Run `python -m course` again in `.venv`; return the exit status."""
    try:
        set_up(group_of(arguments[0]))
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped half-way; the next run goes on.", file=sys.stderr)
        return 130
    command = [str(PYTHON), "-m", "course", *arguments]
    if not WINDOWS:
        os.execv(PYTHON, command)
    try:
        return subprocess.call(command)
    except KeyboardInterrupt:
        return 130


def set_up(group):
    """Install the locked packages of a group, unless they are there.

    Raises SetUpError; whatever was left half-way is mended by the next call.
    """
    if installed(group):
        return
    if not usable():
        say("Setting up, once: an environment in .venv …")
        make_venv()
    say(f"Installing what `{group}` needs …")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    options = ["--quiet", "--no-input", "--retries=1", "--require-hashes"]
    done = subprocess.run(
        [*pip, "install", *options, "-r", str(lock_of(group))],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise SetUpError(
            f"The packages of `{group}` could not be installed. pip said:\n\n"
            f"{indented(done.stderr)}\n\n"
            "The first set-up needs the network. Once you have it, type the "
            "same command again."
        )
    shutil.copyfile(lock_of(group), stamp_of(group))


def usable():
    """Whether `.venv` was made to its end and its Python still starts."""
    if not (VENV / "course-made").is_file():
        return False
    try:
        check = subprocess.run(
            [str(PYTHON), "-m", "pip", "--version"], capture_output=True
        )
    except OSError:
        return False
    return check.returncode == 0


def make_venv():
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise SetUpError(
            "An environment could not be made in .venv. Python said:\n\n"
            f"{indented(done.stdout + done.stderr)}\n\n"
            "On Debian and Ubuntu, try: sudo apt install python3-venv"
        )
    (VENV / "course-made").touch()


def indented(text, last=6):
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-last:])


def say(text):
    print(text, file=sys.stderr, flush=True)
