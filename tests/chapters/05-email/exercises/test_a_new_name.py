"""Exercise: a new name."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, MARIA, SUSAN

pytestmark = pytest.mark.exercise("a-new-name")
NEW = SUSAN.but(username="suzie")


@pytest.fixture
def rename(site, visitor):
    """A function: susan, logged in, changes her name and gets that page."""
    site.add(SUSAN)
    site.add(MARIA)
    visitor.log_in(SUSAN)

    def rename(name):
        page = visitor.see("/account")
        return visitor.fill(page, "username", username=name)

    return rename


def must_log_in(site, person, whom, done):
    visitor = site.visitor()
    visitor.log_in(person)
    visitor.must_be(whom, done)


def test_the_form_holds_the_name_of_today(rename, visitor):
    form = visitor.see("/account").form("username")
    came = form.find(attrs={"name": "username"}).get("value")
    expect(
        came == SUSAN.username,
        "Logged in as susan, and looked into the field on /account.",
        f"{came!r}",
        "susan: it starts from the name of today",
    )


def test_the_new_name_logs_in_and_the_address_still_does(site, rename):
    rename(NEW.username)
    done = "Changed the name from susan to suzie, and logged in with the"
    must_log_in(site, NEW, NEW, f"{done} new one.")
    must_log_in(site, NEW.but(username=NEW.email), NEW, f"{done} address.")


def test_the_old_name_is_free(site, rename, visitor):
    rename(NEW.username)
    visitor.must_be(NEW, "Changed the name, and went on.")
    thief = ANNA.but(username=SUSAN.username)
    site.visitor().register(thief)
    must_log_in(site, thief, thief, "Took the name that susan had given up.")


@pytest.mark.parametrize("name", [" Suzie ", "SUZIE"])
def test_a_new_name_is_tidied(rename, visitor, name):
    rename(name)
    visitor.must_be(NEW, f"Changed the name to {name!r}.")


@pytest.mark.parametrize(
    "name", ["", "a b", "a@b", "x" * 65, MARIA.username, "MARIA"]
)
def test_what_registration_refuses_is_refused_here(rename, visitor, name):
    page = rename(name)
    field = page.form("username").find(attrs={"name": "username"})
    said = page.soup.find(id=field.get("aria-describedby"))
    expect(
        page.status == 200 and said and said.get_text(strip=True),
        f"Changed the name to {name[:20]!r}.",
        f"{page.path}, status {page.status}, no error beside the field",
        "an error beside it",
    )
    visitor.must_be(SUSAN, f"Tried to change the name to {name[:20]!r}.")


@pytest.mark.parametrize("name", [SUSAN.username, "Susan"])
def test_a_name_of_ones_own_is_not_taken(rename, visitor, name):
    page = rename(name)
    said = page.soup.find(id="username-error")
    expect(
        page.status == 200 and not (said and said.get_text(strip=True)),
        f"Sent the form with {name!r}, which is susan's own.",
        f"status {page.status}, “{said and said.get_text(strip=True)}”",
        "no error: the name is taken by nobody else",
    )
    visitor.must_be(SUSAN, f"Changed the name to {name!r}.")


def test_the_same_moment_ends_in_an_error_beside_the_field(
    site, rename, visitor, monkeypatch
):
    """Maria's name is given to susan after the form has asked for it."""
    page = visitor.see("/account")
    form = page.form("username")
    data = page.sent_by(form, username=NEW.username)
    commit, raced = site.db.session.commit, []

    def late():
        if not raced:
            raced.append(True)
            taker = site.db.engine.connect()
            table = site.User.__table__
            taken = table.update().where(table.c.username == MARIA.username)
            with taker.begin():
                taker.execute(taken.values(username=NEW.username))
            taker.close()
        commit()

    monkeypatch.setattr(site.db.session, "commit", late)
    answer = visitor.open(page.target_of(form), "POST", data)
    expect(
        raced and answer.path == "/account" and answer.form("username"),
        "Two took the name suzie at the same moment.",
        f"{answer.path}, status {answer.status}",
        "the form again: roll back, and ask it once more",
    )
    monkeypatch.undo()
    visitor.must_be(SUSAN, "Came second with the name suzie.")


@pytest.mark.parametrize("token", [None, "wrong"])
def test_another_site_renames_nobody(rename, visitor, token):
    visitor.see("/account").form("username")
    data = {"username": NEW.username}
    data |= {} if token is None else {"csrf_token": token}
    visitor.open("/account", "POST", data)
    visitor.must_be(SUSAN, f"Posted to /account with the token {token!r}.")
