"""`build/history`: the repository that an author works in."""

import json
import re
import shlex
import sys
from itertools import count
from pathlib import Path

from ..errors import CourseError
from ..git import git, git_bytes
from ..pages import plain_diff
from ..states import NOT_OURS
from . import merge_driver as merging

SETTINGS = {
    "core.autocrlf": "false",
    "core.commentChar": ";",  # a line that starts with # is a heading
    "diff.plain.xfuncname": "^[^ -~]never",  # no heading but Python's
    "rebase.missingCommitsCheck": "error",
}
AS_THE_COURSE = [
    *("-c", "user.name=The course"),
    *("-c", "user.email=course@example.com"),
]
ATTRIBUTES = "* diff=plain merge=course\n*.py diff=python\n"
EXCLUDES = "\n".join([*NOT_OURS, ".ipynb_checkpoints/"])


class Repository:
    """A git repository with files beside it, and a note of its export."""

    def __init__(self, folder):
        self.folder = folder
        self.git_folder = folder / ".git"
        self.note = self.git_folder / "course.json"
        self.index = self.git_folder / "course.index"

    def git(self, *arguments, **more):
        """Run git here, and nowhere else."""
        here = {"folder": self.git_folder, "work_tree": self.folder}
        return git("-C", self.folder, *arguments, **here, **more)

    def git_bytes(self, *arguments, **more):
        return git_bytes(*arguments, folder=self.git_folder, **more)

    def diffs(self, pairs):
        """Git's diff of each two trees, as a page has it."""
        options = ["--stdin", "-p", "-M", "--no-ext-diff"]
        trees = "".join(f"{old} {new}\n" for old, new in pairs).encode()
        said = self.git_bytes("diff-tree", *options, stdin=trees)
        _, *diffs = re.split(rb"^\w{40} \w{40}\n", said, flags=re.MULTILINE)
        return [plain_diff(diff.decode("utf-8")) for diff in diffs]

    @property
    def exists(self):
        return self.note.is_file()

    @property
    def tip(self):
        return self.git("rev-parse", "HEAD").strip()

    def prepare(self):
        """Make the repository where there is none, and set what it needs."""
        if not (self.git_folder / "HEAD").is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            git("init", "--quiet", self.folder)
        driver = {"merge.course.driver": merge_driver()}
        for name, value in (SETTINGS | driver).items():
            self.git("config", name, value)
        info = self.git_folder / "info"
        info.mkdir(exist_ok=True)
        (info / "attributes").write_bytes(ATTRIBUTES.encode())
        (info / "exclude").write_bytes(EXCLUDES.encode())

    def exported(self):
        """What the export noted: its tip, its chapters and its kind."""
        return json.loads(self.note.read_text(encoding="utf-8"))

    def take_note(self, **exported):
        self.note.write_text(json.dumps(exported), encoding="utf-8")

    def check_at_rest(self):
        """Raise CourseError where an author's git is in the middle of work."""
        if [*self.git_folder.glob("rebase-*")]:
            raise CourseError(
                "a rebase is half-way in build/history. Go there, and either "
                "finish it:\n    git status\n    git rebase --continue\n"
                "or give it up:\n    git rebase --abort"
            )
        changed = self.git("status", "--porcelain").splitlines()
        if changed:
            raise CourseError(
                f"build/history has {counted(changed, 'file')} that no "
                f"commit holds:\n{listed(changed)}\nCommit there, or: git "
                "stash --include-untracked"
            )

    def check_nothing_to_adopt(self):
        """Raise CourseError where there is work that an export would hide."""
        if not self.exists:
            return
        self.check_at_rest()
        tip = self.exported()["tip"]
        moved = self.git("rev-parse", "refs/heads/main").strip() != tip
        if moved or self.git("rev-list", "--max-count=1", "HEAD", f"^{tip}"):
            raise CourseError(
                "build/history has commits that chapters/ does not have yet.\n"
                "To take them over: make adopt\n"
                "To give them up, move the folder build/history away."
            )

    def check_branch(self):
        """Raise CourseError where HEAD is a state that was looked at."""
        if self.git("rev-parse", "--abbrev-ref", "HEAD").strip() == "HEAD":
            raise CourseError(
                "build/history has no branch checked out, so it is not clear "
                "what to take over.\nTry: git -C build/history switch main"
            )

    def move_to(self, folder):
        """Be in another folder; return where what was there is kept now."""
        kept = None
        if folder.exists():
            olds = (f"{folder}.old{n or ''}" for n in count())
            kept = folder.rename(next(o for o in olds if not Path(o).exists()))
        self.folder.rename(folder)
        return kept


def merge_driver():
    """The command by which git calls `merging`."""
    python, program = map(Path, (sys.executable, merging.__file__))
    quick = [python.as_posix(), "-I", "-S", program.as_posix()]
    return f"{shlex.join(quick)} %A %O %B"


def listed(lines, most=8):
    shown = [f"    {line}" for line in lines[:most]]
    if len(lines) > most:
        shown.append(f"    and {len(lines) - most} more")
    return "\n".join(shown)


def counted(things, name):
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
