"""The page of the program that a step is about, and its other addresses."""

import re

from ..errors import CourseError
from ..othersite.start import attacks_of
from ..pictures.scenes import scenes_of

ADDRESS = re.compile(r"localhost:\d+(/[^\s>)`]*)|`(/\w[^`\s]*)`")


def start_of(course, step):
    """The page that the step's picture is of, or its drawing, or `/`.

    It is the last that is opened there; what is done on it is for the class.
    """
    for kind in ("pictures", "drawings"):
        moves = scenes_of(course, kind).get(step.slug, [])
        opened = [move["open"] for move in moves if "open" in move]
        if opened:
            return opened[-1] if kind == "pictures" else opened[0]
    return "/"


def addresses_of(course, step):
    """Where somebody may want to go: what the step's page names."""
    found = (a or b for a, b in ADDRESS.findall(step.text))
    return list(dict.fromkeys([start_of(course, step), *found]))


def attacks_on(course, step):
    """The attacks that a step stops, of the course's other site."""
    try:
        attacks = attacks_of(course)
    except CourseError:
        return None
    return [attack for attack in attacks if attack.step == step.slug]
