"""Where in a step an edit belongs: in the block that it touches."""

import re
from functools import cached_property

from ..git import GitError
from .repository import AS_THE_COURSE


class Edit:
    """A tree that the end of a chapter is to be, by a change of one step."""

    def __init__(self, repository, commits, state, wanted):
        self.repository, self.wanted = repository, wanted
        self.trees = [commit.tree for commit in commits]
        ours = [n for n, c in enumerate(commits) if c.state == state]
        changing = [n for n in ours if self.trees[n] != self.trees[n - 1]]
        self.blocks = changing or ours[:1]
        chapters = [commit.state.chapter for commit in commits]
        self.end = len(chapters) - 1 - chapters[::-1].index(state.chapter)

    def commits(self, parent):
        """Commits that together make the edit, by the block of each.

        They follow on a commit, the end of the chapter.
        """
        tree, made = self.trees[self.end], {}
        for block in sorted({*self.places.values()}):
            here = [name for name, n in self.places.items() if n == block]
            patch = self.diff("-p", tree, self.wanted, "--", *here)
            tree = self.with_patch(tree, patch)
            parent = self.repository.git(
                *AS_THE_COURSE,
                *("commit-tree", tree, "-p", parent, "-m", "The edit"),
            ).strip()
            made[block] = parent
        return made

    @cached_property
    def places(self):
        """The block of each file of the edit, the last where files come."""
        ends = self.trees[self.end], self.wanted
        said = self.diff("-z", "--name-status", *ends).decode().split("\0")
        names = dict(zip(said[1::2], said[::2], strict=False))
        if {*names.values()} != {"M"}:
            return dict.fromkeys(names, self.blocks[-1])
        return {name: self.place(name) for name in names}

    def place(self, name):
        """The first block from which on the edit of a file applies.

        If it applied before the step, it is the last that has the file.
        """
        first, *_, last = [self.blocks[0] - 1, *self.blocks]
        taking = [n for n in [first, *self.blocks] if self.takes(n, name)]
        if taking[:1] == [first]:
            taking = [n for n in self.blocks if self.has(n, name)][-1:]
        return [*taking, last][0]

    def has(self, block, name):
        """Whether a block changes a file."""
        return self.diff(*self.trees[block - 1 : block + 1], "--", name)

    def takes(self, number, name):
        """Whether the edit of a file applies after a commit.

        Lines that are only added need one beside them to be placed by.
        """
        ends = ["-p", self.trees[self.end], self.wanted, "--", name]
        patch = self.diff("-U0", *ends)
        if re.search(rb"^@@ -\d+,0 ", patch, re.MULTILINE):
            patch = self.diff("-U1", *ends)
        try:
            self.with_patch(self.trees[number], patch)
        except GitError:
            return False
        return True

    def with_patch(self, tree, patch):
        """A tree after a patch. Raises GitError where it does not apply."""
        kept = {"index": self.repository.index}
        apply = ["apply", "--cached", "--unidiff-zero"]
        self.repository.git("read-tree", tree, **kept)
        self.repository.git(*apply, stdin=patch, **kept)
        return self.repository.git("write-tree", **kept).strip()

    def diff(self, *options):
        return self.repository.git_bytes(
            *("--literal-pathspecs", "diff-tree", "-r", "--no-renames"),
            *options,
        )
