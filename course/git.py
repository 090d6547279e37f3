"""Git, called with the same settings on every machine."""

import os
import subprocess
from functools import cache

from .errors import CourseError

OLDEST = (2, 30)


class GitError(CourseError):
    """Git was called and refused; the message holds what it said."""

    @property
    def indented(self):
        return "\n".join(f"    {line}" for line in self.message.splitlines())


@cache
def check_version():
    """Raise CourseError where there is no git, or one that is too old."""
    try:
        said = subprocess.check_output(
            ["git", "--version"], stderr=subprocess.DEVNULL, encoding="utf-8"
        )
    except (OSError, subprocess.CalledProcessError):  # a Mac has a stand-in
        raise CourseError(
            "git was not found, and the course is built with it.\n"
            "Install it from https://git-scm.com/downloads and open a new "
            "terminal."
        ) from None
    version = said.split()[2]
    if tuple(int(n) for n in version.split(".")[:2]) < OLDEST:
        raise CourseError(
            f"git {version} is too old; the course needs "
            f"{OLDEST[0]}.{OLDEST[1]} or later.\n"
            "Install a newer one from https://git-scm.com/downloads"
        )


def git(*arguments, **where):
    """Run git, as `git_bytes` does; return what it printed as text."""
    return git_bytes(*arguments, **where).decode("utf-8")


def git_bytes(*arguments, folder=None, index=None, work_tree=None, stdin=None):
    """Run git on the repository `folder`; return the bytes that it printed.

    `index` and `work_tree` stand in for the repository's own. A person's
    own settings are left out, so that they cannot change the outcome.
    Raises GitError with git's own words.
    """
    check_version()
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *map(str, arguments)],
        env=plain_environment(folder, index, work_tree),
        input=stdin,
        capture_output=True,
    )
    if done.returncode:
        raise GitError(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def plain_environment(folder=None, index=None, work_tree=None):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    ours = {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_DIR": folder,
        "GIT_INDEX_FILE": index,
        "GIT_WORK_TREE": work_tree,
        "LC_ALL": "C.UTF-8",
    }
    return kept | {k: str(v) for k, v in ours.items() if v is not None}
