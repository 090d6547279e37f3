"""What a thief with a graphics card of today pays for guesses.

Speeds and prices are other people's measurements: `rates.toml` has each
with its source and date. They are scaled by the work that a hash takes.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("rates.toml")
RATES = tomllib.loads(FILE.read_text(encoding="utf-8"))
CARD, PRICE = RATES["card"], RATES["price"]["dollars_an_hour"]


class Hash(NamedTuple):
    """A way to store a password, and the work that it takes.

    `work` counts in the unit of its rate: rounds, blocks · r · p, KiB · t.
    """

    method: str
    work: int = 1
    mebibytes: float = 0

    @property
    def rate(self):
        """Guesses a second on one card."""
        rate = RATES[self.method]
        return rate["a_second"] * rate["work"] / self.work

    def seconds(self, guesses):
        return guesses / self.rate

    def dollars(self, guesses):
        return self.seconds(guesses) / 3600 * PRICE


def sha256():
    return Hash("sha256")


def scrypt(n=2**15, r=8, p=1):
    return Hash("scrypt", n * r * p, 128 * n * r / 2**20)


def pbkdf2(rounds=600_000):
    return Hash("pbkdf2", rounds)


def argon2id(kibibytes=19 * 1024, passes=2):
    return Hash("argon2id", kibibytes * passes, kibibytes / 1024)


def sources():
    """Each number with where it is from: rows for a table."""
    return [
        [each["what"], each["number"], each["date"], each["source"]]
        for each in RATES.values()
        if isinstance(each, dict)
    ]


def duration(seconds):
    """`0.05 ms`, `8.5 minutes`, `1,200 years`."""
    units = [("years", 31_557_600), ("days", 86400), ("hours", 3600)]
    units += [("minutes", 60), ("s", 1), ("ms", 0.001)]
    name, size = next((u for u in units if seconds >= u[1]), units[-1])
    return f"{figures(seconds / size)} {name}"


def dollars(amount):
    """`$0.02`, `$1,200`; what is less than a cent is said so."""
    return "under 1 cent" if amount < 0.01 else f"${figures(amount)}"


def figures(number):
    """Two figures that count."""
    if number == 0:
        return "0"
    if number >= 10:
        return f"{float(f'{number:.2g}'):,.0f}"
    return f"{number:.2g}"
