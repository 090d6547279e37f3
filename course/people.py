"""The people that the course puts into a state's database to play with."""

from typing import NamedTuple


class Person(NamedTuple):
    username: str
    email: str
    password: str


# Two of them chose the same password: chapter 1 looks at what is stored.
PEOPLE = [
    Person("susan", "susan@example.com", "correct horse battery"),
    Person("david", "david@example.com", "tinker tailor soldier"),
    Person("maria", "maria@example.com", "correct horse battery"),
]


def add_people(models):
    """Add PEOPLE to an empty table of users; return how many users it has.

    `models` is a program's module of that name. Call inside its app context.
    Where the program cannot hash yet, nobody gets a password.
    """
    db, User = models.db, models.User
    if not db.session.query(User).count():
        for person in PEOPLE:
            user = User(username=person.username, email=person.email)
            if hasattr(user, "set_password"):
                user.set_password(person.password)
            db.session.add(user)
        db.session.commit()
    return db.session.query(User).count()
