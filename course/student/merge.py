"""Three trees, merged by git in a repository of their own."""

import re

from ..git import GitError, git

OURS = re.compile(rb"^<{7} HEAD", re.MULTILINE)
THEIRS = re.compile(rb"^>{7} state-[\d.]+", re.MULTILINE)

IDENTITY = ["-c", "user.name=course", "-c", "user.email=course@localhost"]


class Merge:
    """Three trees merged in a repository of its own.

    `changes` says what becomes of the student's files, by path: A, M or D;
    `conflicts` are the paths that git left marks in, or could not merge, and
    `places` how many there are to settle.
    """

    def __init__(self, states, folder, trees, goal):
        self.folder = folder
        self.kept = {"folder": folder / ".git", "work_tree": folder}
        git("init", "--quiet", folder)
        alternates = folder / ".git" / "objects" / "info" / "alternates"
        objects = (states.repository / "objects").as_posix()
        alternates.write_text(objects + "\n", encoding="utf-8")
        base, ours, theirs = trees
        root = self.commit(base)
        self.git("update-ref", "HEAD", self.commit(ours, root))
        name = f"state-{goal}"
        self.git("branch", name, self.commit(theirs, root))
        self.git("reset", "--quiet", "--hard")
        self.conflicts = self.merged(name)
        self.places = sum(self.named(p, goal) for p in self.conflicts)
        self.git("add", "--all", "--force", ".")
        self.changes = self.compared(ours, self.git("write-tree").strip())

    def git(self, *arguments):
        return git(*IDENTITY, "-C", self.folder, *arguments, **self.kept)

    def commit(self, tree, parent=None):
        parents = ["-p", parent] if parent else []
        return self.git("commit-tree", tree, *parents, "-m", "-").strip()

    def merged(self, branch):
        """Merge a branch; return the paths that are in conflict."""
        options = ["--quiet", "--no-commit", "--no-ff"]
        try:
            self.git("merge", *options, "-X", "ignore-cr-at-eol", branch)
        except GitError:
            listed = self.git("diff", "--name-only", "--diff-filter=U", "-z")
            if not listed:
                raise
            return sorted(set(listed.split("\0")) - {""})
        return []

    def named(self, path, goal):
        """Name the halves of a file's conflicts; return how many it has."""
        file = self.folder / path
        if not file.is_file():
            return 1
        text = file.read_bytes()
        text = OURS.sub(b"<<<<<<< yours", text)
        text = THEIRS.sub(f">>>>>>> step {goal}".encode(), text)
        file.write_bytes(text)
        return text.count(b"<<<<<<< yours") or 1

    def compared(self, before, after):
        options = ["-r", "-z", "--no-renames", "--name-status"]
        words = self.git("diff-tree", *options, before, after).split("\0")
        return dict(zip(words[1::2], words[::2], strict=False))
