"""An environment, made with venv and filled by pip.

Uses only the standard library: it runs before anything is installed.
"""

import os
import shutil
import subprocess
import sys

OURS = "course-made"  # a file in an environment that may be made anew


class SetUpError(Exception):
    """What stopped the set-up, in words for the person who typed."""


def python_of(venv):
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    return venv / inside


def usable(venv):
    """Whether its Python starts, is new enough and has pip."""
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        run("", str(python_of(venv)), "-c", check)
    except (OSError, SetUpError):
        return False
    return (venv / "pyvenv.cfg").is_file()


def make(venv):
    """Make `.venv`, anew if it is ours. What others made stays as it is."""
    if venv.exists() and not (venv / OURS).is_file():
        raise SetUpError(
            "There is a .venv that this course did not make, without a "
            "Python 3.11 or later\nthat has pip. Nothing in it was changed. "
            "Rename it, and type the same command again."
        )
    shutil.rmtree(venv, ignore_errors=True)
    venv.mkdir(exist_ok=True)
    (venv / OURS).touch()
    run(
        "An environment could not be made in .venv. Python said:\n\n{}\n\n"
        "On Debian and Ubuntu, try: sudo apt install python3-venv",
        *(sys.executable, "-m", "venv", str(venv)),
    )


def install(venv, requirements):
    run(
        "The packages could not be installed. pip said:\n\n{}\n\n"
        "The first set-up needs the network. Once you have it, type the "
        "same command again.",
        *(str(python_of(venv)), "-m", "pip", "--disable-pip-version-check"),
        *("install", "--quiet", "--no-input", "--retries=1"),
        *("--require-hashes", "-r", str(requirements)),
    )


def run(otherwise, *command):
    """Run a command. Raises SetUpError, with the last lines that it said."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        said = "\n".join(f"    {line}" for line in lines[-6:])
        raise SetUpError(otherwise.format(said))
