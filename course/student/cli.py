"""The commands of the student's loop, thin as those of `course.cli`."""

import sys

import click

NUMBER = click.IntRange(0)
COMMANDS = []


def command(name=None):
    """A command that `course.cli` adds to its own."""

    def add(function):
        COMMANDS.append(click.command(name)(function))
        return COMMANDS[-1]

    return add


@command()
@click.argument("chapter", type=NUMBER)
@click.option(
    "--again",
    is_flag=True,
    envvar="AGAIN",
    help="Start over; the old workspace is kept aside (AGAIN=1).",
)
@click.option(
    "--fresh",
    is_flag=True,
    envvar="FRESH",
    help="From the course's program, not from your own (FRESH=1).",
)
@click.pass_obj
def start(course, chapter, again, fresh):
    """Make a workspace for a chapter, and say what to build first."""
    from .start import start

    start(course, chapter, again, fresh)


@command()
@click.argument("chapter", type=NUMBER, required=False)
@click.option(
    "--watch",
    is_flag=True,
    envvar="WATCH",
    help="Check again at each save (WATCH=1).",
)
@click.option(
    "--verbose",
    is_flag=True,
    envvar="VERBOSE",
    help="Every failure, with its traceback (VERBOSE=1).",
)
@click.pass_obj
def check(course, chapter, watch, verbose):
    """Say which steps of the workspace are done, and what is missing.

    The exit status is 0 when all are done, else 1; under make, always 0.
    """
    from . import commands

    sys.exit(commands.check_workspace(course, chapter, watch, verbose))


@command()
@click.argument("chapter", type=NUMBER, required=False)
@click.pass_obj
def hint(course, chapter):
    """Reveal a little more of the step's page at each call."""
    from .hints import hint
    from .workspaces import Workspaces

    hint(course, Workspaces(course).chosen(chapter))


@command()
@click.argument("chapter", type=NUMBER, required=False)
@click.option(
    "--stat",
    is_flag=True,
    envvar="STAT",
    help="Only how much differs in each file (STAT=1).",
)
@click.pass_obj
def compare(course, chapter, stat):
    """Show what leads from your program to the state you work towards."""
    from .comparison import compare
    from .workspaces import Workspaces

    sys.exit(compare(course, Workspaces(course).chosen(chapter), stat))


@command("catch-up")
@click.argument("state", required=False)
@click.pass_obj
def catch_up(course, state):
    """Merge the step's change (or all up to a step) into your program."""
    from .catch_up import catch_up
    from .workspaces import Workspaces

    workspaces = Workspaces(course)
    goal = course.state(state) if state else None
    workspace = workspaces.chosen(goal.chapter if goal else None)
    catch_up(course, workspaces, workspace, goal)


@command()
@click.argument("name", required=False)
@click.pass_obj
def restore(course, name):
    """List the saved copies of your workspaces, or bring one back."""
    from . import commands

    commands.restore_copy(course, name)


@command()
@click.pass_obj
def progress(course):
    """Show every chapter and step, with what is done."""
    from .progress import progress

    progress(course)


@command()
@click.argument("chapter", type=NUMBER, required=False)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="PORT",
    help="Listen on this port (PORT=…); else the first free one.",
)
@click.pass_obj
def run(course, chapter, port):
    """Serve your own program on this machine."""
    from .run import run
    from .workspaces import Workspaces

    run(course, Workspaces(course).chosen(chapter), port)
