"""`build/history`, read back into pages and snapshots."""

from collections import Counter

from ..chapters import Course
from ..errors import CourseError
from ..pages import read_page, write_page
from ..states import States
from .copies import Copy, what_moved
from .drafts import read_drafts
from .history import commits_of, load
from .placement import at_work
from .references import follow, pages_of
from .repository import Repository, listed
from .snapshots import chapters_tree, edited, write_snapshots


def adopt(course):
    """Make chapters/ say what build/history says; return what moved.

    Raises CourseError, with nothing changed, where the commits cannot be
    read as steps, or where a change in chapters/ would be lost.
    """
    with at_work(course) as (course, scratch):
        copy = Copy(course, scratch)
        repository = Repository(course.root / "build" / "history")
        check_exported(repository)
        repository.check_at_rest()
        repository.check_branch()
        check_unchanged(course, repository)
        commits, lost = take_over(course, copy, repository)
        moved = what_moved(copy, lost)
        copy.put_in_place()
        load(Course(course.root), repository, commits)
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
    old, new = repository.exported()["chapters"], chapters_tree(course)
    if new != old:
        names = States(course).changed_files(old, new)
        raise CourseError(
            f"chapters/ has changed since make history:\n{listed(names)}\n"
            "make adopt would undo that. Put it aside (git stash push "
            "chapters), make adopt,\nand take it back (git stash pop); or "
            "move build/history away and make it again."
        )


def take_over(course, copy, repository):
    """Make a Copy of the course what the commits of a Repository tell.

    Returns the course's Commits then, and a line for each mention of a step
    that is no more.
    """
    drafts = read_drafts(repository)
    check_chapters(course, drafts)
    for page in pages_of(course).values():
        (copy.root / page).unlink()
    write_pages(drafts, copy.root)
    states = States(Course(copy.root), course.root / "build")
    lost = follow(course, states.course)
    commits = commits_of(states, repository)
    check_edits(course, states)
    write_snapshots(states)
    return commits, lost


def check_chapters(course, drafts):
    """Raise CourseError where a chapter has no step left."""
    left = {draft.chapter for draft in drafts}
    for chapter in course.chapters:
        if chapter.folder.name not in left:
            raise CourseError(
                f"no commit of build/history belongs to {chapter.folder.name} "
                "any more.\nTo remove a chapter, remove its folder and then "
                "build/history."
            )


def write_pages(drafts, root):
    """Write each draft's page. Raises CourseError where it would not fit."""
    numbers = Counter()
    for draft in drafts:
        numbers[draft.chapter] += 1
        name = f"{numbers[draft.chapter]}-{draft.slug}.md"
        page = root / "chapters" / draft.chapter / "steps" / name
        text = write_page(draft.page)
        if read_page(text) != draft.page:
            raise CourseError(
                f"the page “{draft.page.title}” would not have the blocks of "
                "its commits: a message has\na fence that is left open, or "
                "one marked diff. Close it, or mark it otherwise."
            )
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(text.encode())


def check_edits(course, states):
    """Raise CourseError where an edit in a snapshot would be undone."""
    old, new = States(course), states.course.chapters
    ends = {c.folder.name: states.trees[c.last] for c in new}
    for chapter, names in edited(course).items():
        ours = old.trees[chapter.last], ends[chapter.folder.name]
        lost = [n for n in names if n not in old.changed_files(*ours)]
        if lost:
            raise CourseError(
                f"what you edited in chapters/{chapter.folder.name} is in no "
                f"step, and would be undone:\n{listed(lost)}\n"
                f"Move the folder build/history away, then: make amend "
                f"{chapter.last}"
            )
