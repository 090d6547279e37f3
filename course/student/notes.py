"""What the tool remembers about a workspace, beside it: `work/.notes.json`.

Nothing of a student's is in it. Without it, everything is found out anew.
"""

import contextlib
import json
import os

from ..check.examination import check
from ..check.outcome import Outcome

NAME = ".notes.json"


def read_notes(workspace):
    """The notes about a workspace; an empty dict where there are none."""
    return as_dict(all_notes(workspace).get(workspace.name))


def all_notes(workspace):
    try:
        text = (workspace.folder.parent / NAME).read_text(encoding="utf-8")
        return as_dict(json.loads(text))
    except (OSError, ValueError):
        return {}


def as_dict(value):
    return value if isinstance(value, dict) else {}


def write_notes(workspace, **values):
    """Add values to the notes about a workspace, where the disk takes it."""
    notes = all_notes(workspace)
    notes[workspace.name] = read_notes(workspace) | values
    path = workspace.folder.parent / NAME
    new = path.with_name(f"{NAME}.{os.getpid()}")
    with contextlib.suppress(OSError):
        new.write_text(json.dumps(notes), encoding="utf-8")
        new.replace(path)
    with contextlib.suppress(OSError):
        new.unlink(missing_ok=True)


def remembered(workspace):
    """The Outcome for the program as it is; checked if it has changed."""
    notes = read_notes(workspace)
    if notes.get("digest") == workspace.digest():
        with contextlib.suppress(TypeError, AttributeError):
            return Outcome.read(notes.get("outcome"))
    return examined(workspace)


def examined(workspace, **options):
    """Check a workspace, and remember the Outcome."""
    digest = workspace.digest()
    outcome = check(workspace, **options)
    write_notes(workspace, digest=digest, outcome=outcome.values())
    return outcome
