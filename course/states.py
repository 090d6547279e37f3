"""The states, made from the pages by git and kept in `build/`.

Each state is a tree in one bare repository, so that git can compare any
two of them. `folder` writes one out as files.
"""

import hashlib
import shutil
import tempfile
from functools import cached_property
from pathlib import Path

from .errors import CourseError
from .git import GitError, git

NOT_THE_SNAPSHOT = ["/README.md", "/steps/", "/instance/", "__pycache__/"]


class States:
    """The trees of a course's states, and their files."""

    def __init__(self, course, build=None):
        self.course = course
        self.build = build or course.root / "build"
        self.repository = self.build / "states.git"

    @cached_property
    def trees(self):
        """The tree of every state, by state.

        A tree is kept under a name made from all pages up to it, so that a
        page that did not change is not applied again.
        Raises CourseError for a page that git does not accept.
        """
        self.make_repository()
        known = self.known_trees()
        tree, pages = self.empty, hashlib.sha256()
        trees = {self.course.states[0]: tree}
        for state, step in self.course.steps.items():
            text = step.page.read_bytes()
            pages.update(text + b"\0")
            name = f"refs/states/{pages.hexdigest()}"
            if b"\ndiff --git " in text:
                tree = known.get(name) or self.apply(step, tree, name)
            trees[state] = tree
        return trees

    @cached_property
    def empty(self):
        """The tree of no files."""
        self.make_repository()
        return git("mktree", folder=self.repository, stdin=b"").strip()

    def make_repository(self):
        if not (self.repository / "HEAD").is_file():
            self.build.mkdir(parents=True, exist_ok=True)
            git("init", "--quiet", "--bare", self.repository)

    def known_trees(self):
        names = "--format=%(refname) %(objectname)"
        listed = git("for-each-ref", names, folder=self.repository)
        return dict(line.split() for line in listed.splitlines())

    def apply(self, step, tree, name):
        """The tree after a step's page, kept under a name."""
        with tempfile.TemporaryDirectory(dir=self.build) as scratch:
            index = Path(scratch) / "index"
            kept = {"folder": self.repository, "index": index}
            git("read-tree", tree, **kept)
            try:
                git("apply", "--cached", step.page, **kept)
            except GitError as error:
                raise CourseError(
                    f"{self.shown(step.page)} does not apply. git said:\n"
                    f"{error.indented}"
                ) from None
            tree = git("write-tree", **kept).strip()
        git("update-ref", name, tree, folder=self.repository)
        return tree

    def snapshot_tree(self, chapter):
        """The tree of the files that stand in a chapter's folder."""
        return self.tree_of(chapter.folder, NOT_THE_SNAPSHOT)

    def tree_of(self, folder, left_out):
        """The tree of the files in a folder, but for some patterns."""
        self.make_repository()
        with tempfile.TemporaryDirectory(dir=self.build) as scratch:
            excludes = Path(scratch) / "excludes"
            excludes.write_text("\n".join(left_out), encoding="utf-8")
            kept = {
                "folder": self.repository,
                "index": Path(scratch) / "index",
                "work_tree": folder,
            }
            settings = ["-c", f"core.excludesFile={excludes}"]
            git(*settings, "-C", folder, "add", "--all", ".", **kept)
            return git("write-tree", **kept).strip()

    def changed_files(self, old, new):
        """The names of the files in which two trees differ."""
        options = ["-r", "-z", "--no-renames", "--name-only"]
        listed = git("diff-tree", *options, old, new, folder=self.repository)
        return listed.split("\0")[:-1]

    def folder(self, state):
        """The folder `build/states/2.3`, holding that state's files."""
        tree = self.trees[state]
        folder = self.build / "states" / str(state)
        stamp = folder.with_name(f"{state}.tree")
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == tree:
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=folder.parent))
        self.write_files(tree, scratch / "new")
        if folder.exists():
            folder.rename(scratch / "old")
        (scratch / "new").rename(folder)
        stamp.write_text(tree, encoding="utf-8")
        shutil.rmtree(scratch, ignore_errors=True)
        return folder

    def write_files(self, tree, folder):
        """Write the files of a tree into a folder, which is made."""
        folder.mkdir(parents=True)
        index = Path(f"{folder}.index")
        kept = {"folder": self.repository, "index": index}
        git("read-tree", tree, **kept)
        git("-C", folder, "checkout-index", "--all", work_tree=folder, **kept)
        index.unlink()

    def program(self, state):
        """Where a state's program is run from.

        The end of a chapter is its snapshot, as it stands in `chapters/`.
        """
        chapter = self.course.chapter(state.chapter)
        if state == chapter.last:
            return chapter.folder
        return self.folder(state)

    def shown(self, path):
        return path.relative_to(self.course.root).as_posix()
