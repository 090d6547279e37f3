"""Where in a program an error came from, for whoever wrote the program."""

import os
import re
import traceback
from pathlib import Path

MOST_LETTERS = 300
MOST_FRAMES = -100  # the last ones


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
    frames = traceback.extract_tb(error.__traceback__, MOST_FRAMES)
    return last_place(((f.filename, f.lineno) for f in frames), root)


def last_place(frames, root):
    """The last of (file, line) pairs that is below root, or None."""
    latest = reversed(list(frames))
    places = (shown(file, line, root) for file, line in latest)
    return next(filter(None, places), None)


def shown(file, line, root):
    """`microblog/routes.py, line 12`, or None for a file elsewhere."""
    path = Path(file or "")
    for folder in (Path(root), Path(root).resolve()):
        if path.is_relative_to(folder):
            return f"{path.relative_to(folder).as_posix()}, line {line}"
    return None


def here(root):
    """The last place below root that is being run, or None."""
    frames = traceback.extract_stack()
    return last_place(((f.filename, f.lineno) for f in frames), root)


def own_trace(error, root):
    """The traceback of the program's own lines, and the last of a library.

    It is that of the first error that the program met, of those that led to
    this one; an empty text where none has a line of the program in it.
    """
    chain = [error]
    while cause := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(cause)
    return next(filter(None, (cut(each, root) for each in chain[::-1])), "")


def cut(error, root):
    """A traceback without the lines of whoever called the program."""
    frames = traceback.extract_tb(error.__traceback__, MOST_FRAMES)
    own = [f for f in frames if shown(f.filename, f.lineno, root)]
    if not own and not shown(getattr(error, "filename", ""), 0, root):
        return ""
    kept = own if not own or own[-1] is frames[-1] else [*own, frames[-1]]
    said = traceback.format_list([named_from(f, root) for f in kept])
    said += traceback.format_exception_only(error)
    told = "".join(["Traceback, the program's own lines:\n", *said])
    return told.replace(f"{Path(root)}{os.sep}", "")


def named_from(frame, root):
    """A frame whose file is named from the program or its library on."""
    name = re.split(r"site-packages[\\/]", frame.filename)[-1]
    own = shown(frame.filename, 0, root)
    name = own.rpartition(",")[0] if own else name
    place = (name, frame.lineno, frame.name)
    return traceback.FrameSummary(*place, line=frame.line)
