"""How soon an address is found among many, with an index and without."""

import tempfile
from pathlib import Path
from statistics import median
from timeit import timeit

from sqlalchemy import func, insert, select

from ..chapters import Course
from ..loading import load_package
from ..states import States

STATE = Course().state("one-address-one-account")
PEOPLE = 100_000
ASKED = range(0, PEOPLE, PEOPLE // 20)


def by_index():
    """How many times as fast the index finds somebody as lower(email)."""
    with tempfile.TemporaryDirectory() as folder:
        package = load_package(STATE, States(Course()).program(STATE))
        database = f"sqlite:///{Path(folder).as_posix()}/bench.db"
        app = package.create_app({"SQLALCHEMY_DATABASE_URI": database})
        db, User = package.models.db, package.models.User
        with app.app_context():
            fill(db, User)
            without = took(db, User, func.lower(User.email))
            ratio = without / took(db, User, User.email)
            db.engine.dispose()
    return ratio


def fill(db, User):
    people = range(PEOPLE)
    db.session.execute(
        insert(User),
        [{"username": f"user{n}", "email": address(n)} for n in people],
    )
    db.session.commit()


def address(number):
    return f"user{number}@example.com"


def took(db, User, column):
    """Seconds to find one of many, in the middle of several."""

    def find(number):
        found = select(User).where(column == address(number))
        assert db.session.scalar(found).email == address(number)
        db.session.expunge_all()

    find(0)
    return median(timeit(lambda n=n: find(n), number=1) for n in ASKED)
