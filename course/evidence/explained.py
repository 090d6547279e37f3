"""An exception of a program, in words and with its line, from a record."""

import re
from traceback import walk_tb

from .endpoints import taken_twice
from .exceptions import cause_of, place_of, words_of

WRONGLY = r"(?:\w+\.)*(\w+)\(\) (?:takes|missing|got)"

# What a library says of a line that it does not name, and that line.
NAMED = [
    (r"could not find table '(\w+)'", r"ForeignKey\(\s*[\"']{}\b"),
    (r"has no property '(\w+)'", r"back_populates *= *[\"']{}[\"']"),
    (r"expression \"?'?(\w+).* failed to locate", r"[\"'\[]{}[\"'\].]"),
    (r"on relationship \w+\.(\w+)", r"^ +{} *[:=]"),
]


class Explained:
    """What the record of a program proves about its exceptions."""

    record = places = app = None

    def explained(self, error):
        """An exception in words, with its proven cause, and its place."""
        place = self.spoken_of(error) or place_of(error, self.places)
        place = place or self.named_by(error)
        cause = cause_of(error, self.places, self.app)
        for look in (
            self.no_response,
            self.no_user,
            self.not_set_yet,
            self.one_for_many,
            self.handed_on,
            self.no_key,
        ):
            if found := look(error):
                cause, place = found
        if found := taken_twice(error, self.places):
            cause, place = found
        if silent := self.answers_nothing():
            name, place = silent
            cause = f"{name} returns nothing, and has to return the response"
        said = words_of(error) + (f"\n{cause}" if cause else "")
        return said, place

    def spoken_of(self, error):
        """The line that an exception of a library is about, or None."""
        for words, line in NAMED:
            if found := re.search(words, str(error)):
                return self.line_with(line.format(re.escape(found[1])))
        own = re.match(WRONGLY, str(error))
        if own and not any(map(self.is_own, frames_of(error)[-1:])):
            return self.line_with(rf"def {own[1]}\b")
        return None

    def is_own(self, frame):
        return bool(frame and self.places.line_of(frame))

    def no_response(self, error):
        """(fact, Place) of a view whose answer is none, or None."""
        if "did not return a valid response" not in str(error):
            return None
        codes = [each.__code__ for each in self.views()]
        calls = [e for e in self.record.of("call") if e.code in codes]
        ended = [e for e in calls if e.error is None]
        view = ended[-1] if ended else None
        if view is None:
            return None
        name = getattr(view.answer, "__name__", None)
        if view.answer is None:
            return self.why_none(view)
        if callable(view.answer) and name:
            said = f"the function {name} itself is returned: {name}()"
            return said, self.left(view)
        return None

    def no_user(self, error):
        """(fact, Place) where the loader answered another thing, or None."""
        thing = getattr(error, "obj", None)
        for load in self.record.of("load user"):
            user = self.model("User")
            if thing is None or load.answer is not thing or user is None:
                continue
            if isinstance(thing, (user, int, str)):
                return None
            said = f"{load.name} answers a {type(thing).__name__}, and "
            said += f"Flask-Login needs a {user.__name__}"
            held = getattr(thing, "__dict__", {}).items()
            parts = [n for n, x in held if isinstance(x, user)]
            said += f": its .{parts[0]}" if parts else ""
            return said, self.left(load)
        return None

    def not_set_yet(self, error):
        """(fact, Place) where a library asks an object too early, or None."""
        frames = frames_of(error)
        own = [frame for frame in frames if self.is_own(frame)]
        if getattr(error, "obj", "") is not None or own[1:] == []:
            return None
        if own[-1] is not frames[-1] or self.is_own(frames[-2]):
            return None
        asks = f"{own[-1].f_code.co_name} asks for it"
        line = place_of(error, self.places)
        part = re.search(rf"self\.\w+(?=\.{error.name}\b)", line.text)
        outer = self.places.line_of(own[-2], line_in(error, own[-2]))
        said = f"{part and part[0]} is None still when {asks}, in {line}"
        return (said, outer) if part else None

    def one_for_many(self, error):
        """(fact, Place) where a list was given to a relation of one."""
        if "'list' object has no attribute '_sa_inst" not in str(error):
            return None
        for kind, key in self.lists_of_one():
            said = f"{key} of {kind.__name__} holds one, and no list"
            return said, self.part_of(kind, key)
        return None

    def handed_on(self, error):
        """(fact, Place) where a function was handed another kind of thing."""
        thing, frames = getattr(error, "obj", None), frames_of(error)
        place = place_of(error, self.places)
        if type(thing) not in (str, int, list, dict, tuple):
            return None
        name = re.search(
            rf"(\w+)\.{error.name}\b", place.text if place else ""
        )
        found = None
        while name and frames and self.is_own(frames[-1]):
            code, names = frames[-1].f_code, frames[-1].f_locals
            if names.get(name[1]) is not thing:
                break
            if name[1] not in code.co_varnames[: code.co_argcount]:
                break
            frames.pop()
            if frames and self.is_own(frames[-1]):
                line = line_in(error, frames[-1])
                place = self.places.line_of(frames[-1], line)
                said = f"{code.co_name} was handed {thing!r:.40} as {name[1]}"
                found = said, place
        return found

    def no_key(self, error):
        """(fact, Place) of a key that a dict of the program's has not."""
        frames, key = frames_of(error)[-1:], (*error.args, "")[0]
        if type(error) is not KeyError or not any(map(self.is_own, frames)):
            return None
        place = place_of(error, self.places)
        asks = rf"(\w+)\[[\"']{re.escape(str(key))}[\"']\]"
        name = re.search(asks, place.text)
        value = name and frames[0].f_locals.get(name[1])
        if not isinstance(value, dict):
            return None
        has = ", ".join(map(str, list(value)[:9])) or "nothing"
        return f"{name[1]} has no {key!r}; it has {has}", place

    def answers_nothing(self):
        """(name, Place) of a function that kept an answer to itself, or None.

        Flask hands each answer to these functions, and sends what they return.
        """
        lists = getattr(self.app, "after_request_funcs", {}).values()
        for function in (each for every in lists for each in every):
            calls = self.record.of("call")
            name = getattr(function, "__name__", None)
            if any(c.name == name and c.answer is None for c in calls):
                return name, self.places.place_of_function(function)
        return None

    def named_by(self, error):
        """The line with what an exception of a library speaks of, or None."""
        thing = getattr(error, "obj", None)
        for event in self.record.of("load user"):
            if thing is not None and event.answer is thing:
                return self.line_with(r"^def load_user|user_loader")
        if hasattr(thing, "__code__"):
            return self.places.place_of_function(thing)
        if endpoint := getattr(error, "endpoint", None):
            return self.line_with(rf"[\"']{re.escape(endpoint)}[\"']")
        if name := re.match(WRONGLY, str(error)):
            return self.line_with(rf"def {name[1]}\b")
        if name := re.search(r"keyword argument for (\w+)$", str(error)):
            return self.line_with(rf"^class {name[1]}\b")
        if name := re.search(r"constraint failed: \w+\.(\w+)", str(error)):
            return self.line_with(rf"^ +{name[1]} *[:=]")
        return self.class_of(thing)


def frames_of(error):
    """The frames that an exception came through, the innermost last."""
    return [frame for frame, _ in walk_tb(error.__traceback__)]


def line_in(error, frame):
    """The line of a frame at which an exception came through it."""
    return next(n for f, n in walk_tb(error.__traceback__) if f is frame)
