"""Several files replaced as one: all of them, or none.

What stood there is first kept in `build/replacing`. Whoever is stopped
half-way, even by a power cut, leaves that folder, and `mend` undoes it.
"""

import json
import os
import shutil
from contextlib import contextmanager

import click


def journal_of(root):
    return root / "build" / "replacing"


@contextmanager
def replaced(root, changes):
    """Replace files, and put them back if the body does not end well.

    `changes` maps names below root to the file to copy there, or to None
    for a file to remove.
    """
    mend(root)
    keep(root, changes)
    try:
        put_all(root, changes)
        yield
        drop(root)
    except BaseException:
        put_back(root)
        raise


def mend(root):
    """Undo a replacement that was stopped by force, and say so."""
    if put_back(root):
        click.echo(
            "The last command was stopped half-way. chapters/ is as it was "
            "before it."
        )


def put_back(root):
    """Put back what was replaced; return whether there was something."""
    journal = journal_of(root)
    if not journal.exists():
        return False
    names = json.loads((journal / "names.json").read_text(encoding="utf-8"))
    saved = {name: journal / "files" / name for name in names}
    put_all(
        root, {n: p if os.path.lexists(p) else None for n, p in saved.items()}
    )
    drop(root)
    return True


def keep(root, changes):
    """Copy what stands there, whole before it gets its name."""
    scratch = journal_of(root).with_suffix(".new")
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / "files").mkdir(parents=True)
    for name in changes:
        if os.path.lexists(root / name):
            copy(root / name, scratch / "files" / name)
    names = json.dumps(list(changes))
    (scratch / "names.json").write_text(names, encoding="utf-8")
    scratch.rename(journal_of(root))


def drop(root):
    """Let what was kept go. The last call is the one that decides."""
    done = journal_of(root).with_suffix(".old")
    shutil.rmtree(done, ignore_errors=True)
    journal_of(root).rename(done)


def put_all(root, sources):
    """Put each, removals first: a file may give way to a folder."""
    for name, source in sorted(sources.items(), key=lambda s: bool(s[1])):
        put(root, name, source)


def put(root, name, source):
    """Make one name below root be a copy of source, or be no more."""
    target = root / name
    if source is None:
        if os.path.lexists(target):
            target.unlink()
        remove_empty(target.parent)
    else:
        scratch = journal_of(root) / "next"
        copy(source, scratch)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(scratch, target)


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target, follow_symlinks=False)


def remove_empty(folder):
    """Remove a folder, and those above it, as long as they are empty."""
    while folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
