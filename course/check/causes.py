"""The likely cause of a failure, from what it says.

A chapter's `causes.toml`, beside its tests, lists what learners get wrong:
`says` is searched for in the message, `test` names the tests that it is meant
for, `likely` is the cause in words, and `step` the page to read instead of
the test's. Chapters come in order; the first entry that fits is told.
"""

import re
import tomllib
from functools import cache

from ..chapters import Course


def causes():
    """The entries of all chapters, in order."""
    return causes_below(Course().root / "tests" / "chapters")


@cache
def causes_below(folder):
    files = sorted(folder.glob("*/causes.toml"))
    read = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return [cause for file in read for cause in file.get("cause", [])]


def likely_cause(test, message):
    """The entry that fits a failed test's message; {} where none does."""
    fitting = (c for c in causes() if fits(c, test, message))
    return next(fitting, {})


def fits(cause, test, message):
    named = test in cause.get("test", [test])
    return named and re.search(cause["says"], message) is not None
