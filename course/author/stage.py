"""Pages and snapshots as commits tell them, written beside the course."""

import os

from ..chapters import Course
from ..errors import CourseError
from ..pages import read_page, write_page
from ..states import States
from .blocks import check_whole_pages
from .drafts import read_drafts
from .references import follow, pages_of
from .repository import listed
from .rules import check_places, page_of
from .snapshots import edited


def staged(course, repository, root):
    """Write what the commits tell below `root`, and what follows from it.

    Returns the files in which they differ from the course, as `put_in_place`
    takes them, and a line for each mention of a step that is no more.
    """
    drafts = read_drafts(repository)
    check_chapters(course, drafts)
    write_steps(drafts, root)
    states = States(Course(root), course.root / "build")
    check_places(states.course)
    check_pages(states, drafts)
    check_edits(course, states)
    changes, lost = follow(course, states.course)
    changes |= page_changes(course, states.course)
    return changes | snapshot_changes(course, states), lost


def write_steps(drafts, root):
    """Write each draft's page below `root/chapters`."""
    numbers = {}
    for draft in drafts:
        number = numbers[draft.chapter] = numbers.get(draft.chapter, 0) + 1
        steps = root / "chapters" / draft.chapter / "steps"
        steps.mkdir(parents=True, exist_ok=True)
        page = steps / f"{number}-{draft.slug}.md"
        page.write_bytes(write_page(draft.page).encode())


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


def check_pages(states, drafts):
    """Raise CourseError where the pages would not say what the commits do."""
    steps = states.course.steps
    for step, draft in zip(steps.values(), drafts, strict=True):
        if parts_of(read_page(step.text)) != parts_of(draft.page):
            raise CourseError(
                f"the page “{draft.page.title}” would not have the blocks of "
                "its commits: a message has\na fence that is left open, or "
                "one marked diff. Close it, or mark it otherwise."
            )
        page_of(step)
    trees = [draft.tree for draft in drafts]
    check_whole_pages(states, dict(zip(steps, trees, strict=True)))


def parts_of(page):
    return [(block.prose, block.diff) for block in page.blocks], page.after


def check_edits(course, states):
    """Raise CourseError where an edit in a snapshot would be undone."""
    old = States(course)
    ends = {
        c.folder.name: states.trees[c.last] for c in states.course.chapters
    }
    for chapter, names in edited(course).items():
        made = old.trees[chapter.last]
        kept = old.changed_files(made, ends[chapter.folder.name])
        lost = [name for name in names if name not in kept]
        if lost:
            raise CourseError(
                f"what you edited in chapters/{chapter.folder.name} is in no "
                f"step, and would be undone:\n{listed(lost)}\n"
                f"Move the folder build/history away, then: make amend "
                f"{chapter.last}"
            )


def page_changes(old, new):
    """The pages in which two courses differ; None for one that is no more."""
    standing, pages = pages_of(old).values(), pages_of(new).values()
    changes = {name: None for name in standing if name not in pages}
    for name in pages:
        page, before = new.root / name, old.root / name
        if name not in standing or before.read_bytes() != page.read_bytes():
            changes[name] = page
    return changes


def snapshot_changes(course, states):
    """The files of snapshots that differ; None for one that is no more."""
    changes = {}
    folders = {chapter.folder.name: chapter for chapter in course.chapters}
    for chapter in states.course.chapters:
        stands = folders.get(chapter.folder.name)
        old = States(course).snapshot_tree(stands) if stands else states.empty
        new = states.trees[chapter.last]
        files = states.course.root / "files" / chapter.folder.name
        for name in states.changed_files(old, new):
            check_name(name, chapter)
            if not files.exists():
                states.write_files(new, files)
            path = files / name
            here = f"chapters/{chapter.folder.name}/{name}"
            changes[here] = path if os.path.lexists(path) else None
    return changes


def check_name(name, chapter):
    """Raise CourseError for a file that a snapshot cannot hold."""
    first, *_ = name.split("/")
    if name == "README.md" or first in ("steps", "exercises", "instance"):
        raise CourseError(
            f"a step of {chapter.folder.name} changes {name}. That name is "
            "not the program's:\nthe chapter's folder has a lesson, steps and "
            "a database of its own there."
        )
