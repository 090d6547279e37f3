"""The student's commands, thin as those of `course.cli`."""

import sys
from functools import wraps

import click

from ..chapters import Course
from ..errors import CourseError

student = click.Group()


class ChapterNumber(click.ParamType):
    """`2`, a chapter; whoever types something else is told what to type."""

    name = "chapter"

    def convert(self, value, param, ctx):
        course = ctx.find_object(Course)
        numbers = {str(c.number): c.number for c in course.chapters}
        if value in numbers:
            return numbers[value]
        chapter, _, step = value.partition(".")
        guess = numbers.get(chapter) or named(course, value)
        said = f"there is no chapter {value}. {course.listed_chapters()}."
        if guess and step:
            said = f"{value} is a step, and this takes a whole chapter."
        raise CourseError(f"{said}\nTry: make {ctx.info_name} {guess or 1}")


def named(course, word):
    return next((c.number for c in course.chapters if c.name == word), None)


CHAPTER = ChapterNumber()


def flag(name, meaning):
    variable = name.upper()
    return click.option(
        f"--{name}",
        is_flag=True,
        envvar=variable,
        help=f"{meaning} ({variable}=1).",
    )


@student.command()
@click.argument("chapter", type=CHAPTER, required=False)
@flag("again", "Start over; the old workspace is kept aside")
@flag("fresh", "From the course's program, not from your own")
@click.pass_obj
def start(course, chapter, again, fresh):
    """Make a workspace for a chapter, and say what to build first."""
    from .start import start

    start(course, chapter, again, fresh)


def on_workspace(function):
    """A command that is called with the workspace of a chapter.

    Without a chapter, it is the one that was worked on last.
    """

    @click.argument("chapter", type=CHAPTER, required=False)
    @click.pass_obj
    @wraps(function)
    def command(course, chapter, **options):
        from .workspaces import Workspaces

        sys.exit(function(Workspaces(course).chosen(chapter), **options))

    return command


@student.command()
@flag("watch", "Check again at each save")
@flag("verbose", "Every failure, where it came from, and what was printed")
@on_workspace
def check(workspace, watch, verbose):
    """Say which steps of the workspace are done, and what is missing.

    The exit status is 0 when all are done, else 1; under make, always 0.
    It runs the workspace's program, with what you may do on this machine.
    """
    from .watch import check_at_each_save, check_once

    return (check_at_each_save if watch else check_once)(workspace, verbose)


@student.command()
@on_workspace
def hint(workspace):
    """Reveal a little more of the step's page at each call."""
    from .hints import hint

    hint(workspace)


@student.command()
@flag("stat", "Only how much differs in each file")
@on_workspace
def compare(workspace, stat):
    """Show what leads from your program to the state you work towards."""
    from .comparison import compare

    return compare(workspace, stat)


@student.command("catch-up")
@click.argument("state", required=False)
@click.pass_obj
def catch_up(course, state):
    """Merge the step's change (or all up to a step) into your program."""
    from .catch_up import catch_up
    from .workspaces import Workspaces

    workspaces = Workspaces(course)
    goal = course.state(state) if state else None
    workspace = workspaces.chosen(goal.chapter if goal else None)
    catch_up(workspaces, workspace, goal)


@student.command()
@click.argument("name", required=False)
@click.pass_obj
def restore(course, name):
    """List the saved copies of your workspaces, or bring one back."""
    from .copies import list_copies, restore
    from .workspaces import Workspaces

    workspaces = Workspaces(course)
    restore(workspaces, name) if name else list_copies(workspaces)


@student.command()
@click.pass_obj
def progress(course):
    """Show every chapter and step, with what is done."""
    from .progress import progress

    progress(course)


@student.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="PORT",
    help="Listen on this port (PORT=…); else the first free one.",
)
@on_workspace
def run(workspace, port):
    """Serve your own program on this machine."""
    from .run import run

    run(workspace.course, workspace, port)
