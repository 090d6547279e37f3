"""The commands. Each reads its arguments and calls the module that knows."""

import errno
import sys

import click

from . import environment, options
from .author.cli import authors
from .chapters import Course
from .classroom import cli as classroom
from .errors import CourseError
from .lock import Busy
from .student import cli as student


class Commands(click.Group):
    """Commands that answer for a full disk or a busy folder, in words."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except Busy as error:
            raise CourseError(str(error)) from None
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise CourseError(environment.in_words(error)) from error


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.pass_context
def main(ctx):
    """User logins with Flask, step by step."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    ctx.obj = Course()
    if (ctx.obj.root / "build" / "unfinished").exists():
        click.echo(
            "A command was stopped while it wrote chapters/, and some files "
            "are still as before.\nTo finish it: make history",
            err=True,
        )


OURS = [
    options.command(
        "diff",
        "difference:show_diff",
        "Show the change from state A to B; alone, what A itself changed.",
        click.argument("a"),
        click.argument("b", required=False),
        options.flag("stat", "Only how much changed in each file"),
    ),
    options.command(
        "set-up",
        "set_up:set_up",
        "Install what every command needs, for a room without network.",
    ),
    options.command(
        "cookie",
        "explore.cookies:show",
        "Take a cookie apart, copied from the browser's developer tools.",
        click.argument("text", metavar="[COOKIE]", required=False),
        options.option("key", "The program's SECRET_KEY"),
    ),
    options.command(
        "other-site",
        "othersite.start:other_site",
        "Serve another site, which attacks your program or a state.",
        click.argument("state", type=options.STATE, required=False),
        options.port,
    ),
    options.command(
        "lab",
        "explore.lab:open_lab",
        "Open Jupyter Lab on copies of the notebooks, in work/notebooks.",
        click.argument("options", nargs=-1, type=click.UNPROCESSED),
        options.flag("again", "Make the copies anew; the old are kept aside"),
        context_settings={"ignore_unknown_options": True},
    ),
]
main.commands.update(authors.commands)
ALL = student.COMMANDS + classroom.COMMANDS + OURS
main.commands.update({each.name: each for each in ALL})


@main.command()
@click.pass_obj
def chapters(course):
    """List the chapters and their steps, one line each."""
    for chapter in course.chapters:
        click.secho(f"{chapter.number}    {chapter.folder.name}", bold=True)
        for step in chapter.steps:
            click.echo(f"{step.state}  {step.title}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument(
    "words",
    metavar="[STATE] [PYTEST_OPTIONS]...",
    nargs=-1,
    type=click.UNPROCESSED,
)
@click.pass_obj
def test(course, words):
    """Run every test, or those of one state (ALL=1: on every state)."""
    from .suite import run_tests

    has_state = words and not words[0].startswith("-")
    state, rest = (words[0], words[1:]) if has_state else (None, words)
    sys.exit(run_tests(course, state, rest))


@main.command()
@click.pass_obj
def book(course):
    """Build the lessons, steps and notebooks as a site."""
    from .book.build import make_book

    click.echo(f"The book is ready. Open {make_book(course)}")


@main.command()
@click.argument("what", metavar="N[.K]", required=False)
@options.port
@options.option("out", "Write the slides to this folder")
@options.option("pdf", "Print the slides to this file")
@options.flag("short", "Only the idea, the change and the tests of a step")
@options.option(
    "minutes",
    "How long the talk is, for its pace",
    type=click.IntRange(1, 600),
)
@options.show
@click.pass_context
def walk(ctx, what, port, out, pdf, show, **how):
    """Show the steps of a chapter as slides, with the live program.

    With 2.3 they begin at that step, and go on to the chapter's end.
    """
    course = ctx.obj
    if what is None:
        click.echo("What can be walked, a chapter or from a step on:\n")
        ctx.invoke(chapters)
        click.echo("\nTry: make walk 1")
        return
    course.chapter(course.state(what).chapter)
    if out or pdf:
        from .walk.printing import write

        write(course, what, out, pdf, **how)
        for where in filter(None, (out, pdf)):
            click.echo(f"The slides are in {where}")
        return
    from .walk.live import walk

    walk(course, what, port, show, **how)
