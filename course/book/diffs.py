"""A diff as a page shows it: by file and hunk, in one column or two."""

import re
from itertools import groupby
from typing import NamedTuple

from unidiff import PatchSet

from .marking import marked_lines

MODES = {"100755": "now executable", "100644": "no longer executable"}


class Hunk(NamedTuple):
    """Lines of one place in a file; `place` is what git says it is in."""

    place: str
    lines: list


class FileChange(NamedTuple):
    path: str
    what: str
    hunks: list


def anchor_of(path):
    """The id that Sphinx gives to a heading that is this path."""
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")


def read_diff(text):
    """The FileChanges of a diff, in its order."""
    return [
        FileChange(unquoted(file.path), what_happened(file), hunks_of(file))
        for file in PatchSet(text)
    ]


def unquoted(path):
    """A path as it is named, where git wrote its bytes in octal."""
    if not path.startswith('"'):
        return path
    octal = path[1:-1].encode("latin-1", "backslashreplace")
    return octal.decode("unicode_escape").encode("latin-1").decode("utf-8")


def what_happened(file):
    if file.is_added_file or file.is_removed_file:
        return "new file" if file.is_added_file else "removed"
    said = []
    if file.is_rename:
        said.append(f"moved from {unquoted(file.source_file)[2:]}")
    if mode := re.search(r"^new mode (\d+)", str(file.patch_info), re.M):
        said.append(MODES.get(mode[1], f"mode {mode[1]}"))
    return ", ".join(said)


def hunks_of(file):
    path = unquoted(file.path)
    return [
        Hunk(hunk.section_header.strip(), marked_lines(hunk, path))
        for hunk in file
    ]


def side_by_side(hunk):
    """The hunk as runs of (kind, lines before, lines after).

    A run of kind "same" has the same lines on both sides.
    """
    for same, run in groupby(hunk.lines, key=lambda x: x.kind == "same"):
        lines = list(run)
        before = [x for x in lines if x.kind != "added"]
        after = [x for x in lines if x.kind != "removed"]
        yield ("same" if same else "changed", before, after)
