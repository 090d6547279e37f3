"""What held once and fails now: the check shows what was changed since."""

import re

import pytest

from course.check.outcome import Failure, Outcome
from course.check.report import told_changes
from course.student import notes
from course.student.milestones import checked, keep
from course.student.since import look_back
from course.student.workspaces import Workspaces

from .conftest import at, copy_program


@pytest.fixture
def put(own_course, states):
    """A function: the workspace of a chapter, holding a state.

    With a file, and what stands once in it, that is replaced.
    """

    def put(slug, file="", old="", new=""):
        workspace = Workspaces(own_course).of(at(slug).chapter)
        workspace.folder.mkdir(parents=True, exist_ok=True)
        copy_program(states.folder(at(slug)), workspace.folder)
        if file:
            path = workspace.folder / "microblog" / file
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1
            path.write_text(text.replace(old, new), encoding="utf-8")
        return workspace

    return put


@pytest.fixture
def looked_back(own_course, put):
    """A function: the Outcome of a change, made after a step was done.

    What fails is a test of the step `fails`, at the change's first line.
    """

    def looked_back(done, fails, *change, place=None):
        step = own_course.steps[at(done)]
        keep(put(done), step, put(done).digest())
        failure = Failure("test_it", "It does not.", place=place)
        outcome = Outcome(here=at(fails), failures=[failure])
        look_back(put(*change), outcome)
        return outcome

    return looked_back


def lines_of(outcome):
    text = re.sub(r"\x1b\[\d+m", "", "\n".join(told_changes(outcome)))
    return [line.strip() for line in text.splitlines()]


def test_the_changed_lines_are_shown_since_the_step_that_was_done(
    put, runner_of, monkeypatch
):
    check = notes.check
    how = {"limit": 20, "runner": runner_of(1)}
    monkeypatch.setattr(notes, "check", lambda w, **_: check(w, **how))
    slug = "never-store-a-password"
    assert at(slug) in checked(put(slug)).done
    change = "models.py", "generate_password_hash(password)", "password"
    outcome = checked(put(slug, *change))
    assert outcome.here == at(slug)
    first, place, removed, added = lines_of(outcome)
    assert first.startswith(f"It held when step {at(slug)} was done.")
    assert re.fullmatch(r"microblog/models.py, line \d+", place)
    assert removed == "- return generate_password_hash(password)"
    assert added == "+ return password"


def test_the_step_that_is_here_is_the_one_whose_line_was_changed(looked_back):
    change = "members-only", "routes.py", "logout_user()", "pass"
    outcome = looked_back("members-only", "log-in", *change)
    assert outcome.here == at("log-out")


def test_what_the_next_step_breaks_belongs_to_that_step(looked_back):
    now = "back-to-where-you-were"
    change = now, "routes.py", "return redirect(target", "(target"
    outcome = looked_back("members-only", "log-in", *change)
    assert outcome.here == at(now)
    assert outcome.since == at("members-only")


def test_many_changed_lines_are_told_by_their_place(looked_back):
    change = "log-in", "__init__.py", "return db.session", "db"
    outcome = looked_back("load-the-user", "load-the-user", *change)
    _, *places = lines_of(outcome)
    assert len(places) == len({place.split(",")[0] for place in places}) > 1


def test_a_line_that_is_as_it_was_is_not_to_blame(looked_back):
    change = "members-only", "routes.py", "logout_user()", "pass"
    same = ("microblog/models.py", 3, "import unicodedata")
    outcome = looked_back("members-only", "log-in", *change, place=same)
    assert outcome.failures[0].place is None


def test_what_never_held_is_not_compared(looked_back):
    change = "members-only", "routes.py", "logout_user()", "pass"
    outcome = looked_back("log-in", "members-only", *change)
    assert outcome.changes == []
    assert lines_of(outcome) == []
