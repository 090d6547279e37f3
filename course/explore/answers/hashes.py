"""The notebook on password hashes."""

import hashlib

from werkzeug.security import generate_password_hash

from ..meaning import amount
from .kinds import Exercise, Question

SAMPLE = "scrypt:32768:8:1$0m0lqVh6xNi03IDZ$" + "e0b44c5b" * 16
OTHER = "scrypt:131072:8:1$aSaltOfItsOwn123$" + "0a1b2c3d" * 16


def lengths(answer):
    if len(set(answer)) == 1:
        return (
            "All the same: the length of a password cannot be seen in its "
            "hash."
        )
    return "They differ because they were not made with the same method."


def bits(answer):
    if answer == 0:
        return "Nothing changed: the two are the same password."
    return (
        "About half of the 512: nothing looks “nearly right”, so there is no "
        "getting warmer. A guess is right, or it tells nothing."
    )


def cheapest(answer):
    return (
        f"{answer} needs next to no memory, so a card keeps all its cores at "
        "work. scrypt and Argon2id read and write megabytes for each guess, "
        "and no card has the memory, fast enough, for all its cores. You "
        "spend the same on each of the three; the thief does not."
    )


def owasp(answer):
    if answer:
        return "It does at least the work that OWASP asks for."
    return (
        "Werkzeug's default is N=2¹⁵ with p=1, where OWASP asks for p=3: a "
        "third of the work. "
        '`method="scrypt:131072:8:1"` is enough, and takes four times as '
        "long. That is a decision to make with your own server in view; "
        "section 8 shows how to change your mind later."
    )


def timing(answer):
    if answer > 2:
        return "This text is long enough for a clock to find a difference."
    return (
        "No difference that a clock finds: Python compares many bytes at "
        "once, and a digest is done before a clock has moved. Look at the "
        "other rows, of a long text: there `==` stops early, and "
        "`compare_digest` does not."
    )


QUESTIONS = {
    "lengths": Question(lengths),
    "bits": Question(bits, spread=45),
    "cracked": Question(
        "A password that stands in the list falls, however it is stored. The "
        "columns beside it say what the thief has to do for it: without a "
        "salt the list is hashed **once**, for all users of all stolen "
        "tables. With one, each user has to be attacked alone; and scrypt "
        "makes each of these guesses slow."
    ),
    "memory": Question(
        "128 · N · r bytes, for **each** login that is checked at the time."
    ),
    "cheapest": Question(cheapest),
    "owasp": Question(owasp),
    "twice": Question(
        "Each call draws a new salt, so no two are the same. You must not "
        "hash again and compare: `check_password_hash` takes the salt from "
        "the stored hash."
    ),
    "timing": Question(timing, spread=0.3),
    "questions": Question(
        "A thief who is told how far the comparison went finds one place "
        "after the other: at most 16 questions for **each**. Guessing the "
        "whole takes up to 16 **times** 16 times … for all places."
    ),
    "old left": Question(
        "Only who logs in gets a new hash: at that moment the program has "
        "the password. A wrong one changes nothing, and neither does staying "
        "away."
    ),
    "layer": Question(
        "The old hash takes the place of the password: `scrypt(old hash)`. "
        "For that nobody has to log in. At a login the program computes the "
        "old hash of what was typed first, and checks that."
    ),
}


def salt_of(answer):
    return [answer(SAMPLE), answer(OTHER)] == [
        "0m0lqVh6xNi03IDZ",
        "aSaltOfItsOwn123",
    ]


def memory_of(answer):
    return (answer(SAMPLE), answer(OTHER)) == (32, 128)


def minutes(answer):
    return abs(amount(answer) - 10_000_000 / 2852 / 60) < 1


def fits_layered(answer):
    old = hashlib.sha256(b"salt" + b"sunshine").hexdigest()
    stored = generate_password_hash(old, "scrypt:1024:8:1")
    given = [("sunshine", True), ("moonshine", False), (old, False)]
    return all(answer(w, "salt", stored) is so for w, so in given)


EXERCISES = {
    "salt_of": Exercise(
        salt_of,
        "A `$` stands on both sides of it.",
        'def salt_of(stored):\n    return stored.split("$")[1]',
    ),
    "memory_of": Exercise(
        memory_of,
        "128 · N · r bytes; a MiB is `2**20` bytes.",
        "def memory_of(stored):\n"
        '    _, n, r, p = stored.split("$")[0].split(":")\n'
        "    return 128 * int(n) * int(r) // 2**20",
    ),
    "minutes": Exercise(
        minutes,
        "Words, divided by guesses a second; then by 60.",
        "minutes = 10_000_000 / 2852 / 60",
    ),
    "fits": Exercise(
        fits_layered,
        "First the old hash of what was typed; then `check_password_hash`.",
        "def fits(password, salt, stored):\n"
        "    old = hashlib.sha256((salt + password).encode()).hexdigest()\n"
        "    return check_password_hash(stored, old)",
    ),
}
