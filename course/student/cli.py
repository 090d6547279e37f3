"""The commands of those who run a program, and build their own."""

import sys
from functools import wraps

import click

from .. import options
from ..chapters import Course
from ..errors import CourseError
from ..options import STATE


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


@click.group()
def students():
    """What `course.cli` adds to its own commands."""


@students.command()
@click.argument("state", type=STATE)
@options.port
@click.pass_obj
def chapter(course, state, port):
    """Run a state on this machine."""
    from ..serving import serve

    serve(course, state, port)


@students.command()
@click.argument("state", type=STATE)
@click.pass_obj
def shell(course, state):
    """Open the Flask shell of a state, on its database."""
    from ..shell import open_shell

    sys.exit(open_shell(course, state))


@students.command()
@click.argument("state", type=STATE)
@click.pass_obj
def reset(course, state):
    """Remove a state's database, so that it starts over."""
    from ..databases import remove_database

    click.echo(remove_database(course, state))


@students.command()
@click.argument("chapter", type=CHAPTER, required=False)
@options.flag("again", "Start over; the old workspace is kept aside")
@options.flag("fresh", "From the course's program, not from your own")
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


@students.command()
@options.flag("watch", "Check again at each save")
@options.flag("verbose", "Every failure, its place, and what was printed")
@on_workspace
def check(workspace, watch, verbose):
    """Say which steps of the workspace are done, and what is missing.

    The exit status is 0 when all are done, else 1; under make, always 0.
    It runs the workspace's program, with what you may do on this machine.
    """
    from .watch import check_at_each_save, check_once

    return (check_at_each_save if watch else check_once)(workspace, verbose)


@students.command()
@on_workspace
def hint(workspace):
    """Reveal a little more of the step's page at each call."""
    from .hints import hint

    hint(workspace)


@students.command()
@options.flag("stat", "Only how much differs in each file")
@on_workspace
def compare(workspace, stat):
    """Show what leads from your program to the state you work towards."""
    from .comparison import compare

    return compare(workspace, stat)


@students.command("catch-up")
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


@students.command()
@click.argument("name", required=False)
@click.pass_obj
def restore(course, name):
    """List the saved copies of your workspaces, or bring one back."""
    from .copies import list_copies, restore
    from .workspaces import Workspaces

    workspaces = Workspaces(course)
    restore(workspaces, name) if name else list_copies(workspaces)


@students.command()
@click.pass_obj
def progress(course):
    """Show every chapter and step, with what is done."""
    from .progress import progress

    progress(course)


@students.command()
@options.port
@on_workspace
def run(workspace, port):
    """Serve your own program on this machine."""
    from .run import run

    run(workspace.course, workspace, port)
