"""The commands. Each reads its arguments and calls the module that knows."""

import sys

import click

from .chapters import Course
from .errors import CourseError


class StateType(click.ParamType):
    """`2.3` or `2`, a state with a program in it."""

    name = "state"

    def convert(self, value, param, ctx):
        state = ctx.find_object(Course).state(value)
        if state.chapter:
            return state
        raise CourseError(
            "state 0 is the empty folder; nothing runs in it.\n"
            "Try: make chapter 1"
        )


STATE = StateType()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(ctx):
    """User logins with Flask, step by step."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    ctx.obj = Course()


@main.command()
@click.pass_obj
def chapters(course):
    """List the chapters and their steps, one line each."""
    for chapter in course.chapters:
        click.secho(f"{chapter.number}    {chapter.folder.name}", bold=True)
        for step in chapter.steps:
            click.echo(f"{step.state}  {step.title}")


@main.command()
@click.argument("state", type=STATE)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="PORT",
    help="Listen on this port (PORT=…); else the first free one.",
)
@click.pass_obj
def chapter(course, state, port):
    """Run a state on this machine."""
    from .serving import serve

    serve(course, state, port)


@main.command()
@click.argument("state", type=STATE)
@click.pass_obj
def shell(course, state):
    """Open the Flask shell of a state, on its database."""
    from .shell import open_shell

    sys.exit(open_shell(course, state))


@main.command()
@click.argument("state", type=STATE)
@click.pass_obj
def reset(course, state):
    """Remove a state's database, so that it starts over."""
    from .databases import remove_database

    click.echo(remove_database(course, state))


@main.command()
@click.argument("a")
@click.argument("b", required=False)
@click.option(
    "--stat",
    is_flag=True,
    envvar="STAT",
    help="Only how much changed in each file (STAT=1).",
)
@click.pass_obj
def diff(course, a, b, stat):
    """Show the change from state A to B; alone, what A itself changed."""
    from .comparing import show_diff

    first, second = course.span(a) if b is None else map(course.state, (a, b))
    sys.exit(show_diff(course, first, second, stat))


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("state", required=False)
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def test(course, state, pytest_options):
    """Run every test, or those of one state."""
    from .testing import run_tests

    sys.exit(run_tests(course, state, pytest_options))


@main.command()
def bench():
    """Measure what the course promises about speed."""
    from bench.report import report

    sys.exit(report())


@main.command()
@click.pass_obj
def lock(course):
    """Resolve the dependencies anew, into requirements/."""
    from .locking import lock_groups

    lock_groups(course.root)


NUMBER = click.IntRange(0)


@main.command()
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
    from .loop.starting import start

    start(course, chapter, again, fresh)


@main.command()
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
    from .loop import commands

    sys.exit(commands.check_workspace(course, chapter, watch, verbose))


@main.command()
@click.argument("chapter", type=NUMBER, required=False)
@click.pass_obj
def hint(course, chapter):
    """Reveal a little more of the step's page at each call."""
    from .loop.hinting import hint
    from .loop.workspaces import Workspaces

    hint(course, Workspaces(course).chosen(chapter))


@main.command()
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
    from .loop.beside import compare
    from .loop.workspaces import Workspaces

    sys.exit(compare(course, Workspaces(course).chosen(chapter), stat))


@main.command("catch-up")
@click.argument("state", type=STATE, required=False)
@click.pass_obj
def catch_up(course, state):
    """Merge the step's change (or all up to a step) into your program."""
    from .loop.merging import catch_up
    from .loop.workspaces import Workspaces

    workspaces = Workspaces(course)
    workspace = workspaces.chosen(state and state.chapter)
    catch_up(course, workspaces, workspace, state)


@main.command()
@click.argument("name", required=False)
@click.pass_obj
def restore(course, name):
    """List the saved copies of your workspaces, or bring one back."""
    from .loop import commands

    commands.restore_copy(course, name)


@main.command()
@click.pass_obj
def progress(course):
    """Show every chapter and step, with what is done."""
    from .loop.progress import progress

    progress(course)


@main.command()
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
    from .loop.running import run
    from .loop.workspaces import Workspaces

    run(course, Workspaces(course).chosen(chapter), port)
