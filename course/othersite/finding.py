"""What a course says of an attack, and what an attack finds.

A course has its attacks in `other-site/attacks.py`, as ATTACKS, with a
template for each: `picture.html` is its page, `picture-bait.html` the one
that a victim opens.
"""

from collections.abc import Callable
from typing import NamedTuple

OPEN = "It works"
STOPPED = "It is stopped"
NOTHING = "There is nothing to attack yet"


class Finding(NamedTuple):
    """One of the three verdicts, and the reason in words."""

    verdict: str
    why: str


class Hole(NamedTuple):
    """A line of the program, and what stands there without the lock."""

    file: str
    line: str
    instead: str


class Attack(NamedTuple):
    """`step` is the slug of the step that stops it; None where none does.

    `attempt` is called with a Program, and returns a Finding. Where the step
    that brings the door brings its lock too, `holes` take the lock out, in
    the state after the step `holes_at` (else `step`).
    """

    name: str
    title: str
    step: str | None
    attempt: Callable
    holes: tuple[Hole, ...] = ()
    holes_at: str | None = None
