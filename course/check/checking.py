"""Which steps of a chapter a workspace has done, and what is missing."""

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path

from .examination import Examination
from .process import Runner

LIMIT = 10  # seconds for one test


def check(workspace, most=3, limit=LIMIT, runner=Runner, earlier=True):
    """Check a copy of a workspace; return the Outcome.

    At most `most` different failures are looked for. `runner` is called for
    each process that is needed: what `earlier` chapters brought is checked
    in one of its own, from the moment that the first step is done.
    """
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        contextlib.ExitStack() as running,
    ):
        order = ordered(workspace, Path(scratch), most, limit)
        own = Examination(order, running.enter_context(runner()))
        waiting = other = None
        earlier = earlier and workspace.chapter.number > 1
        for _ in own:
            if earlier and own.outcome.planned:
                waiting = waiting or running.enter_context(runner())
            if earlier and own.outcome.done:
                other = other or Examination(order, waiting, own=False)
        for _ in other or ():
            pass
        return joined(own.outcome, other and other.outcome)


def joined(own, other):
    """The outcome of a chapter's own steps, with that of earlier ones."""
    if other is None or not other.here:
        return own
    if not own.here:
        return replace(other, done=own.done)
    return replace(own, also=other.here)


def ordered(workspace, scratch, most, limit):
    program = scratch / "program"
    program.mkdir()
    workspace.copy_to(program)
    return {
        "program": str(program),
        "scratch": str(scratch / "tmp"),
        "chapter": workspace.chapter.number,
        "most": most,
        "limit": limit,
    }
