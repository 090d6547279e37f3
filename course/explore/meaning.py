"""What a guess means, and how close it is to what came out."""

import re
from numbers import Number

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven"]
NOBODY = {"nobody", "no one", "none", "nothing", "noone", "no"}
YES, NO = {"yes", "true", "y"}, {"no", "false", "n"}
AMOUNT = re.compile(r"-?\d[\d,_ ]*(\.\d+)?")
BETWEEN = re.compile(r"\s*(?:,|;|→|->|\band\b)\s*")
CLOSE = 0.25


def same(guess, answer, also=()):
    """Whether a guess means the answer, or one of `also`.

    A list is a tuple, a name is one in any case, and no one is None.
    """
    return any(means(guess, each) for each in (answer, *also))


def means(guess, answer):
    if isinstance(answer, bool):
        return guess is answer or plain(guess) in (YES if answer else NO)
    if answer is None:
        return guess is None or plain(guess) in NOBODY
    if isinstance(answer, Number):
        nothing = answer == 0 and plain(guess) in NOBODY
        return nothing or amount(guess) == answer
    if isinstance(answer, set | frozenset):
        return {plain(x) for x in items(guess)} == {plain(x) for x in answer}
    if isinstance(answer, list | tuple):
        return in_order(items(guess), answer)
    return plain(guess) == plain(answer)


def in_order(guess, answer):
    return len(guess) == len(answer) and all(map(means, guess, answer))


def plain(value):
    """A word as it is meant: in small letters, without what is around it."""
    value = getattr(value, "username", value)
    return str(value).strip(" .,;!?\"'“”`").casefold()


def items(value):
    """The parts of a guess: a text is cut at its commas, and at `and`."""
    if isinstance(value, str):
        return [part for part in BETWEEN.split(value) if part]
    return list(value) if hasattr(value, "__iter__") else [value]


def amount(value):
    """The number in a guess, such as 32 in `32 MiB`; None without one."""
    if isinstance(value, Number) and not isinstance(value, bool):
        return value
    if plain(value) in WORDS:
        return WORDS.index(plain(value))
    found = isinstance(value, str) and AMOUNT.search(value)
    return float(re.sub(r"[,_ ]", "", found[0])) if found else None


def distance(guess, answer):
    """How far off a number is, in words; empty for what is no number."""
    number = amount(guess)
    if isinstance(answer, bool | None) or not isinstance(answer, Number):
        return ""
    if number is None or number <= 0 or answer <= 0:
        return ""
    way = "high" if number > answer else "low"
    if abs(number - answer) <= CLOSE * answer:
        off = abs(number - answer)
        return f"Close: {figure(number)} is {figure(off)} too {way}."
    times = max(number, answer) / min(number, answer)
    return f"Too {way}, by a factor of {times:,.{int(times < 10)}f}."


def figure(number):
    """With commas, but not in what may be a year."""
    return f"{number:,g}" if number >= 10_000 else f"{number:g}"


def letters(answer):
    """The letters that were chosen, however they are written."""
    return {c for part in answer for c in plain(part) if c.isalpha()}


def shown(value):
    """As Python writes it, but a set in the order of its names."""
    if isinstance(value, set | frozenset) and value:
        return "{" + ", ".join(map(repr, sorted(value))) + "}"
    return repr(value)
