"""A hash on this machine, and what guessing at it costs a thief."""

import hashlib
import hmac
import os
from statistics import median
from time import perf_counter, process_time

import ipywidgets
from argon2.low_level import Type, hash_secret_raw

from . import thief
from .live import Live
from .showing import Table, milliseconds
from .thief import dollars, duration, figures

EIGHT = 26**8  # passwords of eight small letters
CLOCK = perf_counter if os.name == "nt" else process_time
SALT = b"16 bytes of salt"


def timed(work, *arguments):
    """What a function gives, and the seconds that it took.

    They are the processor's: what else the machine does is left out.
    """
    start = CLOCK()
    given = work(*arguments)
    return given, max(CLOCK() - start, 1e-7)


def best(work, *arguments, runs=2):
    """The seconds that it takes when nothing disturbs it."""
    return min(timed(work, *arguments)[1] for _ in range(runs))


def scrypt(n=2**15, r=8, p=1, password=b"x"):
    room = 132 * n * r * p + 2**16  # a little more than it needs, in bytes
    return hashlib.scrypt(password, salt=SALT, n=n, r=r, p=p, maxmem=room)


def pbkdf2(rounds=600_000):
    return hashlib.pbkdf2_hmac("sha256", b"x", SALT, rounds)


def argon2id(kibibytes=19 * 1024, passes=2):
    return hash_secret_raw(b"x", SALT, passes, kibibytes, 1, 32, Type.ID)


def equal_cost(n=2**15, p=1):
    """Three hashes that take this machine as long as scrypt with N and p.

    (name, the seconds here, the hash) of each: PBKDF2's rounds and
    Argon2id's memory are chosen to fit.
    """
    time = best(scrypt, n, 8, p)
    rounds = round(50_000 * time / best(pbkdf2, 50_000))
    kib = round(16_384 * time / best(argon2id, 16_384))
    mib = f"{kib / 1024:.0f} MiB"
    return [
        (f"PBKDF2, {figures(rounds)} rounds", time, thief.pbkdf2(rounds)),
        (f"Argon2id, t=2, {mib}", time, thief.argon2id(kib, 2)),
        (f"scrypt, N={n:,}, p={p}", time, thief.scrypt(n, p=p)),
    ]


def bills(caption, rows, guesses=EIGHT):
    """A table of what guessing costs, of (name, seconds here, the hash)."""
    return Table(
        caption,
        ["stored as", "one here", "a second there", "all of them", "rent"],
        [
            [
                name,
                milliseconds(1000 * time),
                figures(each.rate),
                duration(each.seconds(guesses)),
                dollars(each.dollars(guesses)),
            ]
            for name, time, each in rows
        ],
    )


def scrypt_slider():
    """Move N and p: what it takes here, and what the thief pays."""

    def draw(exponent, p):
        n = 2**exponent
        _, time = timed(scrypt, n, 8, p)
        each = thief.scrypt(n, p=p)
        rows = [
            ["time here, for each login", milliseconds(1000 * time)],
            ["memory here, for each login", f"{each.mebibytes:g} MiB"],
            ["guesses a second on a card", f"{each.rate:,.0f}"],
            ["eight small letters, all", duration(each.seconds(EIGHT))],
            ["what the thief pays for it", dollars(each.dollars(EIGHT))],
        ]
        return Table(f"scrypt with N = {n:,}, r = 8, p = {p}", ["", ""], rows)

    steps = {"continuous_update": False}
    return Live(
        draw,
        exponent=ipywidgets.IntSlider(
            15, min=10, max=17, description="N = 2^", **steps
        ),
        p=ipywidgets.IntSlider(1, min=1, max=4, description="p =", **steps),
    )


def comparison(length, compare, runs=25):
    """Nanoseconds for comparing two texts: the first differs, the last does.

    Medians of some runs, in turn: one that was disturbed does not count.
    """
    secret = "a" * length
    guesses = "b" + secret[1:], secret[:-1] + "b"
    number = max(20, 100_000 // length)
    times = [], []
    for _ in range(runs):
        for guess, found in zip(guesses, times, strict=True):
            _, time = timed(repeated, number, compare, secret, guess)
            found.append(1e9 * time / number)
    return tuple(map(median, times))


def repeated(number, compare, a, b):
    for _ in range(number):
        compare(a, b)


def equals(a, b):
    return a == b


COMPARISONS = {"==": equals, "compare_digest": hmac.compare_digest}
