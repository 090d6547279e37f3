"""Where in a step an edit belongs: in the block that it touches."""

import re
from typing import NamedTuple

from ..git import GitError
from .repository import AS_THE_COURSE


class Entry(NamedTuple):
    """A file of an edit, as git's index takes it."""

    status: str
    mode: str
    blob: str
    name: str


class Folding:
    """The commits of a course, and an edit of one of its steps."""

    def __init__(self, repository, commits, names, state):
        self.repository = repository
        self.trees = [commit.tree for commit in commits]
        self.names = names
        ours = [n for n, c in enumerate(commits) if c.state == state]
        self.blocks = [n for n in ours if self.changes(n)] or ours[:1]
        chapter = [
            n for n, c in enumerate(commits) if c.state[0] == state.chapter
        ]
        self.end = chapter[-1]

    def commits(self, wanted):
        """Commits that together make the edit, by the block of each.

        They follow on the end of the chapter, and lead to the tree `wanted`.
        """
        tree, parent = self.trees[self.end], self.names[self.end]
        entries = list(self.entries(wanted))
        places = [self.place(entry, wanted) for entry in entries]
        if any(entry.status != "M" for entry in entries):
            places = [self.blocks[-1]] * len(entries)
        made = {}
        for number in sorted(set(places)):
            here = zip(entries, places, strict=True)
            tree = self.tree_with(tree, [e for e, n in here if n == number])
            parent = self.repository.git(
                *AS_THE_COURSE,
                *("commit-tree", tree, "-p", parent, "-m", "The edit"),
            ).strip()
            made[number] = parent
        return made

    def changes(self, number, *names):
        """The files that a commit changes, among those of some names."""
        trees = self.trees[number - 1], self.trees[number]
        return self.diff("--name-only", *trees, "--", *names)

    def diff(self, *options):
        return self.repository.git_bytes(
            *("--literal-pathspecs", "diff-tree", "-r", "--no-renames"),
            *options,
        )

    def entries(self, wanted):
        """The files that the edit changes, adds or removes."""
        raw = self.diff("-z", "--raw", self.trees[self.end], wanted).decode()
        fields = iter(raw.split("\0")[:-1])
        for about, name in zip(fields, fields, strict=True):
            _, mode, _, blob, status = about.split()
            yield Entry(status, mode, blob, name)

    def place(self, entry, wanted):
        """The first block from which on the edit of a file applies.

        If it applied before the step, it is the last that has the file.
        """
        patch = self.patch(entry.name, wanted)
        if self.takes(self.blocks[0] - 1, patch):
            having = [n for n in self.blocks if self.changes(n, entry.name)]
            return (having or self.blocks)[-1]
        taking = (n for n in self.blocks if self.takes(n, patch))
        return next(taking, self.blocks[-1])

    def patch(self, name, wanted):
        """The edit of a file, with as little context as places it surely."""
        options = ["-p", "--binary", self.trees[self.end], wanted, "--", name]
        patch = self.diff("-U0", *options)
        added_only = re.search(rb"^@@ -\d+,0 ", patch, re.MULTILINE)
        return self.diff("-U1", *options) if added_only else patch

    def takes(self, number, patch):
        """Whether a patch applies to the tree of a commit."""
        kept = {"index": self.index}
        self.repository.git("read-tree", self.trees[number], **kept)
        check = ["apply", "--cached", "--check", "--unidiff-zero"]
        try:
            self.repository.git(*check, stdin=patch, **kept)
        except GitError:
            return False
        return True

    def tree_with(self, tree, entries):
        """A tree with some files replaced."""
        kept = {"index": self.index}
        lines = [f"{e.mode} {e.blob}\t{e.name}\0" for e in entries]
        self.repository.git("read-tree", tree, **kept)
        self.repository.git(
            *("update-index", "-z", "--index-info"),
            stdin="".join(lines).encode(),
            **kept,
        )
        return self.repository.git("write-tree", **kept).strip()

    @property
    def index(self):
        return self.repository.git_folder / "course.index"
