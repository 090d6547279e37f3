"""The steps that an author's commits tell, read back as pages."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import CourseError
from ..pages import Block, Page, plain_diff, slug_of, title_of

TRAILER = re.compile(r"(?:\A|\n+)Chapter: (\d\d-\S+)(?:\nStep: (\S+))?\n*\Z")
FORMAT = "--format=%x00%H%x00%P%x00%B%x00"
UNFOLDED = ("fixup! ", "squash! ", "amend! ")


class Change(NamedTuple):
    """A commit: its prose, its diff, the chapter and step that it names."""

    commit: str
    prose: str
    diff: str
    chapter: str | None
    slug: str | None


@dataclass
class Draft:
    """A step as its commits tell it."""

    chapter: str
    slug: str
    blocks: list = field(default_factory=list)
    prose: list = field(default_factory=list)

    @property
    def page(self):
        return Page(tuple(self.blocks), joined(self.prose))

    def add(self, change):
        """Take in a commit; one that changes nothing is prose for the next."""
        self.prose.append(change.prose)
        if change.diff:
            self.blocks.append(Block(joined(self.prose), change.diff))
            self.prose = []


def joined(prose):
    return "\n\n".join(text for text in prose if text)


def read_drafts(repository):
    """The Drafts that the commits of a Repository make, in order.

    Raises CourseError where the commits cannot be read as steps.
    """
    drafts = []
    for change in read_changes(repository):
        check_change(change, drafts)
        if change.chapter:
            drafts.append(Draft(change.chapter, slug_in(change)))
        if drafts:
            drafts[-1].add(change)
    return drafts


def read_changes(repository):
    """Every commit of a Repository from the first on, as a Change."""
    commits = repository.git_bytes("rev-list", "--reverse", "HEAD")
    options = ["--stdin", "--root", "--always", "-p", "-M", "--no-ext-diff"]
    said = repository.git_bytes("diff-tree", *options, FORMAT, stdin=commits)
    _, *fields = said.split(b"\0")
    for entry in zip(*[iter(fields)] * 4, strict=True):
        yield change_of(*entry)


def change_of(commit, parents, message, diff):
    name = f"commit {commit[:10].decode()} of build/history"
    if b" " in parents:
        raise CourseError(
            f"{name} is a merge, and a course is one line of steps.\n"
            "Try: git rebase 0, which makes it one"
        )
    try:
        text, diff = message.decode("utf-8"), diff.decode("utf-8")
    except UnicodeDecodeError:
        raise CourseError(f"{name} is not UTF-8, as a page is.") from None
    named = TRAILER.search(text)
    prose = text[: named.start()] if named else text
    diff = plain_diff(diff.lstrip("\n"))
    names = named.groups() if named else (None, None)
    return Change(name, prose.strip("\n"), diff, *names)


def check_change(change, drafts):
    """Raise CourseError where a commit is no block of a page, or no step."""
    if change.prose.startswith(UNFOLDED):
        refuse(
            change,
            f"is still to be folded in: “{change.prose.splitlines()[0]}”.\n"
            "Try: git rebase --interactive --autosquash 0",
        )
    starts = bool(change.chapter)
    lost = change.diff and not (starts or drafts)
    if lost or starts != bool(title_of(change.prose)):
        refuse(
            change,
            "is not clear about its step. The first commit of a step, and no "
            "other, starts\nwith # and the step's title, and ends with a line "
            "such as Chapter: 01-hashing",
        )
    last = drafts[-1].chapter if drafts else ""
    if change.chapter not in (None, last) and change.chapter[:2] <= last[:2]:
        refuse(
            change,
            f"belongs to {change.chapter}, and stands after a step of {last}.",
        )


def slug_in(change):
    """The name that a commit gives its step; a new one has its title's."""
    slug = change.slug or slug_of(title_of(change.prose))
    if not slug or slug != slug_of(slug):
        refuse(
            change,
            "has no name for its step. Give its title a letter or a digit, or "
            "end it with\na line such as Step: log-out",
        )
    return slug


def refuse(change, why):
    raise CourseError(f"{change.commit} {why}")
