"""When a clone was last committed to: its files are as old as the clone."""

import re
import subprocess
from datetime import datetime

from ..git import plain_environment


def last_commit(folder):
    """The time of the last commit, or None where a folder is no clone.

    Only the commit itself is read: what the clone's settings would have git
    run, or fetch, stays out.
    """
    if not (folder / ".git").is_dir():
        return None
    kept = plain_environment(folder / ".git") | {"GIT_ALLOW_PROTOCOL": "none"}
    done = subprocess.run(
        ["git", "cat-file", "commit", "HEAD"],
        env=kept,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=10,
    )
    said = re.search(rb"^committer .*> (\d{1,11}) ", done.stdout, re.M)
    return said and datetime.fromtimestamp(int(said[1]))
