"""The notebook on an ID token."""

import base64
import hashlib
import json

from ..meaning import letters
from .kinds import Exercise, Question


def plain(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def token_of(subject):
    """An ID token about somebody, which nobody signed."""
    claims = json.dumps({"iss": "nobody", "sub": subject}).encode()
    return ".".join([plain(b'{"alg":"RS256"}'), plain(claims), plain(b"?")])


def where(came, *words):
    """Other words for an answer, where that is what came out."""
    return lambda answer: words if answer == came else ()


def verifier(answer):
    if not answer:
        return "No text that the session keeps of this start has that hash."
    return (
        "`code_verifier` is what was hashed. That is no mistake: a cookie can "
        "be read by who has it, the person at this browser. PKCE keeps a "
        "code from those who read it elsewhere, in a log or on the way."
    )


def readers(answer):
    if answer == "everyone":
        return (
            "No key was needed: an ID token is signed, not encrypted. So a "
            "secret has no place in it."
        )
    return "What was decoded is not about who said yes."


def signed(answer):
    if answer is None:
        return (
            "It ends in none of the three: the signature was made for other "
            "text, or with another key."
        )
    return (
        "So no letter of either can be changed: not what the claims say, and "
        "not how the head says that they were signed."
    )


def lured(answer):
    if answer is None:
        return "The program did not take the address from her browser."
    return (
        f"She is in {answer.capitalize()}'s account, and does not notice. "
        "It sounds harmless, as nobody got into hers. But what she writes "
        "now, uploads or pays with is in the other one. And with a button "
        "“Connect” it is worse: susan's own account gets a second door, and "
        "who sent the address has its key."
    )


def stolen(answer):
    if answer is None:
        return "The program did not take the code from her browser."
    named = (
        "The program made `zo` of zoe's nickname, Zoë: it keeps a to z. "
    ) * (answer == "zo")
    return (
        f"That is the account of the person who said yes. {named}With the "
        "nonce compared, nobody comes in: the one in the ID token is of that "
        "person's start, and not of Mallory's."
    )


def proven(answer):
    if answer:
        return "The hash of what was sent is the one that came at the start."
    return (
        "Her program sends the text of **her** start, and its hash is not "
        "the one that the provider was given at zoe's. An app on a telephone "
        "can keep no secret from its owner: there, PKCE is all that makes a "
        "code worth nothing to others."
    )


QUESTIONS = {
    "others": Question(
        "They are random, and made for each start. The rest says which "
        "program asks, what for, and where the browser is to come back to."
    ),
    "verifier": Question(verifier),
    "parts": Question(
        "The head says how it was signed; then come the claims, and at the "
        "end the signature."
    ),
    "readers": Question(
        readers, where("everyone", "everybody", "anyone", "anybody", "all")
    ),
    "signed": Question(signed, where("both", ("head", "claims"), "the two")),
    "lured": Question(lured),
    "stolen": Question(stolen, where("zo", "zoe", "zoë")),
    "proven": Question(proven),
}


def subject_of(answer, id_token):
    given = [token_of("zoe"), token_of("susan-at-example"), id_token]
    return list(map(answer, given)) == ["zoe", "susan-at-example", "zoe"]


def challenge_of(answer):
    """RFC 7636 has the first in its appendix B."""
    known = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    return [answer(known), answer("another")] == [
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        plain(hashlib.sha256(b"another").digest()),
    ]


EXERCISES = {
    "subject_of": Exercise(
        subject_of,
        "The second part, decoded, is JSON. Section 2 has a `decode`.",
        "def subject_of(id_token):\n"
        '    payload = id_token.split(".")[1]\n'
        '    padding = "=" * (-len(payload) % 4)\n'
        "    claims = base64.urlsafe_b64decode(payload + padding)\n"
        '    return json.loads(claims)["sub"]',
    ),
    "challenge_of": Exercise(
        challenge_of,
        "`hashlib.sha256`, its `digest()`, and base64 as in addresses.",
        "def challenge_of(verifier):\n"
        "    digest = hashlib.sha256(verifier.encode()).digest()\n"
        '    return base64.urlsafe_b64encode(digest).decode().rstrip("=")',
    ),
    "unnoticed": Exercise(
        lambda answer: letters(answer) == set("ab"),
        "What is signed cannot be changed, and each provider has keys of its "
        "own.",
        'unnoticed = {"a", "b"}',
    ),
}
