"""The chain of a hash: made, kept, and asked."""

import re

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    written,
)
from tests.chapters.rounds import ROUNDS


@chain("hash")
def hashing(facts):
    """A password set is hashed, kept, and the stored hash is asked."""
    if missing := re.match(r"Looked for User\.(\w+)", str(facts.error)):
        place = facts.line_with(rf"^def {missing[1]}\b")
        said = f"def {missing[1]} stands outside of the class User"
        yield Link("method", not place, said, place)
        return
    for event in facts.record.of("raise", "check hash", "make hash"):
        if event.error is not None:
            said, place = facts.explained(event.error)
            yield Link("runs", False, said, place or event.place)
            return
    calls = facts.record.of("call")
    setters = [e for e in calls if e.name == "set_password"]
    if setters:
        yield from kept(facts, setters[-1])
    for call in [e for e in calls if e.name == "check_password"]:
        yield from asked(facts, call)
    yield Link("asked", True)


def kept(facts, setter):
    """Links: set_password hashes what it is given, and keeps only that."""
    made = [e for e in facts.within(setter) if e.kind == "make hash"]
    typed = [v for v in setter.given.values() if isinstance(v, str)]
    own = vars(setter.given.get("self"))
    stored = written(facts.record) or {
        name: own.get(name) for name in ("password_hash",)
    }
    if not made:
        said = "set_password never called generate_password_hash"
        if stored.get("password_hash") in typed:
            said += ": password_hash holds the password itself"
        yield Link("hashed", False, said, facts.line_with("def set_password"))
        return
    yield Link("hashed", True)
    hashed, given = made[-1].answer, made[-1].given["password"]
    if hashed not in stored.values():
        held = stored.get("password_hash")
        what = "nothing" if held is None else repr(held)[:24]
        said = f"the hash was made, and password_hash holds {what}"
        if elsewhere := [n for n, value in own.items() if value == hashed]:
            said += f"; .{elsewhere[0]} has it, which is no column"
        yield Link("kept", False, said, made[-1].place)
        return
    yield Link("kept", True)
    if given not in typed:
        said = f"set_password was given {typed!r}, hashed {given!r}"
        yield Link("of the password", False, said, made[-1].place)
        return
    for name in [n for n, value in own.items() if value in typed]:
        said = f"the user keeps the password itself, as .{name}"
        place = facts.line_with(rf"\.{name} *=")
        yield Link("thrown away", False, said, place)
        return
    yield from fits(facts, hashed)
    if is_cheap(hashed):
        said = f"it was made with the method {made[-1].given['method']!r}"
        yield Link("slow", False, said, made[-1].place)


def is_cheap(hashed):
    """Whether a hash of Werkzeug's costs less than it has to."""
    kind, *numbers = re.findall(r"\w+", hashed.partition("$")[0])
    rounds = [int(number) for number in numbers if number.isdigit()]
    return bool(rounds) and rounds[0] < ROUNDS[kind]


def fits(facts, hashed):
    """Links: the column has room for the hash."""
    model = facts.model("User")
    column = model.__table__.columns.get("password_hash")
    room = column is not None and getattr(column.type, "length", None)
    if room and room < len(hashed):
        said = f"the hash has {len(hashed)} characters, the column {room}"
        place = facts.part_of(model, "password_hash")
        yield Link("fits", False, said, place)


def asked(facts, call):
    """Links: check_password asks the stored hash, in the right order."""
    place = facts.line_with(r"def check_password\b")
    inside = facts.within(call)
    checks = [e for e in inside if e.kind == "check hash"]
    if not checks:
        made = [e for e in inside if e.kind == "make hash"]
        said = "check_password never asked check_password_hash"
        if made:
            said = (
                "the password was hashed again, with another salt, and "
                "compared; check_password_hash was not asked"
            )
            place = made[0].place
        yield Link("asked", False, said, place)
        return
    check = checks[-1]
    typed = [v for v in call.given.values() if isinstance(v, str)]
    if check.given["pwhash"] in typed:
        said = (
            "check_password_hash was given the password first; the "
            "stored hash comes first"
        )
        yield Link("asked", False, said, check.place)
    elif typed and check.given["password"] not in typed:
        said = f"typed was {typed[-1]!r}, and asked was about "
        said += repr(check.given["password"])
        yield Link("asked", False, said, check.place)
    elif check.answer is not None and call.answer != check.answer:
        said = (
            f"check_password_hash said {check.answer}, and "
            f"check_password answers {call.answer!r}"
        )
        yield Link("answered", False, said, place)
