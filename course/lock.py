"""One at a time: whoever writes `build/`, `.venv` or `chapters/` is alone.

SQLite keeps the lock, since every Python has it before anything is installed
and the system lets go of it when a process ends, however it ends.
"""

import errno
import sqlite3
import sys
import threading
from contextlib import closing, contextmanager
from pathlib import Path

TURN = 0.2  # seconds between two tries, in which Ctrl-C is not heard

held = set()
threads = threading.RLock()


class Busy(Exception):
    """Another command is at work; the message says which."""


@contextmanager
def alone(root, doing=None, patience=300, name="lock"):
    """Be the only one who writes below a course's root, in the block.

    `doing` is how the person knows the command, such as `make amend 1.2`.
    `name` tells a lock that is held for a moment, such as that of the states,
    from the command's own: a command that calls others would lock them out.
    Whoever comes second is told who is at work, and waits `patience` seconds.
    A block inside of a block of the same process does not wait for itself.
    Raises Busy where it took too long.
    """
    path = Path(root).resolve() / "build" / f"{name}.db"
    with threads:
        if path in held:
            yield
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(opened(path)) as db:
            take(db, path, patience)
            note = path.with_suffix(".txt")
            note.write_text(doing or this_command(), encoding="utf-8")
            held.add(path)
            try:
                yield
            finally:
                held.discard(path)
                note.unlink(missing_ok=True)


def opened(path):
    """The file of the lock. Raises OSError where it cannot be made."""
    try:
        return sqlite3.connect(path, TURN, isolation_level=None)
    except sqlite3.OperationalError as error:
        refuse(error, path)


def refuse(error, path):
    """Raise OSError for all that is not another command at work."""
    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
        raise OSError(errno.EIO, str(error), str(path)) from None


def take(db, path, patience):
    """Take the lock, or say who has it and wait."""
    for turn in range(max(1, round(patience / TURN))):
        try:
            db.execute("BEGIN EXCLUSIVE")
            return
        except sqlite3.OperationalError as error:
            refuse(error, path)
            if turn == 1:
                print(f"Waiting: {holder(path)} …", file=sys.stderr)
    raise Busy(
        f"{holder(path)}, and this command writes the same files.\n"
        "Wait for it, or stop it, and type the same command again."
    )


def this_command():
    """How the person knows what runs here."""
    program, *words = sys.argv
    if Path(program).name == "__main__.py":
        program = "make"
    return " ".join([Path(program).name, *words[:3]])


def holder(path):
    """Who has the lock, in words."""
    try:
        doing = path.with_suffix(".txt").read_text(encoding="utf-8")
    except OSError:
        doing = "another command"
    return f"{doing} is at work here"
