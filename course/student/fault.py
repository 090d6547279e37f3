"""An error of a student's program, for who reads a page or a terminal."""

from html import escape
from pathlib import Path
from string import Template
from typing import NamedTuple

import click

from ..places import own_trace, place_of, words_of

PAGE = Path(__file__).with_name("fault.html")
MOST = 300  # characters of what an error says


class Fault(NamedTuple):
    """What happened, and the student's own line that it happened at."""

    what: str
    place: str
    line: str
    trace: str

    @classmethod
    def of(cls, error, folder):
        """The Fault that an exception is, in the program of a folder."""
        said = f"{type(error).__name__}: {words_of(error)[:MOST]}"
        place = place_of(error, folder) or ""
        line = line_at(place, folder) if place else ""
        return cls(
            said.removesuffix(": "), place, line, own_trace(error, folder)
        )

    def tell(self, title):
        """Print the title and what is known, in at most four lines."""
        click.secho(title, bold=True)
        lines = [self.what, self.place, f"    {self.line}"]
        click.echo("\n".join(f"    {x}" for x in lines if x.strip()))

    def page(self, title):
        """The page that stands where the program's own would."""
        known = {"title": title} | self._asdict()
        text = PAGE.read_text(encoding="utf-8")
        known = {name: escape(value) for name, value in known.items()}
        return Template(text).substitute(known).encode("utf-8")


def line_at(place, folder):
    """The text of the line that `microblog/routes.py, line 12` names."""
    file, _, number = place.rpartition(", line ")
    text = Path(folder, file).read_text("utf-8", "replace")
    return (["", *text.splitlines(), ""])[int(number)].strip()


def refusing(fault, title):
    """A WSGI application that has this Fault for every request."""

    def app(environ, start_response):
        return answered(fault.page(title), start_response)

    return app


def explained(app, folder):
    """A WSGI application whose exceptions are pages that tell the line."""

    def answer(environ, start_response):
        try:
            return app(environ, start_response)
        except Exception as error:
            fault = Fault.of(error, folder)
            asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
            title = f"Your program raised an error at {asked}"
            fault.tell(title)
            return answered(fault.page(title), start_response)

    return answer


def answered(page, start_response):
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(page))),
        ("Cache-Control", "no-store"),
    ]
    start_response("500 Internal Server Error", headers)
    return [page]
