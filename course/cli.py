"""The commands. Each reads its arguments and calls the module that knows."""

import sys

import click

from .chapters import Course
from .errors import CourseError
from .student.cli import COMMANDS


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
    if (ctx.obj.root / "build" / "unfinished").exists():
        click.echo(
            "A command was stopped while it wrote chapters/, and some files "
            "are still as before.\nTo finish it: make history",
            err=True,
        )


for loop_command in COMMANDS:
    main.add_command(loop_command)


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
    from .difference import show_diff

    first, second = course.span(a) if b is None else map(course.state, (a, b))
    sys.exit(show_diff(course, first, second, stat))


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("state", required=False)
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def test(course, state, pytest_options):
    """Run every test, or those of one state."""
    from .suite import run_tests

    sys.exit(run_tests(course, state, pytest_options))


@main.command()
def bench():
    """Measure what the course promises about speed."""
    from course.bench.report import report

    sys.exit(report())


@main.command()
@click.pass_obj
def lock(course):
    """Resolve the dependencies anew, into requirements/."""
    from .locking import lock_groups

    lock_groups(course.root)


@main.command()
@click.option(
    "--steps",
    is_flag=True,
    envvar="STEPS",
    help="A commit for each step, not for each block (STEPS=1).",
)
@click.pass_obj
def history(course, steps):
    """Write the course as a git repository, build/history."""
    from .author.history import export

    click.echo(export(course, steps))


@main.command()
@click.pass_obj
def adopt(course):
    """Take over what was rebased or reworded in build/history."""
    from .author.adoption import adopt

    click.echo(adopt(course))


@main.command()
@click.argument("state", type=STATE)
@click.option(
    "--tests/--no-tests",
    default=True,
    envvar="TESTS",
    help="Run the chapter's tests at the end, or not (TESTS=0).",
)
@click.pass_obj
def amend(course, state, tests):
    """Put what was edited in a snapshot into a step of its chapter."""
    from .author.amendment import amend_and_test

    sys.exit(amend_and_test(course, state, tests))


@main.command("new-step")
@click.argument("step")
@click.argument("title", nargs=-1, required=True)
@click.pass_obj
def new_step(course, step, title):
    """Make the page of a new step: new-step 2.3 "A title"."""
    from .author.skeletons import new_step

    click.echo(new_step(course, step, " ".join(title)))


@main.command("new-chapter")
@click.argument("name")
@click.argument("title", nargs=-1)
@click.pass_obj
def new_chapter(course, name, title):
    """Make a new last chapter: new-chapter 04-name "Its first step"."""
    from .author.skeletons import new_chapter

    click.echo(new_chapter(course, name, " ".join(title) or "A first step"))


@main.command()
@click.pass_obj
def latest(course):
    """Test the snapshots with the newest releases."""
    from .author.latest import run_latest

    sys.exit(run_latest(course))


@main.command()
@click.argument("text", metavar="[COOKIE]", required=False)
@click.option("--key", envvar="KEY", help="The program's SECRET_KEY (KEY=…).")
def cookie(text, key):
    """Take a cookie apart, copied from the browser's developer tools."""
    from .explore.cookies import ask, read

    if text is None:
        text, key = ask(key)
    click.echo(read(text, key))


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("jupyter_options", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def lab(course, jupyter_options):
    """Open Jupyter Lab on the notebooks."""
    from .explore.lab import open_lab

    sys.exit(open_lab(course, jupyter_options))


@main.command()
@click.pass_obj
def notebooks(course):
    """Run every notebook and write its outputs anew."""
    from .explore.notebooks import write_all

    write_all(course, click.echo)


@main.command()
@click.pass_obj
def book(course):
    """Build the lessons, steps and notebooks as a site."""
    from .book.build import make_book

    first = make_book(course)
    click.echo(f"The book is ready. Open {first}")


@main.command()
@click.argument("what", metavar="N[.K]", required=False)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="PORT",
    help="Listen on this port (PORT=…); else the first free one.",
)
@click.option(
    "--out", envvar="OUT", help="Write the slides to this folder (OUT=…)."
)
@click.option(
    "--pdf", envvar="PDF", help="Print the slides to this file (PDF=…)."
)
@click.option(
    "--show/--no-show", default=True, help="Whether to open a browser."
)
@click.pass_context
def walk(ctx, what, port, out, pdf, show):
    """Show the steps of a chapter as slides, with the live program."""
    course = ctx.obj
    if what is None:
        click.echo("What can be walked, a chapter or from a step on:\n")
        ctx.invoke(chapters)
        click.echo("\nTry: make walk 1")
        return
    course.chapter(course.state(what).chapter)
    if out or pdf:
        from .walk.printing import write_folder, write_pdf

        for write, where in ((write_folder, out), (write_pdf, pdf)):
            if where:
                write(course, what, where)
                click.echo(f"The slides are in {where}")
        return
    from .walk.live import walk

    walk(course, what, port, show)
