"""A branch to push: commits that hold a workspace, beside what is there.

The files that stand in the repository, and its index, are not touched.
"""

import subprocess

from ..errors import CourseError
from ..git import GitError, git


def commit_to(workspace, branch, folder):
    """Commit the files of a folder to a branch; return what to type next.

    A folder of the workspace's name is replaced, and all else that the
    branch has is kept. Raises CourseError where there is no repository, or
    git does not know who commits.
    """
    root = workspace.course.root
    try:
        place = git("-C", root, "rev-parse", "--absolute-git-dir").strip()
        git("check-ref-format", "--branch", branch)
    except GitError as error:
        raise CourseError(
            f"no branch {branch} can be made here. git said:\n"
            f"{error.indented}\nTry: make hand-in, which writes a file"
        ) from None
    kept = {"folder": place, "index": folder.with_name(f"{folder.name}.index")}
    name = f"refs/heads/{branch}"
    found = git("for-each-ref", "--format=%(objectname)", name, folder=place)
    parent = found.split()
    git("read-tree", *(parent or ["--empty"]), **kept)
    own = ["--cached", "-r", "--quiet", "--ignore-unmatch"]
    git("rm", *own, "--", workspace.name, work_tree=folder, **kept)
    git(
        "-C",
        folder,
        "add",
        "--all",
        "--force",
        ".",
        "--ignore-removal",
        work_tree=folder,
        **kept,
    )
    tree = git("write-tree", **kept).strip()
    kept["index"].unlink(missing_ok=True)
    commit = committed(place, tree, parent, workspace.name)
    git("update-ref", name, commit, *parent, folder=place)
    return f"Hand in  git push ADDRESS {branch}"


def committed(place, tree, parent, name):
    """Commit as the person that git knows. Raises CourseError."""
    parents = [word for each in parent for word in ("-p", each)]
    done = subprocess.run(
        ["git", "commit-tree", tree, *parents, "-m", f"Hand in {name}"],
        cwd=place,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise CourseError(f"git does not commit:\n{done.stderr.strip()}")
    return done.stdout.strip()
