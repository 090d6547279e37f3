"""A program that is killed half-way leaves all of a change, or nothing."""

import os
import subprocess
import sys

import pytest

from tests.chapters.site import expect

ANNA = {
    "username": "anna",
    "email": "anna@example.com",
    "password": "correct horse battery",
    "password2": "correct horse battery",
}


def register(visitor):
    visitor.fill(visitor.see("/register"), "password2", **ANNA)


KILLED = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from course.chapters import State
from course.loading import load_package
from tests.chapters.site import Site
from tests.states.test_killed import register

chapter, step, folder, owner, moment = sys.argv[1:]
state = State(int(chapter), int(step))
site = Site(load_package(state, Path(folder)))
with site.app.app_context():
    target = getattr(site.db, owner)
    event.listen(target, moment, lambda *a, **k: os._exit(9))
register(site.visitor())
"""


@pytest.mark.holds_from("register")
@pytest.mark.parametrize(
    ("owner", "moment", "left"),
    [
        ("session", "before_flush", 0),
        ("session", "after_flush", 0),
        ("session", "before_commit", 0),
        ("engine", "commit", 0),
        ("session", "after_commit", 1),
    ],
)
def test_a_program_killed_while_registering_leaves_all_or_nothing(
    state, site, program_of, tmp_path, owner, moment, left
):
    folder = str(program_of(state))
    arguments = [str(state.chapter), str(state.step), folder, owner, moment]
    database = f"sqlite:///{tmp_path / 'test.db'}"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments],
        env=os.environ | {"DATABASE_URL": database},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 9, done.stderr
    with site.session() as session:
        users = session.query(site.User).all()
        whole = [u for u in users if u.email and u.password_hash]
        expect(
            len(users) == len(whole) == left,
            f"Killed the program in the middle of a registration ({moment}).",
            f"{len(users)} users, {len(whole)} of them whole",
            f"{left}",
        )
