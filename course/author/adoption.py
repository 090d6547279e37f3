"""`build/history`, read back into pages and snapshots."""

from ..chapters import Course
from ..errors import CourseError
from ..states import States
from .history import write_history
from .placement import at_work, put_in_place, standing
from .repository import Repository, listed
from .snapshots import chapters_tree
from .stage import staged
from .summary import what_moved


def adopt(course):
    """Make chapters/ say what build/history says; return what moved.

    Raises CourseError, with nothing changed, where the commits cannot be
    read as steps, or where a change in chapters/ would be lost.
    """
    with at_work(course) as (course, scratch):
        seen = standing(course.root)
        repository = Repository(course.root / "build" / "history")
        check_exported(repository)
        repository.check_at_rest()
        repository.check_branch()
        check_unchanged(course, repository)
        changes, lost = staged(course, repository, scratch)
        moved = what_moved(course, changes, lost)
        put_in_place(course.root, changes, seen)
        write_history(Course(course.root), repository)
    return moved


def check_exported(repository):
    if not repository.exists:
        raise CourseError("there is no build/history yet. Try: make history")
    if repository.exported()["steps"]:
        raise CourseError(
            "build/history has a commit for each step, and the pages are made "
            "from a commit\nfor each block. Try: make history"
        )


def check_unchanged(course, repository):
    """Raise CourseError where chapters/ is not what was exported."""
    old = repository.exported()["chapters"]
    new = chapters_tree(course)
    if new != old:
        names = States(course).changed_files(old, new)
        raise CourseError(
            f"chapters/ has changed since make history:\n{listed(names)}\n"
            "make adopt would undo that. Put it aside (git stash push "
            "chapters), make adopt,\nand take it back (git stash pop); or "
            "move build/history away and make it again."
        )
