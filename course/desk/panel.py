"""What stands beside the page: what was built, what fails, who can log in."""

from textwrap import dedent

import click

from ..check.report import told, told_changes
from ..student.milestones import said_of


def built(work):
    """The step just done and what it brought, as the lesson says it.

    It is (step, text), or None where the last save finished none.
    """
    if not work.built:
        return None
    step = work.built[-1]
    return step, said_of(work.workspace.chapter, step)


def failures(work):
    """Each failure as (sentence, lines), in the words of the check."""
    outcome = work.answer if work.exercise else work.outcome
    if outcome is None:
        return []
    return [parted(told(each, False)) for each in outcome.failures[:3]]


def changes(work):
    """What was changed since it held, as (sentence, lines), or None."""
    if work.exercise or not work.outcome or not work.outcome.changes:
        return None
    return parted("\n".join(told_changes(work.outcome)))


def parted(text):
    head, _, body = click.unstyle(text).strip().partition("\n")
    return head, dedent(body)


def people(work):
    """Who can log in at the running program, a line each, or why nobody."""
    rows = (work.program and work.program.rows()) or []
    known = [name for name, _ in rows]
    if "log in" not in known:
        return []
    first, last = known.index("log in"), known.index("program")
    return [text for _, text in rows[first:last] if text]
