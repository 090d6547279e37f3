"""The course as a git repository: a commit for each block, and back.

A commit's message is the prose of its block. The first commit of a step
starts with the page's `# Title` and ends with a line `Chapter: NN-name`.
The prose after a page's last diff is a commit that changes nothing.
"""

import re
from dataclasses import dataclass, field

from .git import git
from .pages import Block, Page, plain_diff, slug_of, title_of, write_page

CHAPTER = re.compile(r"\n+Chapter: (\d\d-\S+)\n*\Z")


@dataclass
class Draft:
    """A step as its commits tell it, with the tree that they end in."""

    chapter: str
    tree: str = ""
    blocks: list = field(default_factory=list)
    after: str = ""

    @property
    def page(self):
        return Page(tuple(self.blocks), self.after)


def read_history(repository, branch="HEAD"):
    """The steps that the commits of a branch make, in order."""
    log = git("log", "--reverse", "--format=%H %T", branch, folder=repository)
    drafts = []
    for line in log.splitlines():
        commit, tree = line.split()
        message = git("log", "-1", "--format=%B", commit, folder=repository)
        prose, chapter = split_message(message)
        if title_of(prose):
            drafts.append(Draft(chapter or drafts[-1].chapter))
        diff = plain_diff(diff_of(repository, commit))
        if diff:
            drafts[-1].blocks.append(Block(prose, diff))
        else:
            drafts[-1].after = prose
        drafts[-1].tree = tree
    return drafts


def split_message(message):
    """A commit's prose, and the chapter that it names or None."""
    match = CHAPTER.search(message)
    prose = message[: match.start()] if match else message
    return prose.strip("\n"), match and match[1]


def diff_of(repository, commit):
    options = ["--root", "--no-commit-id", "-p", "-M", "--no-color"]
    return git("diff-tree", *options, commit, folder=repository)


def write_steps(drafts, root):
    """Write each draft's page below `root/chapters`."""
    numbers = {}
    for draft in drafts:
        number = numbers[draft.chapter] = numbers.get(draft.chapter, 0) + 1
        steps = root / "chapters" / draft.chapter / "steps"
        steps.mkdir(parents=True, exist_ok=True)
        name = f"{number}-{slug_of(draft.page.title)}.md"
        text = write_page(draft.page)
        (steps / name).write_text(text, encoding="utf-8", newline="\n")
