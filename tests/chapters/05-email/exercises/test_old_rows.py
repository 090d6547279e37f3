"""Exercise: old rows."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, MARIA, NOBODY, SUSAN

pytestmark = pytest.mark.exercise("old-rows")
OLD = ANNA.but(email=" Anna@XN--BCHER-KVA.de")
PAIR = [
    MARIA.but(email="maria@bücher.de"),
    NOBODY.but(email="Maria@xn--bcher-kva.de"),
]


@pytest.fixture
def tidy(site):
    """A function: run the command, and return what it printed."""

    def tidy():
        done = site.app.test_cli_runner().invoke(args=["tidy-addresses"])
        expect(
            done.exit_code == 0,
            "Ran flask --app microblog tidy-addresses.",
            f"status {done.exit_code}, {done.output.strip()[-200:]!r}",
            "status 0: the command ran to its end",
            done.exception,
        )
        return done.output

    return tidy


def addresses_of(site):
    with site.session() as session:
        users = session.query(site.User)
        return {user.username: user.email for user in users}


def must_be_kept(site, done, **wanted):
    kept = addresses_of(site)
    expect(
        {name: kept[name] for name in wanted} == wanted,
        done,
        f"{kept}",
        f"{wanted}",
    )


def test_whoever_could_not_log_in_by_address_can(site, visitor, tidy):
    site.add(OLD)
    tidy()
    done = f"Had {OLD.email!r} in the table, and ran the command."
    must_be_kept(site, done, anna="anna@bücher.de")
    visitor.log_in(OLD.but(username=OLD.email))
    visitor.must_be(OLD, f"{done} Logged in with it.")


def test_plain_addresses_stay(site, tidy):
    site.add(SUSAN)
    tidy()
    must_be_kept(site, "Ran the command.", susan=SUSAN.email)


def test_two_who_would_be_one_stay_and_are_named(site, tidy):
    for person in (*PAIR, OLD):
        site.add(person)
    said = tidy()
    done = "Two rows are one address in two shapes; ran the command."
    kept = {person.username: person.email for person in PAIR}
    must_be_kept(site, done, **kept, anna="anna@bücher.de")
    missing = [p.username for p in PAIR if p.username not in said]
    expect(
        not missing,
        done,
        f"it printed {said!r}",
        f"both names: {' and '.join(p.username for p in PAIR)}",
    )


def test_a_second_run_changes_nothing(site, tidy):
    for person in (*PAIR, OLD, SUSAN):
        site.add(person)
    tidy()
    once = addresses_of(site)
    tidy()
    expect(
        addresses_of(site) == once,
        "Ran the command twice.",
        f"{addresses_of(site)}",
        f"{once}",
    )
