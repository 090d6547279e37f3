"""The matrix, a pytest plugin: each behaviour test on the states it is about.

`@pytest.mark.since("log-out")` names the step that turns a test green. The
test runs on the state before, where it must fail with an AssertionError that
has words of its own: that is how we know that it sees what the step brought.
It must pass at the step, at the end of that and of each later chapter, and
after each refactoring step; with ALL=1, at every state from the step on. All
of its cases run where it turns green and at the course's end, and between
the two the first alone, or with ALL=1 all. With
`until="members-only", because="…"` the later step retires it on purpose; the
ledger of retired tests is printed at the end.

`@pytest.mark.holds_from("log-in")` is for what holds from a step on and need
not fail before; with `only="snapshots"`, at the ends of chapters and after
refactoring steps, with `every=True` at each state. `belongs="…"` names the
step that a student's program is checked with it.

`@pytest.mark.exercise("stay-for-a-while")` is a check of an exercise: red at
the end of its chapter, and green on the worked way; with `holds=True` it is
green on both. The tests of its chapter pass on the worked way as well, but
for those with `retired_by("stay-for-a-while", because="…")`; each runs on one
of the chapter's worked ways, in turn, and with ALL=1 on all.

`--state 2.3` runs what one state must do, `--exercise 2.1` the checks of one
exercise (`*` of all), `--workspace FOLDER` runs them on the program in a
folder.
"""

import ast
import os
from functools import cache
from itertools import chain
from pathlib import Path
from zlib import crc32

import pytest

from .chapters import Course, State, Worked
from .states import States

COURSE = pytest.StashKey[Course]()
NEVER = State(1000, 0)
MARKS = ("since", "holds_from", "exercise")


def pytest_addoption(parser):
    parser.addoption("--state", help="only what this state must do")
    parser.addoption("--exercise", help="only the checks of this exercise")
    parser.addoption("--workspace", help="of the program in this folder")


def pytest_configure(config):
    config.stash[COURSE] = Course()
    for line in (
        "since(step, until, because): the step that turns this test green",
        "holds_from(step, only, every, belongs): true from this step on",
        "exercise(slug, holds): the exercise whose worked way is checked",
        "retired_by(slug, because): not true on that exercise's worked way",
    ):
        config.addinivalue_line("markers", line)


@pytest.fixture(scope="session")
def course(request):
    return request.config.stash[COURSE]


@pytest.fixture(scope="session")
def program_of(request, course):
    """Where the program of a state is; None for state 0.

    With --workspace, it is there for every state.
    """
    workspace, states = request.config.getoption("--workspace"), States(course)

    def program_of(state):
        if workspace:
            return Path(workspace)
        return states.program(state) if state.chapter else None

    return program_of


def pytest_generate_tests(metafunc):
    if "state" in metafunc.fixturenames:
        states = chosen_states(metafunc.config, metafunc.definition)
        metafunc.parametrize("state", states)


def chosen_states(config, item):
    """The states to run a test on, as pytest parameters."""
    course, one = config.stash[COURSE], config.getoption("--state")
    if mark_of(item).name == "exercise":
        return states_of_exercise(config, mark_of(item))
    if config.getoption("--exercise"):
        return []
    since, until = span_of(course, item)
    if since == NEVER:
        return []
    alive = [s for s in course.states if since <= s and not until <= s]
    if one:
        chosen = {course.state(one)}
    elif os.environ.get("ALL") or mark_of(item).kwargs.get("every"):
        chosen = set(alive)
    else:
        chosen = straight_line(course, item, since)
    params = [pytest.param(s, id=str(s)) for s in alive if s in chosen]
    if item.get_closest_marker("since") and not one:
        params.insert(0, red(course.before(since)))
    if not one:
        params += worked_ways(course, item, since, until)
    return params


def states_of_exercise(config, mark):
    """The end of the chapter, red, and the worked way; or only the latter."""
    course, one = config.stash[COURSE], config.getoption("--exercise")
    exercise = course.exercise(mark.args[0])
    end = course.chapter(exercise.state.chapter).last
    worked = pytest.param(exercise.state, id=str(exercise.state))
    if config.getoption("--state"):
        return []
    if one:
        chosen = one == "*" or course.exercise(one) == exercise
        return [worked] if chosen else []
    before = pytest.param(end, id=str(end))
    return [before if mark.kwargs.get("holds") else red(end), worked]


def worked_ways(course, item, since, until):
    """The worked ways of its folder's chapter, on which a test passes too.

    It runs on one of them, in turn, and with ALL=1 on each.
    """
    retired = {slug for slug, _ in retired_by_exercises(item)}
    states = [
        exercise.state
        for chapter in course.chapters
        if chapter.folder.name in item.path.parts
        for exercise in chapter.exercises
        if exercise.asks_for_code and exercise.slug not in retired
        if since <= chapter.last < until
    ]
    if states and not os.environ.get("ALL"):
        states = [states[crc32(item.name.encode()) % len(states)]]
    return [pytest.param(state, id=str(state)) for state in states]


def retired_by_exercises(item):
    """The exercises on whose worked ways a test does not hold, and why."""
    for mark in item.iter_markers("retired_by"):
        if not mark.kwargs.get("because"):
            raise pytest.UsageError(f"{item.nodeid} is retired; because?")
        yield mark.args[0], mark.kwargs["because"]


