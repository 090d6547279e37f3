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
    states, found = States(course), {}
    for chapter in course.chapters:
        ends = states.trees[chapter.last], states.snapshot_tree(chapter)
        names = states.changed_files(*ends)
        for name in names:
            check_file(chapter.folder / name)
        found |= {chapter: names} if names else {}
    return found


def check_file(path):
    """Raise CourseError where a changed file cannot be shown in a page."""
    if path.is_symlink() or path.is_dir():
        refuse(
            path,
            "is a symbolic link or a repository. A snapshot holds files "
            "alone: copy it there.",
        )
    data = path.read_bytes() if path.exists() else b""
    if b"\0" in data or data.decode("utf-8", "ignore").encode() != data:
        refuse(
            path,
            "is no text, and a page shows every change as text. Draw a "
            "picture as SVG,\nor put it into a file as a data: address; or "
            "take it out of the folder.",
        )
    if b"\r\n" in data:
        refuse(path, f"cannot be put into a step. {CRLF}")


def refuse(path, why):
    *_, name = path.as_posix().rpartition("/chapters/")
    raise CourseError(f"chapters/{name} {why}")


def write_snapshots(states):
    """Make each snapshot what its chapter's steps make.

    Raises CourseError for a file that a snapshot cannot hold.
    """
    for chapter in states.course.chapters:
        tree, old = states.trees[chapter.last], states.snapshot_tree(chapter)
        if tree == old:
            continue
        states.write_files(tree, chapter.folder, old)
        names = states.changed_files(tree, states.snapshot_tree(chapter))
        if names:
            raise CourseError(
                f"a step of {chapter.folder.name} changes\n{listed(names)}\n"
                "That is not the program's: the chapter's folder has a "
                "lesson, steps and\na database of its own there, and leaves "
                "out what editors and .gitignore do."
            )


def chapters_tree(course):
    """A tree of all pages and snapshots as they stand, lessons left out."""
    left_out = ["/*.md", "/pictures/", "/*/README.md", "/*/exercises/"]
    states, folder = States(course), course.root / "chapters"
    return states.tree_of(folder, [*left_out, *NOT_OURS])
