"""One slide, and how much goes on each."""

from dataclasses import dataclass, field


@dataclass
class Slide:
    """One slide; `kind` names the part of the template that draws it.

    Slides of one `group` animate into each other. A `short` one is shown when
    there is little time.
    """

    kind: str
    notes: str = ""
    lead: str = ""
    group: str = ""
    short: bool = False
    values: dict = field(default_factory=dict)


def evenly(items, most):
    """The items in the fewest parts of at most so many, about as long."""
    parts = -(-len(items) // most)
    size = -(-len(items) // max(parts, 1))
    return [items[at : at + size] for at in range(0, len(items), size or 1)]
