"""A check, once or at each save."""

import os
from functools import partial

import click
import watchfiles

from ..check.examination import check as examine_once
from ..check.examination import runner_for
from ..check.report import tell
from .exercises import tell_exercise, thought_about
from .milestones import checked, said_of

QUICK = {"debounce": 200, "step": 25, "rust_timeout": 2000}


def check(workspace, exercise=None, watch=False, verbose=False):
    """Check a workspace and tell what was found; return the exit status.

    Under make it is 0, or make would add an error line of its own.
    """
    if exercise and not exercise.asks_for_code:
        return thought_about(exercise)
    most = 1000 if verbose else 3
    built = []
    examine = partial(checked, workspace, tell=built.append, most=most)
    report = partial(tell_with, built, workspace, verbose=verbose)
    if exercise:
        examine = partial(examine_once, workspace, most, exercise=exercise)
        report = partial(tell_exercise, workspace, exercise, verbose=verbose)
    if watch:
        return check_at_each_save(workspace, exercise, examine, report)
    done = report(examine())
    return 0 if done or "MAKELEVEL" in os.environ else 1


def tell_with(built, workspace, outcome, verbose):
    """Tell an Outcome, and what the steps have built that are new in it."""
    done = tell(workspace, outcome, verbose)
    while built:
        step = built.pop()
        text = f"You have built {said_of(workspace.chapter, step)}"
        said = f"Step {step.state} is done. {text}"
        wrapped = click.formatting.wrap_text(said, 79)
        click.secho(f"\n{wrapped}", fg="green")
    return done


def check_at_each_save(workspace, exercise, examine, report):
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
                outcome = examine(runner=runner)
                runner.warm()
                click.clear()
                report(outcome)
                click.echo("\nWaiting for the next save. Ctrl-C stops.")
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    return 0


def saves(workspace, stopped=None, again=bool):
    """Yield no names at once, and those of its files at each save.

    It goes on until an event says that it is stopped, where one is given.
    No names are yielded too when a function `again` says so.
    """
    seen = None
    for _ in changes(workspace, stopped):
        known = times_of(workspace)
        changed = {each for each, _ in known.items() ^ (seen or known).items()}
        if changed or seen is None or again():
            folder, seen = workspace.folder, known
            yield sorted(p.relative_to(folder).as_posix() for p in changed)


def times_of(workspace):
    """When each file of a workspace was saved."""
    return {path: path.stat().st_mtime_ns for path in workspace.files()}


def changes(workspace, stopped=None):
    """Yield at once, and whenever something may have been saved."""
    yield
    how = QUICK | {"stop_event": stopped, "yield_on_timeout": True}
    yield from watchfiles.watch(workspace.folder, **how)
