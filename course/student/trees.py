"""A workspace as git sees it: a tree beside those of the states."""

import os
import tempfile
from pathlib import Path

from ..git import git

EXCLUDED = ["instance/", "__pycache__/", "node_modules/", ".*/", "*.pyc"]


def tree_of(states, workspace):
    """The tree of a workspace's files, in the repository of the states.

    The workspace is only read. What its own .gitignore names is left out.
    """
    states.make_repository()
    with tempfile.TemporaryDirectory(dir=states.build) as scratch:
        excludes = Path(scratch) / "excludes"
        lines = [*EXCLUDED, *environments_in(workspace.folder)]
        excludes.write_text("\n".join(lines), encoding="utf-8")
        kept = {
            "folder": states.repository,
            "index": Path(scratch) / "index",
            "work_tree": workspace.folder,
        }
        settings = ["-c", f"core.excludesFile={excludes}"]
        git(*settings, "-C", workspace.folder, "add", "--all", ".", **kept)
        return git("write-tree", **kept).strip()


def environments_in(folder):
    """The virtual environments at the top of a folder, as git excludes."""
    found = (Path(each.path) for each in os.scandir(folder))
    return [f"/{p.name}/" for p in found if (p / "pyvenv.cfg").is_file()]
