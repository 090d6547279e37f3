"""Bounded guesses, against what is one's own, with the rate shown."""

import hmac
import tomllib
from pathlib import Path
from time import perf_counter

import ipywidgets
from werkzeug.security import check_password_hash, generate_password_hash

from .cookies import serializer
from .live import WIDE, Live
from .showing import Table
from .thief import duration

MOST_SECONDS = 5
FILE = Path(__file__).with_name("words.toml")
WORDS = tomllib.loads(FILE.read_text(encoding="utf-8"))
PASSWORDS, KEYS = WORDS["passwords"].split(), WORDS["keys"].split()


def tried(words, fits, most=MOST_SECONDS):
    """(the word that fits or None, how many were tried, the seconds).

    It stops after `most` seconds: these are experiments at home.
    """
    start, number = perf_counter(), 0
    for word in words:
        number += 1
        if fits(word):
            return word, number, perf_counter() - start
        if perf_counter() - start > most:
            break
    return None, number, perf_counter() - start


def guess_password(stored, words=PASSWORDS):
    """Try words against a stored hash, on one core of this machine."""
    found = tried(words, lambda word: check_password_hash(stored, word))
    return told("Words tried against a hash of your own", *found)


def guess_key(cookie, words=KEYS):
    """Try words as the SECRET_KEY that signed a session cookie."""
    found = tried(words, key_of(cookie))
    return told("Words tried as the key of a cookie", *found)


def key_of(cookie):
    """A function that says whether a word is the key of a cookie."""
    start, _, signature = cookie.rpartition(".")
    start, signature = start.encode(), signature.encode()

    def fits(word):
        made = serializer(word).make_signer().get_signature(start)
        return hmac.compare_digest(made, signature)

    return fits


def told(caption, word, number, seconds):
    rate = number / max(seconds, 1e-6)
    found = "nothing: it is none of these" if word is None else word
    rows = [
        ["found", found],
        ["words tried", number],
        ["time", duration(seconds)],
        ["rate on this machine", f"{rate:,.0f} a second"],
        ["a million words would take", duration(1_000_000 / rate)],
    ]
    return Table(caption, ["", ""], rows)


def own_password(password, method="scrypt"):
    """Store a password, then guess at it."""
    return guess_password(generate_password_hash(password, method))


def own_key(key):
    """Sign a session with a key, as Flask does, then guess at it."""
    return guess_key(serializer(key).dumps({"_user_id": "1"}))


def password_panel(password="qwerty"):
    """A password to type, and what a list of common ones makes of it."""
    field = ipywidgets.Text(password, description="password", style=WIDE)
    return Live(own_password, "Guess it", password=field)


def key_panel(key="dev"):
    """A SECRET_KEY to type, and what a list of common ones makes of it."""
    field = ipywidgets.Text(key, description="SECRET_KEY", style=WIDE)
    return Live(own_key, "Guess it", key=field)
