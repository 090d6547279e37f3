"""Exercise: a closed account."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, SUSAN


@pytest.fixture
def susan(site):
    """Susan, who has an account."""
    site.add(SUSAN)
    return SUSAN


def close(site, person, closed=True):
    """Close an account, as whoever runs the site does in the shell."""
    with site.session() as session:
        user = session.query(site.User).filter_by(username=person.username)
        expect(
            hasattr(site.User, "closed"),
            "Looked for User.closed.",
            "there is none",
            "a column of the table: closed: Mapped[bool]",
        )
        user.one().closed = closed
        session.commit()


@pytest.mark.exercise("a-closed-account")
def test_whoever_registers_has_an_account_that_is_open(site, visitor):
    visitor.register(ANNA)
    with site.session() as session:
        found = getattr(session.query(site.User).one(), "closed", "nothing")
    expect(
        found is False,
        "Registered as anna, and read user.closed.",
        f"{found!r}",
        "False",
    )


@pytest.mark.exercise("a-closed-account")
def test_the_right_password_of_a_closed_account_does_not_log_in(
    site, visitor, susan
):
    close(site, SUSAN)
    page = visitor.log_in(SUSAN)
    expect(
        page.status == 200 and page.path == "/login" and not page.message,
        "Closed the account of susan, and logged in with her password.",
        f"{page.path}, status {page.status}, message: {page.message}",
        "the form once more, and no message that she is logged in",
    )
    visitor.must_be(None, "Closed the account of susan, and logged in.")
    usual = site.visitor().log_in(SUSAN.but(password="a guess"))
    said, other = page.error_of("password"), usual.error_of("password")
    expect(
        said and said != other,
        "Read what stands beside her password.",
        f"“{said}”, as for a wrong password" if said else "nothing",
        "that this account is closed",
    )


@pytest.mark.exercise("a-closed-account")
def test_a_wrong_password_does_not_tell_that_an_account_is_closed(
    site, visitor, susan
):
    guess = SUSAN.but(password="a guess")
    before = site.visitor().log_in(guess).error_of("password")
    close(site, SUSAN)
    after = visitor.log_in(guess).error_of("password")
    expect(
        before == after,
        "Closed the account of susan, and guessed a password.",
        f"“{after}”, and “{before}” before it was closed",
        "the same words",
    )


@pytest.mark.exercise("a-closed-account", about="ways in")
@pytest.mark.parametrize("remembered", ["session", "remember_token"])
def test_whoever_is_in_is_a_stranger_on_the_next_page(
    site, visitor, susan, remembered
):
    ticked = {"remember_me": "y"} if remembered != "session" else {}
    visitor.log_in(SUSAN, **ticked)
    if ticked:
        visitor.client.delete_cookie("session")
    close(site, SUSAN)
    page = visitor.open("/index")
    done = f"Was in by the cookie {remembered} when the account was closed."
    expect(
        page.path.startswith("/login"),
        f"{done} Opened /index.",
        f"{page.path}, status {page.status}",
        "the login page",
    )
    expect(
        SUSAN.username not in page.around and page.links_to("/register"),
        f"{done} Read what stands above the page.",
        f"“{page.around}”",
        "the ways in, and no name: ask is_authenticated",
    )


@pytest.mark.exercise("a-closed-account")
def test_an_account_that_is_opened_again_is_as_before(site, visitor, susan):
    close(site, SUSAN)
    close(site, SUSAN, closed=False)
    visitor.log_in(SUSAN)
    visitor.must_be(SUSAN, "Closed an account, opened it, and logged in.")


@pytest.mark.exercise("a-closed-account")
def test_nobody_else_is_shut_out(site, visitor, susan):
    site.add(ANNA)
    close(site, SUSAN)
    visitor.log_in(ANNA)
    visitor.must_be(ANNA, "Closed the account of susan, logged in as anna.")
