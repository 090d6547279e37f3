"""Copies of what others wrote: plain files, so many and so large.

No link is followed, wherever it leads, and no pipe or device is opened.
"""

import os
import shutil
import stat
from datetime import datetime

from ..student.workspaces import left_out

MOST_FILES = 2000
MOST_BYTES = 50_000_000  # of all files


class Unreadable(Exception):
    """Why a hand-in was not read, in a few words for the table."""


def is_folder(path):
    """Whether it is one itself, and not a link to one."""
    return path.is_dir() and not path.is_symlink()


def copy(folder, target):
    """Copy the files of a program; return when the last was changed.

    Raises Unreadable where they are too many or too large.
    """
    target.mkdir(parents=True)
    left, changed = MOST_BYTES, None
    for count, (path, status) in enumerate(files_in(folder), 1):
        left -= status.st_size
        if left < 0 or count > MOST_FILES:
            raise too_much()
        new = target / path.relative_to(folder)
        new.parent.mkdir(parents=True, exist_ok=True)
        if os.access(path, os.R_OK):
            shutil.copyfile(path, new, follow_symlinks=False)
        changed = max(changed or 0, status.st_mtime)
    return changed and datetime.fromtimestamp(changed)


def too_much():
    return Unreadable(
        f"it holds over {MOST_FILES} files, or {MOST_BYTES // 10**6} MB"
    )


def files_in(folder):
    """The plain files of a program, each with its lstat(2)."""
    folders, seen = [folder], 0
    while folders:
        for path in sorted(folders.pop().iterdir()):
            status = path.lstat()
            seen += 1
            if seen > 10 * MOST_FILES:
                raise too_much()
            if stat.S_ISDIR(status.st_mode) and not left_out(path):
                folders.append(path)
            elif stat.S_ISREG(status.st_mode):
                yield path, status
