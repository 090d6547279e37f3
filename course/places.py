"""Where in a program an error came from, for whoever wrote the program."""

import traceback
from pathlib import Path

MOST_LETTERS = 300


def told(error, root):
    """`ValueError: no such thing (microblog/routes.py, line 12)`.

    `root` is the folder that holds the program. Without a line of the
    program in the traceback, the place is left out.
    """
    words = words_of(error)[:MOST_LETTERS]
    said = f"{type(error).__name__}: {words}".removesuffix(": ")
    place = place_of(error, root)
    return f"{said} ({place})" if place else said


def words_of(error):
    """What an error says, without the place that some add to it."""
    for name in ("msg", "message"):
        if isinstance(getattr(error, name, None), str):
            return getattr(error, name)
    return str(error).partition("\n")[0]


def place_of(error, root):
    """The last place below root that led to an error, or None."""
    if isinstance(error, SyntaxError) or hasattr(error, "lineno"):
        place = shown(getattr(error, "filename", None), error.lineno, root)
        if place:
            return place
    frames = traceback.extract_tb(error.__traceback__)
    return last_place(((f.filename, f.lineno) for f in frames), root)


def last_place(frames, root):
    """The last of (file, line) pairs that is below root, or None."""
    places = [shown(file, line, root) for file, line in frames]
    return next((place for place in reversed(places) if place), None)


def shown(file, line, root):
    """`microblog/routes.py, line 12`, or None for a file elsewhere."""
    path = Path(file or "")
    for folder in (Path(root), Path(root).resolve()):
        if path.is_relative_to(folder):
            return f"{path.relative_to(folder).as_posix()}, line {line}"
    return None
