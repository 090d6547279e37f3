"""A check, once or at each save."""

import os

import click
import watchfiles

from ..check.examination import runner_for
from ..check.report import tell
from .notes import examined

QUICK = {"debounce": 200, "step": 25, "rust_timeout": 2000}


def check(workspace, watch=False, verbose=False):
    """Check a workspace and tell what was found; return the exit status.

    Under make it is 0, or make would add an error line of its own.
    """
    most = 1000 if verbose else 3
    if watch:
        return check_at_each_save(workspace, verbose, most)
    outcome = examined(workspace, most=most)
    tell(workspace, outcome, verbose)
    done = outcome.is_done(workspace.chapter)
    return 0 if done or "MAKELEVEL" in os.environ else 1


def check_at_each_save(workspace, verbose, most):
    """Check now and after each save, until Ctrl-C.

    What checks is started, and the tests are read, before there is a save.
    """
    seen = None
    try:
        with runner_for(workspace) as runner:
            for _ in changes(workspace):
                before, seen = seen, workspace.digest()
                if seen == before:
                    continue
                outcome = examined(workspace, most=most, runner=runner)
                runner.warm()
                click.clear()
                tell(workspace, outcome, verbose)
                click.echo("\nWaiting for the next save. Ctrl-C stops.")
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    return 0


def changes(workspace):
    """Yield at once, and whenever something may have been saved."""
    yield
    watch = watchfiles.watch
    yield from watch(workspace.folder, yield_on_timeout=True, **QUICK)
