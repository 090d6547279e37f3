"""The snapshots as they stand, beside what the steps make."""

from ..errors import CourseError
from ..patches import CRLF
from ..states import NOT_OURS, States
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
    """The changed files of each chapter whose snapshot was edited.

    Raises CourseError for one that no page can show.
    """
    states = States(course)
    found = {}
    for chapter in course.chapters:
        made = states.trees[chapter.last]
        stands = states.snapshot_tree(chapter)
        if made != stands:
            found[chapter] = states.changed_files(made, stands)
            for name in found[chapter]:
                check_file(chapter, name)
    return found


def check_file(chapter, name):
    """Raise CourseError where a changed file cannot be shown in a page."""
    path = chapter.folder / name
    where = f"chapters/{chapter.folder.name}/{name}"
    if path.is_symlink() or path.is_dir():
        raise CourseError(
            f"{where} is a symbolic link or a repository. A snapshot holds "
            "files alone: copy it there."
        )
    data = path.read_bytes() if path.exists() else b""
    if b"\0" in data or not is_utf_8(data):
        raise CourseError(
            f"{where} is no text, and a page shows every change as text. "
            "Draw a picture as SVG,\nor put it into a file as a data: "
            "address; or take it out of the folder."
        )
    if b"\r\n" in data:
        raise CourseError(f"{where} cannot be put into a step. {CRLF}")


def is_utf_8(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def chapters_tree(course):
    """A tree of all pages and snapshots as they stand, lessons left out."""
    left_out = ["/*.md", "/*/README.md", "/*/exercises/", *NOT_OURS]
    return States(course).tree_of(course.root / "chapters", left_out)
