"""An edit in a snapshot, put into a step and carried through the course.

The course is exported, the edit becomes a commit at the end of its chapter,
and git's own rebase moves it into the step and replays what follows.
"""

import tempfile
from pathlib import Path

import click

from ..chapters import Course
from ..errors import CourseError
from ..suite import run_tests
from .history import write_history
from .rebase import rebase
from .repository import Repository, listed
from .snapshots import edited
from .stage import staged
from .summary import what_moved
from .transaction import mend, replaced


def amend(course, state, after=lambda course, moved: None):
    """Put the edit of a chapter's snapshot into a step; return what moved.

    `after` is called with the course as it is then and with what moved; if
    it is stopped, chapters/ is put back. Raises CourseError, with nothing
    changed, where git meets a conflict; build/history has it then.
    """
    mend(course.root)
    kept = Repository(course.root / "build" / "history")
    kept.check_nothing_to_adopt()
    (course.root / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=course.root / "build", prefix="amend-", ignore_cleanup_errors=True
    ) as scratch:
        repository = Repository(Path(scratch) / "history")
        commits = write_history(course, repository)
        chapter = chapter_to_amend(course, state)
        rebase(course, state, commits, repository, kept)
        with staged(course, repository) as changes:
            check_outcome(chapter, changes)
            moved = what_moved(course, changes)
            with replaced(course.root, changes):
                amended = Course(course.root)
                after(amended, moved)
                if kept.exists:
                    write_history(amended, kept, kept.exported()["steps"])
    return moved


def chapter_to_amend(course, state):
    """The chapter whose snapshot was edited, if the step is one of it."""
    found = edited(course)
    if not found:
        raise CourseError(
            "no snapshot was edited. Edit the program in chapters/"
            f"{folder_of(course, state)}, then type:\n    make amend {state}"
        )
    if len(found) > 1:
        names = [f"{c.folder.name}/{n}" for c in found for n in found[c]]
        raise CourseError(
            f"{len(found)} snapshots were edited, and a step takes the edit "
            f"of one:\n{listed(names)}\nPut one aside (git stash push "
            "chapters/…), amend, and take it back (git stash pop)."
        )
    (chapter,) = found
    if chapter.number != state.chapter:
        raise CourseError(
            f"the edit is in chapters/{chapter.folder.name}, and step {state} "
            f"is not of that chapter.\nTry: make amend {chapter.last}"
        )
    return chapter


def folder_of(course, state):
    return course.chapter(state.chapter).folder.name


def check_outcome(chapter, changes):
    """Raise CourseError where the edit itself would come out differently."""
    here = f"chapters/{chapter.folder.name}/"
    pages = f"{here}steps/"
    files = [
        name
        for name in changes
        if name.startswith(here) and not name.startswith(pages)
    ]
    if files:
        raise CourseError(
            "later steps of the chapter would undo a part of the edit in\n"
            f"{listed(files)}\nNothing in chapters/ was changed. "
            f"Try a later step: make amend {chapter.last}"
        )


def amend_and_test(course, state, tests):
    """Amend, say what moved and run the tests; return the exit status.

    Raises CourseError as `amend` does.
    """
    status = 0

    def after(amended, moved):
        nonlocal status
        click.echo(moved)
        if tests:
            status = run_tests(amended)

    try:
        amend(course, state, after)
    except KeyboardInterrupt:
        click.echo("\nStopped. chapters/ is as it was, your edit included.")
        return 130
    if status:
        click.echo(
            "The tests fail. The change is in chapters/: go on from there, "
            "and amend again."
        )
    return status
