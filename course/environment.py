"""The course's own environment, `.venv`, filled as commands need it.

Uses only the standard library: it runs before anything is installed.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from . import installation, requirements
from .installation import SetUpError, python_of
from .lock import Busy, alone

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
STAMP = "course-installed.json"
AGAIN = "COURSE_RUNS_AGAIN"  # set for the one call from inside of .venv


def enter(words):
    """Be in `.venv`, with what a command needs, or run the command there.

    Return None if this very Python is the right one, or the exit status.
    """
    again = os.environ.pop(AGAIN, None)
    inside = VENV.is_dir() and VENV.samefile(sys.prefix)
    try:
        course = Path(os.environ.get("COURSE_ROOT") or ROOT)
        pins = requirements.needed(ROOT, course, words)
        if inside and installed(pins):
            return None
        if again and not inside:
            raise SetUpError(
                f"The Python of .venv runs in {sys.prefix} instead.\n"
                "Rename or remove .venv, and type the same command again."
            )
        set_up(pins)
    except (SetUpError, requirements.Unknown, Busy, OSError) as error:
        say(in_words(error) if isinstance(error, OSError) else error)
        return 2
    except KeyboardInterrupt:
        say("\nStopped half-way; the next run goes on.")
        return 130
    return run_inside(words)


def run_inside(words):
    """Run `python -m course` again in `.venv`; return the exit status."""
    command = [str(python_of(VENV)), "-m", "course", *words]
    environment = os.environ | {AGAIN: "1"}
    if not WINDOWS:
        os.execve(command[0], command, environment)
    try:
        return subprocess.call(command, env=environment)
    except KeyboardInterrupt:
        return 130


def installed(pins):
    """Whether all of the pins were installed, as they are locked now."""
    stamp = read_stamp()
    return (VENV / "pyvenv.cfg").is_file() and all(
        stamp.get(name) == text for name, text in pins.items()
    )


def read_stamp():
    try:
        return json.loads((VENV / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def set_up(pins):
    """Install pins, unless they are there; of several, one process does it.

    Raises SetUpError or Busy; what was left half-way, the next call mends.
    """
    with alone(ROOT, "the set-up of .venv", patience=1800):
        if not installed(pins):
            install(pins)


def install(pins):
    if not installation.usable(VENV):
        say("Setting up, once: an environment in .venv …")
        installation.make(VENV)
    stamp = read_stamp()
    new = [name for name, text in pins.items() if stamp.get(name) != text]
    say(f"Installing what this command needs: {len(new)} packages …")
    wanted = VENV / "course-wanted.txt"
    wanted.write_text("".join(pins.values()), encoding="utf-8")
    installation.install(VENV, wanted)
    packages = "Lib" if WINDOWS else "lib/python*"
    for place in VENV.glob(f"{packages}/site-packages"):
        path = os.path.relpath(ROOT, place)  # lets any editor import course
        (place / "course.pth").write_text(path + "\n", encoding="ascii")
    wanted.write_text(json.dumps(stamp | pins), encoding="utf-8")
    wanted.replace(VENV / STAMP)


def in_words(error):
    """A full disk, a folder that is read-only and the like, for a person."""
    where = f": {error.filename}" if error.filename else ""
    return (
        f"The system refused: {error.strerror or error}{where}\n"
        "The course writes below its own folder, and needs room and the "
        "right to do so there."
    )


def say(text):
    print(text, file=sys.stderr, flush=True)
