"""The people of the tests, and what they type into the program's forms."""

from typing import NamedTuple


class Person(NamedTuple):
    """Someone with an account, or who wants one."""

    username: str
    email: str
    password: str | None = "correct horse battery"

    def __str__(self):
        return self.username

    def but(self, **changes):
        """The same person, but for some changes."""
        return self._replace(**changes)

    @property
    def registration(self):
        """What this person types to register, by field."""
        return self._asdict() | {"password2": self.password}


SUSAN = Person("susan", "susan@example.com")
ANNA = Person("anna", "anna@example.com")
MARIA = Person("maria", "maria@example.com")
NOBODY = Person("nobody", "nobody@example.com")


def identify(page, person):
    """What a person types on a login page to say who they are, by field."""
    field = page.identifying_field()
    if field.get("type") == "email":
        return {field["name"]: person.email}
    return {field["name"]: person.username}


def credentials(page, person):
    """What a person types on a login page, by field."""
    return identify(page, person) | {"password": person.password}


def recognised(user):
    """What the program takes a visitor for, in the words of a Person."""
    return user.username if user.is_authenticated else None
