"""A state's database: where it is, and how it is started over."""

import sqlite3
from contextlib import closing

from .errors import CourseError


def database_of(course, state):
    """`instance/2.3/microblog.db`; its folder is made."""
    path = course.root / "instance" / str(state) / "microblog.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def check_columns(db, state):
    """Raise CourseError where the file lacks a column of the program's.

    Tables are made once; a program that has since gained a column would
    meet an error on every page. Call inside the program's app context.
    """
    for name, table in db.metadata.tables.items():
        stored = {c["name"] for c in db.inspect(db.engine).get_columns(name)}
        missing = [
            column.name
            for column in table.columns
            if column.name not in stored
        ]
        if missing:
            raise CourseError(
                f"the database of state {state} was made by an older program:"
                f" its table `{name}` has no `{missing[0]}`.\n"
                "Add the column yourself, or lose what is in it and start "
                f"over with: make reset {state}"
            )


def remove_database(course, state):
    """Remove a state's database; return what was removed, in words."""
    path = database_of(course, state)
    if not path.exists():
        return f"State {state} has no database yet; nothing was removed."
    held = contents(path)
    try:
        path.unlink()
    except PermissionError:
        raise CourseError(
            f"{path} is in use. Stop the program that runs on it (Ctrl-C in "
            f"its terminal), then type: make reset {state}"
        ) from None
    return f"Removed {path}, with {held}."


def contents(path):
    try:
        with closing(sqlite3.connect(path)) as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM user"
            ).fetchone()
    except sqlite3.DatabaseError:
        return "no table of users in it"
    return "1 user" if count == 1 else f"{count} users"
