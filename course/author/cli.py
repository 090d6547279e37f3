"""The commands of those who write the course."""

import sys

import click

from .. import options
from ..options import STATE


@click.group()
def authors():
    """What `course.cli` adds to its own commands."""


@authors.command()
@options.flag("steps", "A commit for each step, not for each block")
@click.pass_obj
def history(course, steps):
    """Write the course as a git repository, build/history."""
    from .history import export

    click.echo(export(course, steps))


@authors.command()
@click.pass_obj
def adopt(course):
    """Take over what was rebased or reworded in build/history."""
    from .adoption import adopt

    click.echo(adopt(course))


@authors.command()
@click.argument("state", type=STATE)
@click.option(
    "--tests/--no-tests",
    default=True,
    envvar="COURSE_TESTS",
    help="Run the chapter's tests at the end, or not (TESTS=0).",
)
@click.pass_obj
def amend(course, state, tests):
    """Put what was edited in a snapshot into a step of its chapter."""
    from .amendment import amend_and_test

    sys.exit(amend_and_test(course, state, tests))


@authors.command("new-step")
@click.argument("step")
@click.argument("title", nargs=-1, required=True)
@click.pass_obj
def new_step(course, step, title):
    """Make the page of a new step: new-step 2.3 "A title"."""
    from .skeletons import new_step

    click.echo(new_step(course, step, " ".join(title)))


@authors.command("new-chapter")
@click.argument("name")
@click.argument("title", nargs=-1)
@click.pass_obj
def new_chapter(course, name, title):
    """Make a new last chapter: new-chapter 04-name "Its first step"."""
    from .skeletons import new_chapter

    click.echo(new_chapter(course, name, " ".join(title) or "A first step"))


@authors.command()
@click.argument("exercise")
@click.pass_obj
def refit(course, exercise):
    """Write the diffs of an exercise anew, on its chapter's end."""
    from .refit import refit

    click.echo(refit(course, exercise))


@authors.command()
@click.pass_obj
def notebooks(course):
    """Run every notebook and write its outputs anew."""
    from ..explore.notebooks import write_all

    write_all(course, click.echo)


@authors.command()
@click.pass_obj
def pictures(course):
    """Take the pictures in the steps' pages anew where those changed."""
    from ..pictures.steps import make_pictures

    make_pictures(course)


@authors.command()
def bench():
    """Measure what the course promises about speed."""
    from ..bench.report import report

    sys.exit(report())


@authors.command()
@click.pass_obj
def latest(course):
    """Test the snapshots with the newest releases."""
    from .latest import run_latest

    sys.exit(run_latest(course))


@authors.command()
@click.pass_obj
def lock(course):
    """Resolve the dependencies anew, into requirements/lock.txt."""
    from ..locking import write_lock

    sys.exit(write_lock(course.root))
