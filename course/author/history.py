"""The course as a git repository: a commit for each block.

A commit's message is the prose of its block. The first commit of a step
starts with the page's `# Title` and ends with the lines `Chapter: NN-name`
and `Step: slug`. The prose after a page's last diff is a commit that changes
nothing.
"""

import re
from typing import NamedTuple

from ..chapters import State
from ..states import States
from .blocks import block_trees, check_pages
from .placement import at_work
from .repository import Repository, counted
from .rules import TRY_IT, check_places, page_of
from .snapshots import chapters_tree, check_snapshots

NOBODY = "The course <course@example.com>"
FIRST_DAY = 1767225600  # 2026-01-01; each commit is a minute after the last
TAG = re.compile(r"\d+(\.\d+)?|chapter-\d\d")


class Commit(NamedTuple):
    state: State
    message: str
    tree: str


def export(course, steps=False):
    """Write `build/history`; return what to tell the person.

    Raises CourseError for a page that breaks a rule or does not apply, and
    where something that was not adopted would be lost.
    """
    with at_work(course) as (course, _):
        repository = Repository(course.root / "build" / "history")
        repository.check_nothing_to_adopt()
        commits = commits_of(States(course), repository, steps)
        check_snapshots(course)
        load(course, repository, commits, steps)
    return (
        f"build/history: {counted(commits, 'commit')}, a tag for each of the "
        f"{len(course.states)} states.\n"
        "Try: git -C build/history log -p --reverse"
    )


def write_history(course, repository, steps=False):
    """Write the course, whatever its snapshots hold; return the Commits."""
    commits = commits_of(States(course), repository, steps)
    load(course, repository, commits, steps)
    return commits


def load(course, repository, commits, steps=False):
    """Make commits, tags and files of the Commits, and take a note of it.

    Whoever is stopped here leaves no note, and the next export starts anew.
    """
    repository.note.unlink(missing_ok=True)
    tags = repository.git("tag", "--list").split()
    gone = [f"delete refs/tags/{tag}\n" for tag in tags if TAG.fullmatch(tag)]
    repository.git("update-ref", "--stdin", stdin="".join(gone).encode())
    stream = "".join(fast_import(course, commits)).encode()
    repository.git("fast-import", "--quiet", "--force", stdin=stream)
    repository.git("symbolic-ref", "HEAD", "refs/heads/main")
    repository.git("reset", "--quiet", "--hard")
    repository.take_note(
        tip=repository.tip, chapters=chapters_tree(course), steps=steps
    )


def commits_of(states, repository, steps=False):
    """The Commits of a course, from the empty folder on.

    Raises CourseError for a page that breaks a rule or does not apply, or
    whose diffs are not git's.
    """
    course, told = states.course, []
    repository.prepare()
    check_places(course)
    tree = empty = repository.git("mktree", stdin=b"").strip()
    for step in course.steps.values():
        page = page_of(step)
        trees = block_trees(course, step, page, tree, repository)
        told.append((step, page, trees))
        tree = trees[-1]
    check_pages(states, repository, told)
    commits = [Commit(course.states[0], "The empty folder\n", empty)]
    for each in told:
        commits += commits_of_step(*each, steps)
    return commits


def commits_of_step(step, page, trees, whole):
    prose, ends = prose_of(page), [*trees[1:], trees[-1], trees[-1]]
    if whole:
        prose, ends = ["\n\n".join(prose)], trees[-1:]
    chapter = step.page.parent.parent.name
    prose[0] += f"\n\nChapter: {chapter}\nStep: {step.slug}"
    each = zip(prose, ends, strict=False)
    return [Commit(step.state, f"{text}\n", tree) for text, tree in each]


def prose_of(page):
    """The prose of each block, and that after the last if there is any.

    What to try is apart from the rest, so that a first diff goes before it.
    """
    prose = [block.prose for block in page.blocks]
    if prose or not page.after:
        return [*prose, page.after] if page.after else prose
    return re.split(rf"(?<!\n)\n\n(?={TRY_IT}\n)", page.after, maxsplit=1)


def fast_import(course, commits):
    """The stream that git's fast-import reads: commits, then tags."""
    yield "reset refs/heads/main\n\n"
    for mark, commit in enumerate(commits, 1):
        size = len(commit.message.encode())
        yield (
            f"commit refs/heads/main\nmark :{mark}\n"
            f"committer {NOBODY} {FIRST_DAY + 60 * mark} +0000\n"
            f"data {size}\n{commit.message}\n"
            f'M 040000 {commit.tree} ""\n\n'
        )
    ends = {commit.state: mark for mark, commit in enumerate(commits, 1)}
    tags = {str(state): mark for state, mark in ends.items()}
    for chapter in course.chapters:
        tags[f"chapter-{chapter.number:02}"] = ends[chapter.last]
    for tag, mark in tags.items():
        yield f"reset refs/tags/{tag}\nfrom :{mark}\n\n"
