"""Exercise: a basket that survives each login."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, SUSAN

pytestmark = pytest.mark.exercise("a-basket-that-survives")
LAMP, NEW = "a lamp for a bicycle", "a new and longer password"


@pytest.fixture
def shopper(site, visitor):
    """A visitor who is not logged in, with a lamp in the basket."""
    site.add(SUSAN)
    visitor.fill(visitor.see("/basket"), "item", item=LAMP)
    return visitor


def must_show(visitor, there, done):
    shown = LAMP in visitor.see("/basket").main.get_text()
    expect(
        shown == there,
        done,
        f"“{LAMP}” is {'' if shown else 'not '}on the page /basket",
        "it is there" if there else "it is gone",
    )


def test_the_basket_comes_through_the_login(shopper):
    shopper.log_in(SUSAN)
    must_show(shopper, True, f"Put {LAMP} into the basket, and logged in.")


def test_the_basket_comes_through_a_registration(shopper):
    shopper.register(ANNA)
    must_show(shopper, True, f"Put {LAMP} into the basket, and registered.")


def test_the_basket_is_there_after_the_password_was_typed_again(shopper):
    shopper.log_in(SUSAN)
    shopper.fill(shopper.see("/confirm"), password=SUSAN.password)
    must_show(shopper, True, "Logged in, and typed the password again.")


def test_the_basket_is_there_after_the_password_was_changed(shopper):
    shopper.log_in(SUSAN)
    typed = {"old_password": SUSAN.password, "password": NEW, "password2": NEW}
    shopper.fill(shopper.see("/account/password"), "password2", **typed)
    must_show(shopper, True, "Logged in, and changed the password.")


def test_the_basket_stays_behind_when_somebody_logs_out(shopper):
    shopper.log_in(SUSAN)
    must_show(shopper, True, f"Put {LAMP} into the basket, and logged in.")
    shopper.see("/")
    shopper.log_out()
    must_show(shopper, False, "Logged out.")


def test_nothing_else_comes_through_the_login(shopper):
    shopper.plant(prepared="by somebody else")
    shopper.log_in(SUSAN)
    must_show(shopper, True, f"Put {LAMP} into the basket, and logged in.")
    expect(
        "prepared" not in shopper.session,
        "Had something else in the session, and logged in.",
        f"the session holds {', '.join(sorted(shopper.session))}",
        "the basket and the login, and nothing from before",
    )
