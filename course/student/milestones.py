"""A copy of the program for each step that is done."""

import re
import shutil
from contextlib import suppress

from ..errors import CourseError
from ..lock import Busy
from .copies import changing, move, place_to_save
from .notes import examined, read_notes, write_notes
from .workspaces import Workspaces


def checked(workspace, tell=None, **options):
    """Check a workspace; the first time a step is done, keep a copy.

    Then `tell` is called with the step, where it is given. Where no copy can
    be made now, the next check makes it.
    """
    outcome = examined(workspace, **options)
    done = outcome.passed(workspace.chapter)
    kept = read_notes(workspace).get("kept", [])
    if done and done[-1].slug not in kept:
        digest = read_notes(workspace).get("digest")
        with suppress(Busy, CourseError, OSError):
            keep(workspace, done[-1], digest)
            write_notes(workspace, kept=[*kept, done[-1].slug])
            if tell:
                tell(done[-1])
    return outcome


def keep(workspace, step, digest):
    """Copy the program's own files, if they are those that were checked."""
    workspaces = Workspaces(workspace.course)
    with changing(workspaces, "make check"):
        target = place_to_save(workspaces, workspace, f".{step.slug}")
        unfinished = target.with_name(f".unfinished-{target.name}")
        workspace.copy_to(unfinished)
        makefile = workspace.folder / "Makefile"
        if makefile.is_file():
            shutil.copyfile(makefile, unfinished / "Makefile")
        if workspace.digest() != digest:
            raise CourseError("a file was saved meanwhile")
        move(unfinished, target)


def said_of(chapter, step):
    """What the chapter's list of steps says of one, without its links."""
    text = chapter.lesson.read_text(encoding="utf-8")
    link = re.escape(f"](steps/{step.page.name}):")
    item = rf"{link}\s+(.+?)(?=\n\d+\. |\n\n|\Z)"
    found = re.search(item, text, re.DOTALL)
    said = re.sub(r"\[(.+?)\]", r"\1", found[1]) if found else step.title
    return " ".join(said.split())
