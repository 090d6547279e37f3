"""The states, made from the pages by git and kept in `build/`.

Each state is a tree in one bare repository, so that git can compare any
two of them. `folder` writes one out as files.
"""

import hashlib
import shutil
import tempfile
from functools import cached_property
from pathlib import Path

from .chapters import State
from .errors import CourseError
from .git import GitError, git
from .lock import alone
from .patches import advice, diff_in

OF_EDITORS = ["*~", "*.sw[a-p]", ".DS_Store", "*.orig", "*.rej", ".idea/"]
PLAIN = ("100644", "100755")
NOT_OURS = ["instance/", "__pycache__/", *OF_EDITORS]
NOT_THE_SNAPSHOT = ["/README.md", "/steps/", "/exercises/", *NOT_OURS]


class Trees(dict):
    """The tree of each state, up to the first page that git refuses."""

    refusal = None

    def __missing__(self, state):
        raise self.refusal or KeyError(state)


class States:
    """The trees of a course's states, and their files."""

    def __init__(self, course, build=None):
        self.course = course
        self.build = build or course.root / "build"
        self.repository = self.build / "states.git"

    @cached_property
    def trees(self):
        """The tree of every state, by state.

        A tree is kept under a name made from all diffs up to it, so that a
        page whose diffs did not change is not applied again. To ask for the
        tree after a page that git does not accept raises CourseError.
        """
        known = self.known_trees()
        tree, diffs = self.empty, hashlib.sha256()
        trees = Trees({self.course.states[0]: tree})
        for state, step in self.course.steps.items():
            diff = diff_in(step.page.read_bytes())
            diffs.update(diff + b"\0")
            name = f"refs/states/{diffs.hexdigest()}"
            if b"\ndiff --git " in diff:
                try:
                    tree = known.get(name) or self.apply(step, tree, name)
                except CourseError as refusal:
                    trees.refusal = refusal
                    break
            trees[state] = tree
        return trees

    def tree(self, state):
        """The tree of a state, or of an exercise's worked way.

        Raises CourseError where a page on the way does not apply.
        """
        if isinstance(state, State) or state in self.trees:
            return self.trees[state]
        exercise = self.course.exercise(state.slug)
        end = self.trees[self.course.chapter(state.chapter).last]
        diff = diff_in(exercise.page.read_bytes())
        digest = hashlib.sha256(end.encode() + diff).hexdigest()
        name = f"refs/states/{digest}"
        tree = self.known_trees().get(name)
        self.trees[state] = tree or self.apply(exercise, end, name)
        return self.trees[state]

    @cached_property
    def empty(self):
        """The tree of no files."""
        self.make_repository()
        return git("mktree", folder=self.repository, stdin=b"").strip()

    def make_repository(self):
        made = self.repository / "course-made"
        if not made.exists():
            with self.turn():
                git("init", "--quiet", "--bare", self.repository)
                made.touch()

    def turn(self):
        """Be the only process that writes states. Raises Busy."""
        return alone(self.build.parent, name="states")

    def known_trees(self):
        self.make_repository()
        names = "--format=%(refname) %(objectname)"
        listed = git("for-each-ref", names, folder=self.repository)
        return dict(line.split() for line in listed.splitlines())

    def apply(self, step, tree, name):
        """The tree after a step's page, kept under a name."""
        with tempfile.TemporaryDirectory() as scratch:
            kept = {"folder": self.repository, "index": f"{scratch}/index"}
            git("read-tree", tree, **kept)
            try:
                git("apply", "--cached", step.page, **kept)
            except GitError as error:
                raise CourseError(
                    f"{step.shown} does not apply. git said:\n"
                    f"{error.indented}\n{advice(self.course, step)}"
                ) from None
            tree = git("write-tree", **kept).strip()
        self.check_plain(step, tree)
        with self.turn():
            git("update-ref", name, tree, folder=self.repository)
        return tree

    def check_plain(self, step, tree):
        """Refuse links and submodules: they lead out of a program."""
        listed = git("ls-tree", "-r", "-z", tree, folder=self.repository)
        for entry in filter(None, listed.split("\0")):
            mode, name = entry[:6], entry.partition("\t")[2]
            if mode not in PLAIN:
                raise CourseError(
                    f"{step.shown} makes {name} with mode {mode}, a link or "
                    "a submodule.\nA program is made of plain files: take "
                    "that block out, or give the file itself."
                )

    def snapshot_tree(self, chapter):
        """The tree of the files that stand in a chapter's folder."""
        return self.tree_of(chapter.folder, NOT_THE_SNAPSHOT)

    def tree_of(self, folder, left_out):
        """The tree of the files in a folder, but for some patterns.

        The folder is only read. What its own .gitignore names is left out.
        """
        self.make_repository()
        with tempfile.TemporaryDirectory() as scratch:
            excludes = Path(scratch) / "excludes"
            excludes.write_text("\n".join(left_out), encoding="utf-8")
            kept = {
                "folder": self.repository,
                "index": Path(scratch) / "index",
                "work_tree": folder,
            }
            settings = ["-c", f"core.excludesFile={excludes.as_posix()}"]
            git(*settings, "-C", folder, "add", "--all", ".", **kept)
            return git("write-tree", **kept).strip()

    def changed_files(self, old, new):
        """The names of the files in which two trees differ."""
        options = ["-r", "-z", "--no-renames", "--name-only"]
        listed = git("diff-tree", *options, old, new, folder=self.repository)
        return listed.split("\0")[:-1]

    def folder(self, state):
        """The folder `build/states/2.3`, holding that state's files."""
        tree = self.tree(state)
        folder = self.build / "states" / str(state)
        if not holds(folder, tree):
            with self.turn():
                if not holds(folder, tree):
                    self.write_anew(tree, folder)
        return folder

    def write_anew(self, tree, folder):
        """Write a tree's files, where there may be those of another."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        for left in folder.parent.glob("tmp*"):
            shutil.rmtree(left, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(dir=folder.parent))
        self.write_files(tree, scratch / "new")
        if folder.exists():
            folder.rename(scratch / "old")
        (scratch / "new").rename(folder)
        stamp_of(folder).write_text(tree, encoding="utf-8")
        shutil.rmtree(scratch, ignore_errors=True)

    def write_files(self, tree, folder, instead=None):
        """Write the files of a tree into a folder, in place of another's."""
        folder.mkdir(parents=True, exist_ok=True)
        index = Path(f"{folder}.index")
        kept = {"folder": self.repository, "index": index}
        git("read-tree", instead or self.empty, **kept)
        switch = ["-C", folder, "read-tree", "--reset", "-u"]
        git(*switch, tree, work_tree=folder, **kept)
        index.unlink()

    def program(self, state):
        """Where a state's program is run from.

        The end of a chapter is its snapshot, as it stands in `chapters/`; a
        students' edition has none.
        """
        chapter = self.course.chapter(state.chapter)
        snapshot = chapter.folder / self.course.program.PACKAGE
        if state == chapter.last and snapshot.exists():
            return chapter.folder
        return self.folder(state)


def stamp_of(folder):
    return folder.with_name(f"{folder.name}.tree")


def holds(folder, tree):
    """Whether a folder was written from that very tree."""
    stamp = stamp_of(folder)
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == tree
