"""The snapshots as they stand, beside what the steps make."""

from ..errors import CourseError
from ..states import States
from .repository import listed


def check_snapshots(course):
    """Raise CourseError for an edit in a snapshot that no step holds."""
    for chapter, names in edited(course).items():
        raise CourseError(
            f"chapters/{chapter.folder.name} holds what none of its steps "
            f"makes:\n{listed(names)}\n"
            f"To put it into a step, such as the last: make amend "
            f"{chapter.last}"
        )


def edited(course):
    """The changed files of each chapter whose snapshot was edited."""
    states = States(course)
    found = {}
    for chapter in course.chapters:
        made = states.trees[chapter.last]
        stands = states.snapshot_tree(chapter)
        if made != stands:
            found[chapter] = states.changed_files(made, stands)
    return found


def chapters_tree(course):
    """A tree of all pages and snapshots as they stand, lessons left out."""
    lessons = "/*/README.md"
    return States(course).tree_of(
        course.root / "chapters", [lessons, "/*/instance/", "__pycache__/"]
    )
