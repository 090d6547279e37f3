"""The commands of those who run a program, and build their own."""

import click

from ..chapters import Course
from ..errors import CourseError
from ..options import STATE, command, flag, option, port, show, state


class ChapterNumber(click.ParamType):
    """`2`, a chapter; whoever types something else is told what to type."""

    name = "chapter"

    def convert(self, value, param, ctx):
        course = ctx.find_object(Course)
        numbers = {str(c.number): c.number for c in course.chapters}
        if value in numbers:
            return numbers[value]
        chapter, _, step = value.partition(".")
        names = {c.name: c.number for c in course.chapters}
        guess = numbers.get(chapter) or names.get(value)
        said = f"there is no chapter {value}. {course.listed_chapters()}."
        if guess and step:
            said = f"{value} is a step, and this takes a whole chapter."
        raise CourseError(f"{said}\nTry: make {ctx.info_name} {guess or 1}")


class ExerciseName(click.ParamType):
    """`2.1`, or the words in the name of an exercise's page."""

    name = "exercise"

    def convert(self, value, param, ctx):
        return ctx.find_object(Course).exercise(value)


def chosen(ctx, param, number):
    """The workspace of a chapter, or the one that was worked on last.

    With an exercise, it is the one of that exercise's chapter.
    """
    from .workspaces import Workspaces

    if exercise := ctx.params.get("exercise"):
        number = exercise.state.chapter
    return Workspaces(ctx.obj).chosen(number)


def chapter(name, **settings):
    kind = {"type": ChapterNumber(), "metavar": "[CHAPTER]"}
    return click.argument(name, required=False, **kind, **settings)


workspace = chapter("workspace", callback=chosen)
state_or_own = click.argument("state", type=STATE, required=False)

COMMANDS = [
    command(
        "chapter",
        "serving:serve",
        "Run a state on this machine.",
        *(state, port),
    ),
    command(
        "shell",
        "shell:open_shell",
        "Open the shell of your own program, or of a state.",
        state_or_own,
    ),
    command(
        "reset",
        "databases:start_over",
        "Start your own program's database over, or a state's.",
        state_or_own,
    ),
    command(
        "start",
        "student.start:start",
        "Make a workspace for a chapter, and say what to build first.",
        chapter("number"),
        flag("again", "Start over; the old workspace is kept aside"),
        flag("fresh", "From the course's program, not from your own"),
    ),
    command(
        "learn",
        "desk.start:learn",
        "Open the desk: page, check, hints and program in a browser.",
        chapter("number"),
        port,
        show,
    ),
    command(
        "check",
        "student.watch:check",
        "Say which steps of the workspace are done, and what is missing; or "
        "the same of one exercise.\n\n"
        "The exit status is 0 when all are done, else 1; under make, always "
        "0. It runs the workspace's program, with what you may do on this "
        "machine.",
        workspace,
        option(
            "exercise",
            "An exercise, such as 2.1",
            type=ExerciseName(),
            is_eager=True,
        ),
        flag("watch", "Check again at each save"),
        flag("verbose", "Every failure, its place, and what was printed"),
    ),
    command(
        "hint",
        "student.hints:hint",
        "Reveal a little more of the step's page at each call.",
        workspace,
    ),
    command(
        "compare",
        "student.comparison:compare",
        "Say why the course does a step as it does, the last one done or "
        "another, and show that step's lines, yours and the course's.",
        click.argument("state", type=STATE, required=False),
        flag("stat", "Only how much differs in each file"),
    ),
    command(
        "catch-up",
        "student.catch_up:catch_up",
        "Merge the step's change (or all up to a step) into your program.",
        click.argument("goal", metavar="[STATE]", required=False),
        flag("merge", "Merge, though lines of yours conflict with the step's"),
        flag("fresh", "Take the course's program; yours is kept aside"),
    ),
    command(
        "restore",
        "student.restoration:restore",
        "List the saved copies of your workspaces, or bring one back.",
        click.argument("name", required=False),
    ),
    command(
        "progress",
        "student.progress:progress",
        "Show every chapter and step, with what is done.",
    ),
    command(
        "run",
        "student.run:run",
        "Serve your own program on this machine.",
        *(workspace, port),
    ),
]
