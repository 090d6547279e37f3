"""The steps that an author's commits tell, read back as pages."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import CourseError
from ..pages import Block, Page, plain_diff, slug_of, title_of
from .rules import NO_FILE

TRAILER = re.compile(r"\n+Chapter: (\d\d-\S+)(?:\nStep: (\S+))?\n*\Z")
FORMAT = "--format=%x00%H%x00%T%x00%P%x00%B%x00"
UNFOLDED = ("fixup! ", "squash! ", "amend! ")


class Change(NamedTuple):
    """A commit: its prose, its diff, the chapter and step that it names."""

    commit: str
    tree: str
    prose: str
    diff: str
    chapter: str | None
    slug: str | None


@dataclass
class Draft:
    """A step as its commits tell it, with the tree that they end in."""

    chapter: str
    slug: str
    tree: str = ""
    blocks: list = field(default_factory=list)
    prose: list = field(default_factory=list)

    @property
    def page(self):
        return Page(tuple(self.blocks), joined(self.prose))

    def add(self, change):
        """Take in a commit; one that changes nothing is prose for the next."""
        self.prose.append(change.prose)
        self.tree = change.tree
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
        if title_of(change.prose):
            check_chapter(change, drafts)
            drafts.append(Draft(change.chapter, slug_in(change)))
        if drafts:
            drafts[-1].add(change)
        elif change.diff:
            refuse(
                change,
                "changes files before the first step. Its message is to start "
                "with # and the\ntitle of a step, and to end with a line such "
                "as Chapter: 01-hashing",
            )
    return drafts


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


def read_changes(repository):
    """Every commit of a Repository from the first on, as a Change."""
    commits = repository.git_bytes("rev-list", "--reverse", "HEAD")
    options = ["--stdin", "--root", "--always", "-p", "-M", "--no-ext-diff"]
    said = repository.git_bytes("diff-tree", *options, FORMAT, stdin=commits)
    _, *fields = said.split(b"\0")
    for entry in zip(*[iter(fields)] * 5, strict=True):
        yield change_of(*entry)


def change_of(commit, tree, parents, message, diff):
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
    match = TRAILER.search(text) if title_of(text.strip("\n")) else None
    prose = text[: match.start()] if match else text
    diff = plain_diff(diff.lstrip("\n"))
    named = match.groups() if match else (None, None)
    change = Change(name, tree.decode(), prose.strip("\n"), diff, *named)
    check_change(change)
    return change


def check_change(change):
    """Raise CourseError where a commit cannot be a block of a page."""
    binary = re.search(r"^Binary files .* differ$", change.diff, re.MULTILINE)
    if binary or (binary := NO_FILE.search(change.diff)):
        refuse(
            change,
            f"is more than a page can show:\n    {binary[0]}\nTake the file "
            "out of it. A picture can be an SVG, or a data: address.",
        )
    if change.prose.startswith(UNFOLDED):
        refuse(
            change,
            f"is still to be folded in: “{change.prose.splitlines()[0]}”.\n"
            "Try: git rebase --interactive --autosquash 0",
        )
    if change.diff and not change.prose:
        refuse(change, "has no message. Say what the change is for.")
    if not title_of(change.prose) and TRAILER.search(f"\n{change.prose}"):
        refuse(
            change,
            "ends with a line Chapter: …, but starts no step. That line "
            "belongs to the\ncommit that starts with # and the step's title.",
        )


def check_chapter(change, drafts):
    """Raise CourseError for a step without a chapter, or out of order."""
    if not change.chapter:
        refuse(change, "starts a step. End it with a line: Chapter: 01-name")
    last = drafts[-1].chapter if drafts else ""
    if change.chapter != last and change.chapter[:2] <= last[:2]:
        refuse(
            change,
            f"belongs to {change.chapter}, and stands after a step of {last}.",
        )


def refuse(change, why):
    raise CourseError(f"{change.commit} {why}")
