"""A check at each save."""

import click
from watchfiles import watch

from .checking import check
from .notes import remember
from .runner import Runner
from .telling import tell

QUICK = {"debounce": 200, "step": 25, "rust_timeout": 2000}


def watch_and_check(course, workspace, verbose=False):
    """Check now and after each save, until Ctrl-C.

    The process for the next check is started before there is a save.
    """
    seen, runner = None, Runner()
    try:
        for _ in changes(workspace):
            digest = workspace.digest()
            if digest != seen:
                seen = digest
                outcome = check(workspace, runner=runner)
                runner = Runner()
                remember(workspace, digest, outcome)
                click.clear()
                tell(course, workspace, outcome, verbose)
                click.echo("\nWaiting for the next save. Ctrl-C stops.")
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        runner.stop()


def changes(workspace):
    """Yield at once, and whenever something may have been saved."""
    yield
    for _ in watch(workspace.folder, yield_on_timeout=True, **QUICK):
        yield
