"""The commands of those who run a class."""

import click

from ..options import STATE, command, option
from ..student.cli import ChapterNumber, workspace

COMMANDS = [
    command(
        "class",
        "classroom.marks:mark_class",
        "Check the workspaces of a class, and print a table.\n\n"
        "FOLDER holds a folder, a clone or a .zip for each student. They are "
        "programs, and are run: see TEACHING.md for what that means.",
        click.argument(
            "folder", type=click.Path(exists=True, file_okay=False)
        ),
        click.argument("number", metavar="CHAPTER", type=ChapterNumber()),
        option(
            "hidden",
            "A folder with checks of your own",
            type=click.Path(exists=True, file_okay=False),
        ),
        option("points", "Points: for each step, or a file of them"),
        option("out", "Write the table: .csv, .html, .md, or a folder"),
    ),
    command(
        "student-edition",
        "classroom.edition:student_edition",
        "Write the course for students: no answers, nothing beyond a step.",
        click.argument("folder", type=click.Path()),
        click.argument("until", type=STATE, required=False),
    ),
    command(
        "hand-in",
        "classroom.hand_in:hand_in",
        "Pack your workspace, with what its check says, into one file.",
        workspace,
        option("out", "The file; else the one beside the workspace"),
        option("branch", "Commit to this branch instead, to be pushed"),
    ),
]
