"""What the tool remembers about a workspace, beside it.

Nothing of a student's is in it. Without it, everything is found out anew.
"""

import json
import os
from contextlib import suppress
from functools import partial

from ..check.examination import check
from ..check.outcome import Outcome
from .since import look_back


def path_of(workspace):
    return workspace.folder.with_name(f".notes-{workspace.name}.json")


def read_notes(workspace):
    """The notes about a workspace; an empty dict where there are none."""
    with suppress(OSError, ValueError, TypeError):
        return dict(json.loads(path_of(workspace).read_text(encoding="utf-8")))
    return {}


def write_notes(workspace, **values):
    """Add values to the notes about a workspace, where the disk takes it."""
    path = path_of(workspace)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        try:
            text = json.dumps(read_notes(workspace) | values)
            new.write_text(text, encoding="utf-8")
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)


def remembered(workspace):
    """The Outcome for the program as it is; checked if it has changed."""
    notes = read_notes(workspace)
    if notes.get("digest") == workspace.digest():
        with suppress(TypeError, AttributeError):
            return Outcome.read(notes.get("outcome"))
    return examined(workspace)


def examined(workspace, seen=None, **options):
    """Check a workspace, and remember the Outcome.

    Of what earlier chapters brought, one example each is asked for.
    """
    if seen:
        options["seen"] = partial(seen_back, workspace, seen)
    digest = workspace.digest()
    outcome = check(workspace, brief=True, **options)
    look_back(workspace, outcome)
    write_notes(workspace, digest=digest, outcome=outcome.values())
    return outcome


def seen_back(workspace, seen, outcome):
    look_back(workspace, outcome)
    seen(outcome)
