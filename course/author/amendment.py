"""An edit in a snapshot, put into a step and carried through the course.

The course is exported, the edit becomes a commit at the end of its chapter,
and git's own rebase moves it into the step and replays what follows.
"""

import click

from ..chapters import Course
from ..errors import CourseError
from ..suite import run_tests
from .history import write_history
from .placement import at_work, put_in_place, standing
from .rebase import rebase
from .repository import Repository, listed
from .snapshots import edited
from .stage import staged
from .summary import what_moved


def amend(course, state):
    """Put the edit of a chapter's snapshot into a step; return what moved.

    Raises CourseError, with nothing changed, where git meets a conflict;
    build/history has it then.
    """
    with at_work(course) as (course, scratch):
        seen = standing(course.root)
        kept = Repository(course.root / "build" / "history")
        kept.check_nothing_to_adopt()
        repository = Repository(scratch / "history")
        commits = write_history(course, repository)
        chapter = chapter_to_amend(course, state)
        rebase(course, state, commits, repository, kept)
        changes, _ = staged(course, repository, scratch)
        check_outcome(chapter, changes)
        moved = what_moved(course, changes)
        put_in_place(course.root, changes, seen)
        if kept.exists:
            write_history(Course(course.root), kept, kept.exported()["steps"])
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
    """Amend, say what moved and run the chapter's tests; return the status.

    Nothing is undone where they fail or are stopped. Raises CourseError as
    `amend` does.
    """
    click.echo(amend(course, state))
    if not tests:
        return 0
    names = [f"chapters/{folder_of(course, state)}", "tool/test_rules.py"]
    paths = [course.root / "tests" / name for name in names]
    try:
        status = run_tests(course, None, [str(p) for p in paths if p.exists()])
    except KeyboardInterrupt:
        status = 130
    click.echo(
        "The tests fail. The change is in chapters/: go on from there, and "
        "amend again."
        if status
        else "These were the tests of the chapter. All of them: make test"
    )
    return status
