"""A hand-in that is one file, as others may have made it."""

import os
import stat
import time
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from .plain import MOST_BYTES, MOST_FILES, Unreadable, too_much

BROKEN = (
    *(zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError),
    *(EOFError, ValueError, OSError),
)


def unpack(file, folder):
    """Write the plain files of a .zip into a new folder.

    Raises Unreadable where it is broken, or holds too much.
    """
    folder.mkdir(parents=True)
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(file) as archive:
            if len(archive.infolist()) > MOST_FILES:
                raise too_much()
            for entry in filter(is_plain, archive.infolist()):
                left -= unpack_one(archive, entry, folder, left)
    except BROKEN as error:
        raise Unreadable(f"the file cannot be unpacked: {error}") from None


def is_plain(entry):
    """Whether it is a file that lands in the folder, and no link."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    windows = PureWindowsPath(entry.filename)
    parts = PurePosixPath(entry.filename).parts
    inside = ".." not in parts and not windows.drive and not windows.root
    return inside and not entry.is_dir() and kind in (0, stat.S_IFREG)


def unpack_one(archive, entry, folder, left):
    """Write one file; return its size, whatever the archive says of it."""
    path = Path(folder, entry.filename)
    with archive.open(entry) as stream:
        content = stream.read(left + 1)
    if len(content) > left:
        raise too_much()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    when = time.mktime((*entry.date_time, 0, 0, -1))
    os.utime(path, (when, when))
    return len(content)
