"""What the tool remembers about a workspace, beside it: `work/.notes.json`.

Nothing of a student's is in it. Without it, everything is found out anew.
"""

import json
import os
from dataclasses import asdict

from ..chapters import State
from ..check.checking import check
from ..check.examination import Failure, Outcome

NAME = ".notes.json"


def read_notes(workspace):
    """The notes about a workspace; an empty dict where there are none."""
    return all_notes(workspace).get(workspace.name, {})


def all_notes(workspace):
    try:
        text = (workspace.folder.parent / NAME).read_text(encoding="utf-8")
        notes = json.loads(text)
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def write_notes(workspace, **values):
    """Add values to the notes about a workspace."""
    notes = all_notes(workspace)
    notes[workspace.name] = read_notes(workspace) | values
    path = workspace.folder.parent / NAME
    new = path.with_name(f"{NAME}.{os.getpid()}")
    new.write_text(json.dumps(notes), encoding="utf-8")
    new.replace(path)


def remembered(workspace):
    """The Outcome for the program as it is; checked if it has changed."""
    notes, digest = read_notes(workspace), workspace.digest()
    if notes.get("digest") == digest:
        return outcome_from(notes["outcome"])
    outcome = check(workspace)
    remember(workspace, digest, outcome)
    return outcome


def remember(workspace, digest, outcome):
    write_notes(workspace, digest=digest, outcome=asdict(outcome))


def outcome_from(values):
    read = {
        "done": [State(*state) for state in values["done"]],
        "here": values["here"] and State(*values["here"]),
        "also": values["also"] and State(*values["also"]),
        "failures": [Failure(**failure) for failure in values["failures"]],
    }
    return Outcome(**values | read)
