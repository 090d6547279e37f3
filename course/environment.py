"""The course's own environment, `.venv`, filled as commands need it.

Uses only the standard library: it runs before anything is installed.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import requirements

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
OURS = "course-made"  # in an environment that may be made anew
STAMP = "course-installed.json"
AGAIN = "COURSE_RUNS_AGAIN"  # set for the one call from inside of .venv


class SetUpError(Exception):
    """What stopped the set-up, in words for the person who typed."""


def enter(words):
    """Be in `.venv`, with what a command needs, or run the command there.

    Return None if this very Python is the right one, or the exit status.
    """
    again = os.environ.pop(AGAIN, None)
    try:
        pins = needed(words)
        if inside() and installed(pins):
            return None
        refuse_to_turn(again)
        set_up(pins)
    except SetUpError as error:
        say(error)
        return 2
    except OSError as error:
        say(in_words(error))
        return 2
    except KeyboardInterrupt:
        say("\nStopped half-way; the next run goes on.")
        return 130
    return run_inside(words)


def refuse_to_turn(again):
    """Raise SetUpError where `.venv` led to another Python than its own."""
    if again and not inside():
        raise SetUpError(
            f"The Python of .venv runs in {sys.prefix} instead.\n"
            "Rename or remove .venv, and type the same command again."
        )


def inside():
    return VENV.is_dir() and VENV.samefile(sys.prefix)


def run_inside(words):
    """Run `python -m course` again in `.venv`; return the exit status."""
    command = [str(PYTHON), "-m", "course", *words]
    environment = os.environ | {AGAIN: "1"}
    if not WINDOWS:
        os.execve(PYTHON, command, environment)
    try:
        return subprocess.call(command, env=environment)
    except KeyboardInterrupt:
        return 130


def needed(words):
    course = Path(os.environ.get("COURSE_ROOT") or ROOT)
    try:
        return requirements.needed(ROOT, course, words)
    except requirements.Unknown as error:
        raise SetUpError(str(error)) from None


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

    Raises SetUpError; whatever was left half-way is mended by the next call.
    """
    from .lock import Busy, alone

    try:
        with alone(ROOT, "the set-up of .venv", patience=1800):
            if not installed(pins):
                install(pins)
    except Busy as error:
        raise SetUpError(str(error)) from None


def install(pins):
    if not usable():
        say("Setting up, once: an environment in .venv …")
        make_venv()
    stamp = read_stamp()
    new = [name for name, text in pins.items() if stamp.get(name) != text]
    say(f"Installing what this command needs: {len(new)} packages …")
    wanted = VENV / "course-wanted.txt"
    wanted.write_text("".join(pins.values()), encoding="utf-8")
    pip_install("-r", str(wanted))
    packages = "Lib" if WINDOWS else "lib/python*"
    for place in VENV.glob(f"{packages}/site-packages"):
        path = os.path.relpath(ROOT, place)  # lets any editor import course
        (place / "course.pth").write_text(path + "\n", encoding="ascii")
    wanted.write_text(json.dumps(stamp | pins), encoding="utf-8")
    wanted.replace(VENV / STAMP)


def pip_install(*wanted):
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    options = ["--quiet", "--no-input", "--retries=1", "--require-hashes"]
    done = run([*pip, "install", *options, *wanted])
    if done.returncode:
        raise SetUpError(
            "The packages could not be installed. pip said:\n\n"
            f"{indented(done.stderr)}\n\n"
            "The first set-up needs the network. Once you have it, type the "
            "same command again."
        )


def usable():
    """Whether `.venv` has a Python that starts, is new enough and has pip."""
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        done = run([str(PYTHON), "-c", check])
    except OSError:
        return False
    return (VENV / "pyvenv.cfg").is_file() and done.returncode == 0


def make_venv():
    """Make `.venv`, anew if it is ours. What others made stays as it is."""
    if VENV.exists() and not (VENV / OURS).is_file():
        raise SetUpError(
            "There is a .venv that this course did not make, without a "
            "Python 3.11 or later\nthat has pip. Nothing in it was changed. "
            "Rename it, and type the same command again."
        )
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(exist_ok=True)
    (VENV / OURS).touch()
    done = run([sys.executable, "-m", "venv", str(VENV)])
    if done.returncode:
        raise SetUpError(
            "An environment could not be made in .venv. Python said:\n\n"
            f"{indented(done.stdout + done.stderr)}\n\n"
            "On Debian and Ubuntu, try: sudo apt install python3-venv"
        )


def run(command):
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace"
    )


def in_words(error):
    """A full disk, a folder that is read-only and the like, for a person."""
    where = f": {error.filename}" if error.filename else ""
    return (
        f"The system refused: {error.strerror or error}{where}\n"
        "The course writes below its own folder, and needs room and the "
        "right to do so there."
    )


def indented(text, last=6):
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-last:])


def say(text):
    print(text, file=sys.stderr, flush=True)