def straight_line(course, item, since):
    """The states that show a test to hold, as many as there are chapters."""
    snapshots = mark_of(item).kwargs.get("only") == "snapshots"
    return milestones(course) | (set() if snapshots else {since})


@cache
def milestones(course):
    """The ends of chapters, and the states after refactoring steps."""
    moved = {s.state for s in course.steps.values() if s.is_refactoring}
    return moved | {chapter.last for chapter in course.chapters}


def mark_of(item):
    for name in MARKS:
        if mark := item.get_closest_marker(name):
            return mark
    raise pytest.UsageError(f"{item.name} uses `state`; since which step?")


def span_of(course, item):
    """The first state of a test, and the one that retires it."""
    mark = mark_of(item)
    until, since = mark.kwargs.get("until"), named(course, mark.args[0])
    if mark.kwargs.get("belongs") in course.later:
        since = NEVER
    if until and not mark.kwargs.get("because"):
        raise pytest.UsageError(f"{item.nodeid} is retired; because?")
    span = since, named(course, until) if until else NEVER
    for step in filter(None, map(course.steps.get, span)):
        if step.is_refactoring and mark.name == "since":
            raise pytest.UsageError(
                f"{item.nodeid} would change at {step.slug}, a refactoring "
                "step: its page says that nothing changes."
            )
    return span


def named(course, slug):
    """The state of a step; one that a students' edition lacks is NEVER."""
    return NEVER if slug in course.later else course.state(slug)


def red(state):
    why = "fails before the step that brings it"
    mark = pytest.mark.xfail(strict=True, raises=AssertionError, reason=why)
    return pytest.param(state, id=f"{state}-red", marks=mark)


def pytest_ignore_collect(collection_path, config):
    """With --state, import no folder whose tests speak of no state."""
    if config.getoption("--state") and collection_path.is_dir():
        return None if has_marks(collection_path) else True
    return None


@cache
def has_marks(path):
    """Whether a test, or one in a folder, has one of the MARKS."""
    if path.is_dir():
        return any(map(has_marks, path.iterdir()))
    if not path.match("test_*.py"):
        return False
    text = path.read_text(encoding="utf-8")
    if not any(f"mark.{mark}(" in text for mark in MARKS):
        return False  # and in a text it does not count
    nodes = ast.walk(ast.parse(text))
    return any(getattr(node, "attr", None) in MARKS for node in nodes)


def pytest_collection_modifyitems(config, items):
    """With --state, leave out what does not speak of a state."""
    if config.getoption("--state") or config.getoption("--exercise"):
        items[:] = [item for item in items if speaks_of_a_state(item)]
    elif not os.environ.get("ALL"):
        items[:] = without_more_cases(items)


def without_more_cases(items):
    """All cases of a test where it turns green and at the end, one between."""
    seen = set()
    for item in items:
        if speaks_of_a_state(item) and is_between(item):
            key = item.path, item.originalname, item.callspec.params["state"]
            if key in seen:
                continue
            seen.add(key)
        yield item


def is_between(item):
    """Whether a test was green before, and is asked again further on."""
    course, mark = item.config.stash[COURSE], mark_of(item)
    if mark.name == "exercise" or mark.kwargs.get("every"):
        return False
    ends = {course.state(mark.args[0]), course.states[-1]}
    is_red = item.get_closest_marker("xfail")
    return not is_red and item.callspec.params["state"] not in ends


def speaks_of_a_state(item):
    params = getattr(item, "callspec", None) and item.callspec.params
    return isinstance((params or {}).get("state"), State | Worked)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    expected = item.get_closest_marker("xfail") and call.excinfo
    if expected and call.excinfo.errisinstance(AssertionError):
        item.repr_failure = lambda excinfo: str(excinfo.value)  # is quick
    report = yield
    for entry in retired_by_exercises(item):
        told = (item.originalname, *entry)
        report.user_properties.append(("retired", told))
    mark = item.get_closest_marker("since")
    if mark := mark or item.get_closest_marker("exercise"):
        explain(report, item, call, mark)
    return report


def step_named(course, mark):
    """The step or the exercise that a mark names."""
    if mark.name == "exercise":
        return course.exercise(mark.args[0])
    return course.steps[course.state(mark.kwargs.get("belongs", mark.args[0]))]


def explain(report, item, call, mark):
    """Say where to read; refuse a red that a learner could not read."""
    course = item.config.stash[COURSE]
    page = step_named(course, mark).page
    if report.failed:
        where = page.relative_to(course.root).as_posix()
        report.sections.append(("Where to read", where))
    message = str(call.excinfo.value) if call.excinfo else ""
    wordless = not message or message.startswith("assert ")
    if hasattr(report, "wasxfail") and wordless:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} has no words of its own:\n{message}"
    if "until" in mark.kwargs:
        entry = (
            item.originalname,
            mark.kwargs["until"],
            mark.kwargs["because"],
        )
        report.user_properties.append(("retired", entry))


def pytest_terminal_summary(terminalreporter):
    reports = chain.from_iterable(terminalreporter.stats.values())
    ledger = {
        tuple(value)
        for report in reports
        for name, value in getattr(report, "user_properties", [])
        if name == "retired"
    }
    if ledger:
        terminalreporter.section("tests that a later step retires")
    for name, until, because in sorted(ledger, key=lambda row: row[1]):
        terminalreporter.line(f"{until}  {name}\n     {because}")
