"""What held once and fails now: the check shows what was changed since."""

import re

import pytest

from course.check.report import told_changes
from course.student import notes
from course.student.milestones import checked

from .conftest import at, copy_program


@pytest.fixture
def check_again(own_course, states, runner_of, monkeypatch):
    """A function: put a state into a workspace, change a file, and check.

    It is checked, and so saved, as it is after the step `done` before that.
    """
    ask = notes.check

    def quick(workspace, **options):
        runner = runner_of(workspace.chapter.number)
        return ask(workspace, **options | {"limit": 20, "runner": runner})

    monkeypatch.setattr(notes, "check", quick)

    def check_again(done, now, file, old, new):
        workspace = own_workspace(own_course, at(done).chapter)
        copy_program(states.folder(at(done)), workspace.folder)
        assert at(done) in checked(workspace).done
        copy_program(states.folder(at(now)), workspace.folder)
        path = workspace.folder / "microblog" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        return checked(workspace)

    return check_again


def own_workspace(course, number):
    from course.student.workspaces import Workspaces

    workspace = Workspaces(course).of(number)
    workspace.folder.mkdir(parents=True)
    return workspace


def said_of(outcome):
    text = re.sub(r"\x1b\[\d+m", "", "\n".join(told_changes(outcome)))
    return [line.strip() for line in text.splitlines()]


def test_the_changed_lines_are_shown_since_the_step_that_was_done(check_again):
    outcome = check_again(
        "log-out", "log-out", "__init__.py", "return db.session", "db.session"
    )
    assert outcome.here == at("load-the-user")
    first, place, *lines = said_of(outcome)
    assert first.startswith(f"It held when step {at('log-out')} was done.")
    assert re.fullmatch(r"microblog/__init__.py, line \d+", place)
    assert [line[0] for line in lines[:2]] == ["-", "+"]
    assert "return db.session.get" in lines[0]


def test_the_step_that_is_here_is_the_one_whose_line_was_changed(check_again):
    outcome = check_again(
        "members-only", "members-only", "routes.py", "logout_user()", "pass"
    )
    assert outcome.here == at("log-out")


def test_what_the_next_step_breaks_belongs_to_that_step(check_again):
    now = "back-to-where-you-were"
    outcome = check_again(
        "members-only", now, "routes.py", "return redirect(target", "(target"
    )
    assert outcome.here == at(now)
    assert outcome.since == at("members-only")


def test_many_changed_lines_are_told_by_their_place(check_again):
    outcome = check_again(
        "load-the-user", "log-in", "__init__.py", "return db.session", "db"
    )
    _, *places, _ = said_of(outcome)
    assert len(places) == len({place.split(",")[0] for place in places}) > 1
