"""The notebook on following a login."""

import re

from .kinds import Exercise, Question


def share(answer):
    return (
        f"{answer} of 100. A hash takes nearly all of it where one is "
        "computed, and is meant to. That is also what a program can be kept "
        "busy with, by somebody who sends one login after the other."
    )


def unknown(answer):
    if answer == 0:
        return "None: so a clock tells which names exist."
    return (
        "As many as for a wrong password. Otherwise an unknown name would be "
        "refused sooner, and a clock would tell which names exist."
    )


def adds(answer):
    if "_user_id" not in answer:
        return "Nobody came in: a wrong password changes nothing of it."
    return (
        "A message, who it is, and which browser. `_fresh` says that a "
        "password was given; at a second request it is there before, as "
        "false. `csrf_token` is gone: this program clears the session at a "
        "login, so that nothing of before it stays."
    )


def asks(answer):
    if answer:
        return "There is an id in the session, and the user loader asks who."
    return "There is no id in the session, or no page that asks for it."


def seen_by(answer):
    if answer:
        return "The token was a good one, so the form is looked at."
    return "Nobody: the token is checked before anything else of the form."


def asks_for(answer):
    if answer == "nothing":
        return "There is no id in the session, or no page that asks for it."
    return (
        "The session holds the id, and the user loader asks for that. No "
        "password is seen and no hash computed: that is why it is quick."
    )


def statements(answer):
    if answer == 4:
        return (
            "Is the name taken, is the address taken, add the user, keep it."
        )
    return "The form was refused, so nothing is added."


def attributes(answer):
    why = {
        ("HttpOnly", True): "`HttpOnly` is Flask's default.",
        ("SameSite", True): "`SameSite` this program sets itself.",
        ("Secure", False): "`Secure` is missing: a laptop has no https.",
        ("Expires", False): "`Expires` too: it ends with the browser.",
    }
    return " ".join(
        said for (name, so), said in why.items() if (name in answer) == so
    )


QUESTIONS = {
    "asks": Question(asks),
    "same token": Question(
        "The session holds a random value. The form holds the same value, "
        "**signed**, with a time. Another site can make a browser send a "
        "form, but it cannot read the page to find a token, nor make one."
    ),
    "seen by": Question(
        seen_by,
        also=(["none"], ["nobody"], "none", "nobody", None),
    ),
    "order": Question(
        "Whoever sends no token does not reach the database, and whoever has "
        "a wrong password does not get into the session."
    ),
    "share": Question(share, spread=6),
    "unknown": Question(unknown),
    "adds": Question(adds),
    "attributes": Question(attributes),
    "follows": Question(
        "A browser reads a backslash as a slash, and two slashes as the "
        "start of another site's address. Everything that leaves this site "
        "ends at the front page."
    ),
    "asks for": Question(
        asks_for,
        also=("id", "user id", "user.id", "_user_id", "the user's id"),
    ),
    "statements": Question(statements),
    "logged in": Question(
        "In chapter 3 an account is not yet a login: she is sent to the "
        "login page."
    ),
}


def hashes(answer, login, next_request):
    return [answer(trace) for trace in (login, next_request)] == [1, 0]


def leaves(target):
    """Whether a browser goes to another site, from a path like this.

    It drops tabs and line ends, and takes a backslash for a slash (WHATWG
    URL Standard, 4.4).
    """
    seen = re.sub(r"[\t\r\n]", "", target).replace("\\", "/")
    host = re.match(r"/{2,}([^/?#]+)", seen)
    return target.startswith("/") and bool(host and host[1].strip(". "))


EXERCISES = {
    "logout": Exercise(
        lambda trace: "user_logged_out" in [e.text for e in trace],
        '`send(visitor, "/logout", {"csrf_token": …})` gives an answer and a '
        "trace: give the trace.",
        "visitor = app.test_client()\n"
        "log_in(visitor, susan)\n"
        'token = token_in(visitor.get("/index"))\n'
        '_, logout = send(visitor, "/logout", {"csrf_token": token})',
    ),
    "hashes": Exercise(
        hashes,
        "`trace.to(HASHER)` lists what Werkzeug was asked for.",
        "def hashes(trace):\n    return len(trace.to(HASHER))",
    ),
    "target": Exercise(
        leaves,
        "Section 6 has two; a browser reads a backslash as a slash.",
        'target = "//other.example"',
    ),
}
