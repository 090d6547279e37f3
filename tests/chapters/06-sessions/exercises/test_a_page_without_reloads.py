"""Exercise: a page without reloads, with the same cookie."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import MARIA, SUSAN

pytestmark = pytest.mark.exercise("a-page-without-reloads")


@pytest.fixture
def here(site, visitor):
    """Susan, who is logged in with this browser and with another."""
    site.add(SUSAN)
    site.visitor().log_in(SUSAN)
    visitor.log_in(SUSAN)
    return visitor


def token_of(visitor):
    found = visitor.see("/").soup.find("meta", attrs={"name": "csrf-token"})
    expect(
        found and found.get("content"),
        "Looked in the head of / for what a script sends as X-CSRFToken.",
        f"{found}",
        '<meta name="csrf-token" content="…">, filled by csrf_token()',
    )
    return found["content"]


def asked(visitor, path="/api/logins", method="GET", token=None):
    headers = {"X-CSRFToken": token} if token else {}
    return visitor.send(path, method, headers=headers)


def logins_of(visitor):
    answer = asked(visitor)
    expect(
        answer.status_code == 200 and isinstance(answer.json, list),
        "Asked for /api/logins.",
        f"status {answer.status_code}, {answer.mimetype}",
        "a list, as JSON",
    )
    return answer.json


def other_of(visitor):
    """The number of the login that is not here."""
    found = logins_of(visitor)
    others = [each.get("id") for each in found if not each.get("here")]
    expect(
        len(found) == 2 and len(others) == 1 and others[0] is not None,
        "Logged in with two browsers, and asked for /api/logins.",
        f"{found}",
        "two logins, each with an id, and one of them with here: true",
    )
    return others[0]


def must_be_status(answer, status, done):
    expect(
        answer.status_code == status,
        done,
        f"status {answer.status_code}",
        f"{status}",
    )


def test_a_member_is_answered_with_the_logins(here):
    other_of(here)
    names = {"id", "browser", "seen", "here"}
    for each in logins_of(here):
        expect(
            names <= set(each),
            "Asked for /api/logins.",
            f"a login with {', '.join(each)}",
            "id, browser, seen and here in each",
        )


def test_a_stranger_gets_a_status_and_is_led_nowhere(site):
    answer = asked(site.visitor())
    must_be_status(answer, 401, "Asked for /api/logins as a stranger.")
    expect(
        answer.is_json,
        "Asked for /api/logins as a stranger.",
        answer.mimetype,
        "JSON, which a script can read",
    )


def test_a_script_ends_another_login(here):
    token, path = token_of(here), f"/api/logins/{other_of(here)}"
    answer = asked(here, path, "DELETE", token)
    must_be_status(answer, 204, f"Sent DELETE {path} with the token.")
    expect(
        len(logins_of(here)) == 1,
        "Ended the other login, and asked for /api/logins.",
        f"{len(logins_of(here))} logins",
        "one",
    )
    here.must_be(SUSAN, "Ended the other login.")


@pytest.mark.parametrize("token", [None, "wrong"])
def test_without_the_token_nothing_is_ended(here, token):
    path = f"/api/logins/{other_of(here)}"
    answer = asked(here, path, "DELETE", token)
    must_be_status(answer, 400, f"Sent DELETE {path} with token {token!r}.")
    other_of(here)


@pytest.mark.parametrize("number", ["999", "9" * 40, "x"])
def test_a_number_that_is_not_there_is_a_404(here, number):
    token = token_of(here)
    answer = asked(here, f"/api/logins/{number}", "DELETE", token)
    must_be_status(answer, 404, f"Sent DELETE /api/logins/{number[:9]}.")


def test_a_login_of_somebody_else_is_a_404(site, here):
    site.add(MARIA)
    maria = site.visitor()
    maria.log_in(MARIA)
    (hers,) = (each["id"] for each in logins_of(maria))
    answer = asked(here, f"/api/logins/{hers}", "DELETE", token_of(here))
    must_be_status(answer, 404, "Sent DELETE with the number of maria's.")
    maria.must_be(MARIA, "Susan tried to end maria's login.")


def test_a_login_that_is_not_fresh_ends_none(here):
    path, token = f"/api/logins/{other_of(here)}", token_of(here)
    here.plant(_fresh=False)
    answer = asked(here, path, "DELETE", token)
    must_be_status(answer, 403, "Sent DELETE with a login that is not fresh.")
    other_of(here)
