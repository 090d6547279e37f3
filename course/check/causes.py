"""The likely cause of a failure, from what it says.

`causes.toml` lists what learners get wrong: a piece of the message, where
one is needed the tests that it is meant for, and the cause in words.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("causes.toml")


@cache
def causes():
    """The entries of the catalogue, in order; the first that fits counts."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["cause"]


def likely_cause(test, message):
    """The entry that fits a failed test's message; {} where none does."""
    fitting = (c for c in causes() if fits(c, test, message))
    return next(fitting, {})


def fits(cause, test, message):
    named = test in cause.get("test", [test])
    return named and re.search(cause["says"], message) is not None
