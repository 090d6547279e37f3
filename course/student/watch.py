"""A check, once or at each save."""

import os
from functools import partial

import click
import watchfiles

from ..check.examination import runner_for
from ..check.report import tell
from .exercises import look_at_exercise, thought_about
from .notes import examined

QUICK = {"debounce": 200, "step": 25, "rust_timeout": 2000}


def check(workspace, exercise=None, watch=False, verbose=False):
    """Check a workspace and tell what was found; return the exit status.

    Under make it is 0, or make would add an error line of its own.
    """
    if exercise and not exercise.asks_for_code:
        return thought_about(exercise)
    look = partial(look_at, workspace, verbose=verbose)
    if exercise:
        look = partial(look_at_exercise, workspace, exercise, verbose=verbose)
    if watch:
        return check_at_each_save(workspace, exercise, look)
    return 0 if look() or "MAKELEVEL" in os.environ else 1


def look_at(workspace, verbose=False, runner=None):
    """Check a workspace once and tell; return whether its chapter is done."""
    outcome = examined(workspace, most=1000 if verbose else 3, runner=runner)
    tell(workspace, outcome, verbose)
    return outcome.is_done(workspace.chapter)


def check_at_each_save(workspace, exercise, look):
    """Check now and after each save, until Ctrl-C.

    What checks is started, and the tests are read, before there is a save.
    """
    seen = None
    try:
        with runner_for(workspace, exercise) as runner:
            for _ in changes(workspace):
                before, seen = seen, workspace.digest()
                if seen == before:
                    continue
                click.clear()
                look(runner=runner)
                runner.warm()
                click.echo("\nWaiting for the next save. Ctrl-C stops.")
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    return 0


def changes(workspace):
    """Yield at once, and whenever something may have been saved."""
    yield
    watch = watchfiles.watch
    yield from watch(workspace.folder, yield_on_timeout=True, **QUICK)
