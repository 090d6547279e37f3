"""The slides of a step's tests: red, then green; retired; kept."""

from markupsafe import Markup

from .slide import Slide, evenly

TESTS_ON_A_SLIDE = 13
RETIRED_ROWS = 2  # of its heading


def slides_of_tests(course, specs, step):
    """What a step's tests said before it and at it, a few on a slide."""
    if step.is_refactoring:
        yield slide_of_kept(specs, step.state)
    before = course.before(step.state)
    green = specs.turned_green_by(step.state)
    retired = specs.retired_by(step.state)
    slides = evenly(green, TESTS_ON_A_SLIDE)
    if retired:
        reasons = {spec.because for spec in retired}
        rows = RETIRED_ROWS + len(retired) + len(reasons)
        room = TESTS_ON_A_SLIDE - rows
        slides += [] if slides and len(slides[-1]) <= room else [[]]
    for number, shown in enumerate(slides, 1):
        gone = retired if number == len(slides) else []
        values = {"specs": shown, "retired": gone}
        notes = notes_on(shown, before)
        yield Slide("tests", notes, short=number == 1, values=values)


def slide_of_kept(specs, state):
    """What a refactoring leaves as it was: all tests, or which not."""
    kept = specs.kept_by(state)
    broken = [spec for spec in kept if not spec.passed(state)]
    values = {"count": len(kept), "broken": broken}
    notes = notes_on(broken, state)
    return Slide("kept", notes, short=True, values=values)


def notes_on(specs, state):
    """What each test said where it failed."""
    form = Markup("<pre>{}\n{}</pre>")
    said = (form.format(spec.sentence, spec.said(state)) for spec in specs)
    return Markup().join(said)


def wrong_in(course, specs, steps):
    """Each test that these steps did not turn green, and the state."""
    for state in (step.state for step in steps):
        before = course.before(state)
        for spec in specs.turned_green_by(state):
            if not (spec.failed(before) and spec.passed(state)):
                yield spec, state
