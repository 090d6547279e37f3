"""The way of an action, link by link, up to the first that did not hold."""

import os
from dataclasses import dataclass, field
from itertools import chain as chained
from typing import NamedTuple

from .place import Place

CHAINS = {}


class Link(NamedTuple):
    """One link of a chain; where it did not hold, the fact that shows it."""

    name: str
    ok: bool
    said: str = ""
    place: Place | None = None


@dataclass
class Finding:
    """What the facts show: the links in order, the last of them broken.

    `said` is the fact and `place` the line of the program; both are empty
    where no fact was found, and then nothing is claimed.
    """

    links: list = field(default_factory=list)
    said: str = ""
    place: Place | None = None


def chain(*names):
    """Register a function that yields the Links of the actions so named."""

    def register(function):
        CHAINS.update(dict.fromkeys(names, function))
        return function

    return register


def ways_of(name, facts):
    """The chains to walk for a failed test, one after the other."""
    if type(facts.error).__name__ == "DoesNotStart":
        return [CHAINS["start"]]
    way = CHAINS.get(name or "any", CHAINS["page"])
    return [CHAINS["first"], type(facts).raised, way]


def found(name, facts):
    """The Finding of a chain, up to its first broken link.

    Without a name it is the chain `any`, or `page` where there is no form
    yet. A Finding without links where all
    of the chain held, or where the program is odd in a way that the chain
    does not foresee: then nothing is said. With EVIDENCE set, that raises.
    """
    links = []
    try:
        for link in chained(*(way(facts) for way in ways_of(name, facts))):
            links.append(link)
            if not link.ok:
                return Finding(links, link.said, link.place)
    except Exception:
        if "EVIDENCE" in os.environ:
            raise
    return Finding()
