"""The reader's own copies of the notebooks, in `work/notebooks`.

What is tracked keeps its outputs for those who only read. A copy has none,
so that no answer is on the screen before it is asked for.
"""

import hashlib
import json

import click

from ..student.copies import changing, put_in_place
from ..student.workspaces import Workspaces
from .notebooks import notebooks_of


def bring(course, again=False):
    """Make the copies that are missing, or all of them anew.

    A copy that is there is never changed: made anew, the old ones are moved
    into `work/.saved`. Returns the folder.
    """
    workspaces = Workspaces(course)
    own = workspaces.named("notebooks")
    with changing(workspaces, "make lab"):
        if again or not own.folder.exists():
            new = own.folder.with_name(".new-notebooks")
            new.mkdir(parents=True)
            for path in notebooks_of(course):
                copy(path, new / path.name)
            put_in_place(workspaces, own, new)
        for path in notebooks_of(course):
            add(path, own.folder / path.name)
    return own.folder


def add(path, target):
    """Make one copy where there is none, or say that it has become old."""
    if not target.exists():
        copy(path, target)
    elif edition_in(target) not in (None, edition(path)):
        click.echo(
            f"{path.name} has changed since yours was made, which stays as "
            "it is.\nTo begin anew (yours is kept): make lab AGAIN=1"
        )


def copy(path, target):
    """Write a notebook without its outputs, its links made to fit."""
    import nbformat  # takes a second

    notebook = cleared(nbformat.read(path, as_version=4))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("](../", "](../../")
    notebook.metadata["course_edition"] = edition(path)
    unfinished = target.with_name(f".{target.name}.new")
    nbformat.write(notebook, unfinished)
    unfinished.replace(target)


def cleared(notebook):
    """A notebook as if no cell had been run."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def edition(path):
    """A digest of what the author wrote: the cells, not their outputs."""
    import nbformat

    cells = nbformat.read(path, as_version=4).cells
    text = json.dumps([[cell.id, cell.source] for cell in cells])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def edition_in(copy):
    """The edition that a copy was made from; None if nothing says so."""
    try:
        notebook = json.loads(copy.read_text(encoding="utf-8"))
        return notebook["metadata"].get("course_edition")
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
