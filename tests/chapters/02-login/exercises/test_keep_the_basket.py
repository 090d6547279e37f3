"""Exercise: keep the basket."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN

pytestmark = pytest.mark.exercise("keep-the-basket")
LAMP = "a lamp for a bicycle"


@pytest.fixture
def shopper(site, visitor):
    """A visitor who is not logged in, with a lamp in the basket."""
    site.add(SUSAN)
    put(visitor, LAMP)
    return visitor


def put(visitor, item):
    return visitor.fill(visitor.see("/basket"), "item", item=item)


def must_show(visitor, item, there, done):
    shown = item in visitor.see("/basket").main.get_text()
    expect(
        shown == there,
        done,
        f"“{item}” is {'' if shown else 'not '}on the page /basket",
        "it is there" if there else "it is gone",
    )


def test_the_basket_shows_what_was_put_into_it(shopper):
    put(shopper, "a bell")
    for item in (LAMP, "a bell"):
        must_show(shopper, item, True, "Put two things into the basket.")
    shopper.see("/basket").must_be_whole()


def test_the_basket_is_there_after_the_login(shopper):
    shopper.log_in(SUSAN)
    must_show(shopper, LAMP, True, f"Put {LAMP} into it, and logged in.")
    put(shopper, "a bell")
    must_show(shopper, "a bell", True, "Logged in, and put a bell into it.")


def test_the_basket_is_empty_after_logging_out(shopper):
    shopper.log_in(SUSAN)
    must_show(shopper, LAMP, True, f"Put {LAMP} into it, and logged in.")
    shopper.see("/")
    shopper.log_out()
    must_show(shopper, LAMP, False, "Logged out.")


def test_nothing_but_the_basket_comes_through_the_login(shopper):
    shopper.plant(prepared="by somebody else")
    shopper.log_in(SUSAN)
    must_show(shopper, LAMP, True, f"Put {LAMP} into it, and logged in.")
    with shopper.client.session_transaction() as session:
        left = set(session)
    expect(
        "prepared" not in left,
        "Had something else in the session, and logged in.",
        f"the session holds {', '.join(sorted(left))}",
        "the basket and the login, and nothing from before",
    )


def test_nobody_elses_basket_is_seen(site, shopper):
    must_show(site.visitor(), LAMP, False, "Opened another browser.")


@pytest.mark.parametrize("item", ["é" * 40, "🔑" * 40, "x" * 4000])
def test_a_full_basket_fits_into_a_cookie(site, shopper, item):
    for number in range(30):
        put(shopper, f"{number}{item}"[:40] if len(item) == 40 else item)
    shopper.log_in(SUSAN)
    cookie = shopper.cookie("session")
    expect(
        cookie and len(cookie.value) < 4000,
        "Put 30 things into the basket, and logged in.",
        f"a cookie of {len(cookie.value) if cookie else 0} characters",
        "fewer than 4,000: a browser drops a longer one",
    )
    shopper.must_be(SUSAN, "Put 30 things into the basket, and logged in.")


def test_something_too_long_is_refused_in_words(shopper):
    page = put(shopper, "x" * 4000)
    expect(
        page.status == 200 and page.error_of("item"),
        "Put something of 4,000 letters into the basket.",
        f"status {page.status}, no error beside the field",
        "the page again, with an error beside the field",
    )


def test_an_item_called_script_is_shown_as_text(shopper):
    page = put(shopper, "<script>alert(1)</script>")
    expect(
        not page.main.find("script") and "<script>" in page.text,
        "Put “<script>…” into the basket.",
        "the browser would run it, or it is not there",
        "the words, as text",
    )
