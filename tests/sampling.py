"""What `make test` takes a part of: what is many and alike, and slow.

With ALL=1, as in the weekly run, everything is tried.
"""

import os

EVERYTHING = bool(os.environ.get("ALL"))


def part(things, one_in):
    """One in so many of the things, and the last."""
    things = list(things)
    kept = things if EVERYTHING else things[::one_in]
    return kept if kept[-1:] == things[-1:] else [*kept, things[-1]]


def weekly(*files):
    """Those files of tests that only the weekly run collects, or none."""
    return [] if EVERYTHING else list(files)
