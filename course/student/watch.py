"""A check at each save."""

import click
from watchfiles import watch

from ..check.checking import check
from ..check.process import Runner
from ..check.report import tell
from .notes import remember

QUICK = {"debounce": 200, "step": 25, "rust_timeout": 2000}


def watch_and_check(course, workspace, verbose=False):
    """Check now and after each save, until Ctrl-C.

    The process for the next check is started before there is a save.
    """
    seen, warm = None, Warm()
    try:
        for _ in changes(workspace):
            digest = workspace.digest()
            if digest != seen:
                seen = digest
                outcome = check(workspace, runner=warm)
                warm.fill()
                remember(workspace, digest, outcome)
                click.clear()
                tell(course, workspace, outcome, verbose)
                click.echo("\nWaiting for the next save. Ctrl-C stops.")
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        warm.stop()


class Warm:
    """Processes that were started before they are needed."""

    def __init__(self):
        self.ready = []

    def __call__(self):
        return self.ready.pop() if self.ready else Runner()

    def fill(self):
        self.ready += [Runner() for _ in range(2 - len(self.ready))]

    def stop(self):
        for runner in self.ready:
            runner.stop()


def changes(workspace):
    """Yield at once, and whenever something may have been saved."""
    yield
    for _ in watch(workspace.folder, yield_on_timeout=True, **QUICK):
        yield
