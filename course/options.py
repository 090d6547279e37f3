"""How commands are made, and what they read.

`make diff 2 STAT=1` sets COURSE_STAT=1 for `python -m course diff 2`: that
prefix keeps variables of a person's own, such as PORT, out of it.
"""

import sys
from importlib import import_module

import click

from .chapters import Course
from .errors import CourseError


def command(name, target, help, *params, **settings):
    """A command that calls `module:function`, imported when it is typed.

    It is called with the workspace, if it takes one, or else the course. What
    it returns is said, or is the exit status.
    """
    module, _, function = target.partition(":")

    @click.pass_obj
    def call(course, workspace=None, **values):
        found = getattr(import_module(f"course.{module}"), function)
        said = found(workspace or course, **values)
        if not isinstance(said, str):
            sys.exit(said)
        click.echo(said)

    for param in reversed(params):
        call = param(call)
    return click.command(name, help=help, **settings)(call)


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


def option(name, help, **settings):
    """`--name TEXT`, or NAME=… after a make command."""
    envvar = f"COURSE_{name.upper()}"
    words = f"{help} ({name.upper()}=…)."
    return click.option(f"--{name}", envvar=envvar, help=words, **settings)


def flag(name, help):
    """`--name`, or NAME=1 after a make command."""
    envvar = f"COURSE_{name.upper()}"
    words = f"{help} ({name.upper()}=1)."
    return click.option(f"--{name}", envvar=envvar, is_flag=True, help=words)


state = click.argument("state", type=STATE)
port = option(
    "port",
    "Listen on this port; else on the first free one",
    type=click.IntRange(1, 65535),
)
show = click.option(
    "--show/--no-show", default=True, help="Whether to open a browser."
)
