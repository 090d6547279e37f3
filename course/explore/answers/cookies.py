"""The notebook on session cookies."""

from ..meaning import letters
from .kinds import Exercise, Question


def changed(answer):
    if answer is None:
        return (
            "The signature was made for other text, so Flask gives the "
            "program an empty session. Nobody is logged in."
        )
    return f"The signature fits what stands there, so this is {answer}."


def fresh(answer):
    if answer is None:
        return "The key was not found, so the forged session is not taken."
    if answer is True:
        return "The `_id` in it is the one that this browser has."
    return (
        "There is no `_id` in the forged session. Flask-Login compares it "
        "with address and browser on **every** request, and where it does "
        "not match, `_fresh` is made false. Who knows what goes into the "
        "`_id` can forge it too: see below."
    )


def elsewhere(answer):
    said = (
        "With `basic`, which is the default, a copy works in any browser; it "
        "is no longer *fresh*, which matters only to a program that asks for "
        "it. With `strong` the session is emptied."
    )
    return said if answer == ("susan", None) else "The table says why."


QUESTIONS = {
    "at first": Question(
        "The login form needed a token, and what tokens are made from is "
        "kept in the session. That is why strangers get a cookie too."
    ),
    "after login": Question(
        "`_user_id` says who it is, `_fresh` that a password was given, and "
        "`_id` which browser it was. `_flashes` is the message that waits for "
        "the next page."
    ),
    "since": Question(
        "Seconds since the first of January 1970, as computers count. "
        "Anyone can read how old a cookie is."
    ),
    "dot": Question(
        "itsdangerous compresses with zlib when that makes the text shorter, "
        "and puts a dot in front. It is no protection: zlib has no key.",
        also=(
            *("zlib", "compression", "it is compressed", "packed", "zip"),
            *("zipped", "deflate", "deflated", "gzip", "squeezed"),
            *("shortened", "made shorter", "smaller"),
        ),
    ),
    "changed": Question(changed),
    "requests": Question(
        "None: the signature can be tried at home, as fast as the machine "
        "goes. No limit on logins helps, and nothing shows in the logs."
    ),
    "forged": Question(fresh),
    "next week": Question(
        "It is her id and a signature, and neither depends on a login: no "
        "time, no number, nothing of the session. So a program cannot tell "
        "an old one from a new one.",
        also=("no difference", "none", "the same", "not anything", None),
    ),
    "elsewhere": Question(elsewhere),
    "copy": Question(
        "Logging out tells *this browser* to forget. The session is in the "
        "cookie and nowhere else, so there is nothing on the server to end."
    ),
}


def user_id_of(answer, logged_in, before):
    return (answer(logged_in), answer(before)) == ("1", None)


def is_maria(answer, who):
    return who(answer) == "maria"


EXERCISES = {
    "user_id_of": Exercise(
        user_id_of,
        "`cookies.read(value).session` is a dictionary.",
        "def user_id_of(value):\n"
        '    return cookies.read(value).session.get("_user_id")',
    ),
    "marias": Exercise(
        is_maria,
        "`cookies.serializer(key).dumps` does what section 6 did by hand.",
        'key = app.config["SECRET_KEY"]\n'
        'marias = cookies.serializer(key).dumps({"_user_id": "3"})',
    ),
    "letters": Exercise(
        lambda answer: letters(answer) == set("acd"),
        "Sections 5 and 9.",
        'letters = {"a", "c", "d"}',
    ),
}
