"""Everything that any command needs, installed while there is a network."""

import click

from . import environment, requirements
from .browser import find_browser

ONLINE = ("latest", "lock")  # of no use without a network


def set_up(course):
    """Install each group in turn, a line for each; say what is missing."""
    groups = [name for name in requirements.GROUPS if name not in ONLINE]
    for number, name in enumerate(groups, 1):
        commands = requirements.GROUPS[name].split()
        pins = requirements.needed(environment.ROOT, course.root, commands[:1])
        line = f"{number} of {len(groups)}  {name}: {', '.join(commands)}"
        click.echo(line)
        environment.set_up(pins)
    return "\n".join(["", *what_is_there()])


def what_is_there():
    yield "Every command works without a network now, but for: latest, lock."
    if not find_browser():
        yield (
            "No Chromium or Chrome was found. `make walk` needs one for OUT= "
            "and PDF=, and some tests do."
        )
    yield "Try: make walk 1, or make class"
