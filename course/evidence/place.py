"""A line of somebody's program."""

import linecache
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """A line of the program: its file, from the program's folder on."""

    file: str
    line: int
    text: str

    def __str__(self):
        return f"{self.file}, line {self.line}"

    def is_below(self, other):
        return self.file == other.file and self.line > other.line


class Files:
    """The files of a program below a folder, and the lines that run."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.names = {}
        inits = self.root.glob("*/__init__.py")
        self.packages = [init.parent.name for init in inits]

    def file_of(self, name):
        """`microblog/routes.py`, or None for a file elsewhere."""
        if name not in self.names:
            path = Path(name)
            inside = path.is_absolute() and path.resolve()
            own = inside and inside.is_relative_to(self.root)
            found = own and inside.relative_to(self.root).as_posix()
            self.names[name] = found or self.copied(path)
        return self.names[name]

    def copied(self, path):
        """The name of a file of which this is a copy elsewhere, or None."""
        for at, part in enumerate(
            path.parts[:-1] if path.is_absolute() else ()
        ):
            name = Path(*path.parts[at:])
            if part in self.packages and (self.root / name).is_file():
                return name.as_posix()
        return None

    def at(self, file, line):
        """The Place of a line of a file, or None for a file elsewhere."""
        name = self.file_of(file or "")
        if name is None:
            return None
        return Place(name, line, linecache.getline(file, line).strip())

    def line_of(self, frame, line=None):
        """The Place of a frame of the program's, or None.

        A template runs as Python that knows the template's lines.
        """
        file, line = frame.f_code.co_filename, line or frame.f_lineno
        if template := frame.f_globals.get("__jinja_template__"):
            file = template.filename or ""
            line = template.get_corresponding_lineno(line)
        return self.at(file, line)

    def place_of(self, frame):
        """The Place of the innermost line of the program, or None."""
        while frame is not None:
            if place := self.line_of(frame):
                return place
            frame = frame.f_back
        return None

    def place_of_function(self, function):
        """Where a function is defined: the line with its `def`, or None."""
        code = getattr(function, "__code__", None)
        if code is None or self.file_of(code.co_filename) is None:
            return None
        lines = linecache.getlines(code.co_filename)
        for number in range(code.co_firstlineno, len(lines) + 1):
            if lines[number - 1].lstrip().startswith(("def ", "async def ")):
                return self.at(code.co_filename, number)
        return None
