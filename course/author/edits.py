"""Where in a step an edit belongs: in the block that it touches."""

import re

from ..git import GitError
from .repository import AS_THE_COURSE


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
        places = self.places(wanted)
        made = {}
        for number in sorted(set(places.values())):
            here = [name for name, n in places.items() if n == number]
            tree = self.tree_with(tree, wanted, here)
            parent = self.repository.git(
                *AS_THE_COURSE,
                *("commit-tree", tree, "-p", parent, "-m", "The edit"),
            ).strip()
            made[number] = parent
        return made

    def places(self, wanted):
        """The block of each file of the edit, the last where files come."""
        ends = self.trees[self.end], wanted
        said = self.diff("-z", "--name-status", *ends).decode().split("\0")
        names = dict(zip(said[1::2], said[::2], strict=False))
        if {*names.values()} != {"M"}:
            return dict.fromkeys(names, self.blocks[-1])
        return {name: self.place(name, wanted) for name in names}

    def changes(self, number, *names):
        """The files that a commit changes, among those of some names."""
        trees = self.trees[number - 1], self.trees[number]
        return self.diff("--name-only", *trees, "--", *names)

    def diff(self, *options):
        return self.repository.git_bytes(
            *("--literal-pathspecs", "diff-tree", "-r", "--no-renames"),
            *options,
        )

    def place(self, name, wanted):
        """The first block from which on the edit of a file applies.

        If it applied before the step, it is the last that has the file.
        """
        patch = self.patch(name, wanted)
        if self.takes(self.blocks[0] - 1, patch):
            having = [n for n in self.blocks if self.changes(n, name)]
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

    def tree_with(self, tree, wanted, names):
        """A tree with some files as they are in another."""
        kept = {"index": self.index}
        patch = self.diff("-p", "--binary", tree, wanted, "--", *names)
        self.repository.git("read-tree", tree, **kept)
        self.repository.git("apply", "--cached", stdin=patch, **kept)
        return self.repository.git("write-tree", **kept).strip()

    @property
    def index(self):
        return self.repository.git_folder / "course.index"
