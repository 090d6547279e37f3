"""An edit in a snapshot, put into a step and carried through the course.

The course is exported, the edit becomes a commit at the end of its chapter,
and git's own rebase moves it into the step and replays what follows.
"""

import click

from ..chapters import Course
from ..errors import CourseError
from ..states import States
from ..suite import run_tests
from .adoption import take_over
from .copies import Copy, what_moved
from .history import write_history
from .placement import at_work
from .rebase import rebase
from .repository import Repository, listed
from .snapshots import edited


def amend(course, state):
    """Put the edit of a chapter's snapshot into a step; return what moved.

    Raises CourseError, with nothing changed, where git meets a conflict;
    build/history has it then.
    """
    with at_work(course) as (course, scratch):
        copy = Copy(course, scratch)
        kept = Repository(course.root / "build" / "history")
        kept.check_nothing_to_adopt()
        repository = Repository(scratch / "history")
        commits = write_history(course, repository)
        check_edit(course, state)
        rebase(course, state, commits, repository, kept)
        take_over(course, copy, repository)
        check_outcome(course, copy, state)
        moved = what_moved(copy)
        copy.put_in_place()
        if kept.exists:
            write_history(Course(course.root), kept, kept.exported()["steps"])
    return moved


def check_edit(course, state):
    """Raise CourseError where not the step's own snapshot was edited."""
    found, folder = edited(course), folder_of(course, state)
    if not found:
        raise CourseError(
            "no snapshot was edited. Edit the program in chapters/"
            f"{folder}, then type:\n    make amend {state}"
        )
    others = [c for c in found if c.number != state.chapter]
    if others:
        names = [f"{c.folder.name}/{n}" for c in others for n in found[c]]
        raise CourseError(
            f"step {state} takes an edit in chapters/{folder}, and there is "
            f"one in\n{listed(names)}\nPut that aside (git stash push "
            "chapters/…) and take it back (git stash pop)\nlater; or put it "
            f"into a step of its own chapter: make amend {others[0].last}"
        )


def folder_of(course, state):
    return course.chapter(state.chapter).folder.name


def check_outcome(course, copy, state):
    """Raise CourseError where the edit itself would come out differently."""
    states, number = States(course), state.chapter
    ends = [c.chapter(number) for c in (course, Course(copy.root))]
    names = states.changed_files(*map(states.snapshot_tree, ends))
    if names:
        raise CourseError(
            "later steps of the chapter would undo a part of the edit in\n"
            f"{listed(names)}\nNothing in chapters/ was changed. "
            f"Try a later step: make amend {ends[0].last}"
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
