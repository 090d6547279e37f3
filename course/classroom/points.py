"""What each step and each exercise counts, where points are wanted."""

import tomllib
from pathlib import Path

from ..errors import CourseError


def worth(course, chapter, source):
    """Points by slug, as wanted: a number for each step, or a file.

    The file is TOML, `log-in = 2` by the slug of a step or an exercise; what
    it leaves out counts nothing. Raises CourseError where it cannot be read.
    """
    if not source:
        return {}
    if source.isdigit():
        return {step.slug: int(source) for step in chapter.steps}
    given = read(course, source)
    both = [*chapter.steps, *chapter.exercises]
    return {s.slug: given[s.slug] for s in both if s.slug in given}


def read(course, file):
    try:
        given = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(
            f"{file} cannot be read: {error}\n"
            "It has a line such as `log-in = 2` for each step that counts."
        ) from None
    known = {*course.slugs, *(e.slug for e in course.exercises)}
    for slug, value in given.items():
        if slug not in known or not isinstance(value, int | float):
            raise CourseError(
                f"{file}: `{slug} = {value}` names no step and no exercise, "
                "or no number.\nTry: make chapters"
            )
    return given
