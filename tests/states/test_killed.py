"""A program that is killed half-way leaves all of a change, or nothing."""

import multiprocessing
import os

import pytest
from sqlalchemy import event

from course.loading import load_package
from tests.chapters.expectation import expect
from tests.chapters.people import ANNA
from tests.chapters.site import Site

# One process imports what takes long and is forked, where a system can.
SLOW = ["email_validator", "flask_login", "flask_sqlalchemy", "flask_wtf"]
FORKED = "forkserver" in multiprocessing.get_all_start_methods()
PROCESSES = multiprocessing.get_context("forkserver" if FORKED else "spawn")
if FORKED:
    PROCESSES.set_forkserver_preload([__name__, *SLOW])


def register_and_die(state, folder, database, owner, moment):
    """Register; the process ends when `owner` of the database gets so far."""
    site = Site(load_package(state, folder), database)
    with site.app.app_context():
        target = getattr(site.db, owner)
        event.listen(target, moment, lambda *a, **k: os._exit(9))
    site.visitor().register(ANNA)


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
    state, site, program_of, owner, moment, left
):
    database = site.app.config["SQLALCHEMY_DATABASE_URI"]
    task = (state, program_of(state), database, owner, moment)
    process = PROCESSES.Process(target=register_and_die, args=task)
    process.start()
    process.join()
    assert process.exitcode == 9
    with site.session() as session:
        users = session.query(site.User).all()
        whole = [user for user in users if user.password_hash]
        expect(
            len(users) == len(whole) == left,
            f"Killed the program in the middle of a registration ({moment}).",
            f"{len(users)} users, {len(whole)} of them whole",
            f"{left}",
        )
