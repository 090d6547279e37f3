"""Chapter 1: a program, a table of users, and passwords that are not there."""

import hashlib

import pytest
from sqlalchemy.exc import IntegrityError

from tests.chapters.expectation import expect
from tests.chapters.people import MARIA, SUSAN

MEMBERS = "from then on the front page is for members"
TAKEN_DOWN = "the thief's page has done its work and is taken down"
NO_PASSWORD_YET = SUSAN.but(password=None)


@pytest.mark.since("a-first-page", until="members-only", because=MEMBERS)
def test_the_front_page_opens_at_both_of_its_addresses(visitor):
    first, second = visitor.see("/"), visitor.see("/index")
    expect(
        first.text == second.text,
        "Opened / and /index.",
        "two different pages",
        "the same page",
    )


@pytest.mark.since("a-first-page")
def test_a_page_fits_a_phone_and_says_its_language(visitor):
    soup = visitor.see("/").soup
    viewport = soup.find("meta", attrs={"name": "viewport"})
    expect(
        viewport and "device-width" in viewport["content"],
        "Looked for the viewport in the head of /.",
        "none",
        '<meta name="viewport" content="width=device-width, …">',
    )
    expect(
        soup.html.get("lang"),
        "Looked for the language of /.",
        "none",
        '<html lang="…">',
    )


@pytest.mark.since("a-first-page")
def test_the_stylesheet_is_served_and_knows_light_and_dark(visitor):
    link = visitor.see("/").soup.find("link", rel="stylesheet", href=True)
    expect(
        link,
        "Looked for the stylesheet in the head of /.",
        "none",
        '<link rel="stylesheet" href="…">',
    )
    with visitor.send(link["href"]) as response:
        css = response.get_data(as_text=True)
    expect(
        "color-scheme" in css and "dark" in css,
        "Read the stylesheet.",
        "nothing in it about a dark theme",
        "a style for both",
    )


@pytest.mark.since("a-first-page", about="settings")
def test_each_application_has_settings_of_its_own(another):
    memory = "sqlite://"
    one, two = (another(memory, SECRET_KEY=key) for key in ("one", "two"))
    keys = one.app.secret_key, two.app.secret_key
    expect(
        keys == ("one", "two"),
        "Made two applications with create_app, each with its own key.",
        f"the keys {keys}",
        "what `config` holds wins over the defaults",
    )


@pytest.mark.since("a-first-page", about="settings")
def test_the_secret_key_comes_from_the_environment(another, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from outside")
    key = another("sqlite://").app.secret_key
    expect(
        key == "from outside",
        "Set SECRET_KEY in the environment.",
        f"the key {key!r}",
        "the one from the environment",
    )


@pytest.mark.since("a-table-of-users", about="settings")
def test_the_database_comes_from_the_environment(
    another, monkeypatch, tmp_path
):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'mine.db'}")
    another()
    expect(
        (tmp_path / "mine.db").exists(),
        "Set DATABASE_URL to a file and started the program.",
        "no such file was made",
        "the program makes its tables there",
    )


@pytest.mark.since("a-table-of-users", about="table")
def test_a_user_is_still_there_after_a_restart(site, another):
    site.add(NO_PASSWORD_YET)
    restarted = another(site.app.config["SQLALCHEMY_DATABASE_URI"])
    expect(
        restarted.count(SUSAN) == 1,
        "Added susan and started the program anew.",
        "she is not in the table",
        "one susan",
    )


@pytest.mark.since("a-table-of-users", about="table")
@pytest.mark.parametrize("same", ["username", "email"])
def test_the_database_refuses_a_second_user_who_is_the_same(site, same):
    other = MARIA.but(password=None, **{same: getattr(SUSAN, same)})
    site.add(NO_PASSWORD_YET)
    try:
        site.add(other)
    except IntegrityError:
        return
    raise AssertionError(
        f"Added two users with the same {same}.\n"
        "    came back: the table took both\n"
        f"    expected:  the second is refused: {same} with unique=True"
    )


@pytest.mark.since("a-table-of-users", about="table")
def test_the_shell_has_the_database_and_the_user_at_hand(site):
    with site.app.app_context():
        names = site.app.make_shell_context()
    expect(
        {"db", "User"} <= set(names),
        "Looked at what `flask shell` starts with.",
        ", ".join(names),
        "db and User",
    )


@pytest.mark.since("never-store-a-password", about="hash")
def test_only_the_right_password_passes(site):
    site.add(SUSAN)
    with site.session() as session:
        user = session.query(site.User).one()
        expect(
            user.password_hash,
            "Set a password and looked at user.password_hash.",
            f"{user.password_hash!r}: nothing was kept",
            "the hash",
        )
        check = site.method(user, "check_password")
        right = check(SUSAN.password)
        wrong = check(SUSAN.password.capitalize())
    expect(
        (right, wrong) == (True, False),
        "Set a password and checked the right one and a wrong one.",
        f"{right} and {wrong}",
        "True and False",
    )


@pytest.mark.since("never-store-a-password", about="hash")
def test_the_password_is_nowhere_in_the_database(site, tmp_path):
    site.add(SUSAN)
    stored = (tmp_path / "test.db").read_bytes()
    expect(
        SUSAN.password.encode() not in stored,
        "Set a password and searched the database file for it.",
        "it is there, in plain text",
        "only its hash",
    )


@pytest.mark.since("never-store-a-password", about="hash")
def test_the_hash_fits_its_column(site):
    site.add(SUSAN)
    with site.session() as session:
        length = len(session.query(site.User).one().password_hash or "")
    room = site.User.__table__.c.password_hash.type.length
    expect(
        room is None or length <= room,
        "Compared a hash with its column.",
        f"{length} characters in a column of {room}",
        "room for the whole hash: PostgreSQL refuses a longer one",
    )


@pytest.mark.since("never-store-a-password", about="hash")
def test_nobody_passes_as_a_user_without_a_password(site):
    site.add(NO_PASSWORD_YET)
    with site.session() as session:
        check = site.method(session.query(site.User).one(), "check_password")
        passed = [p for p in ("", "None", "x") if check(p)]
    expect(
        not passed,
        "Tried to pass as a user who has no password yet.",
        f"it worked with {passed}",
        "False, whatever is tried, and no error",
    )


@pytest.mark.since("never-store-a-password", about="hash")
def test_the_same_password_twice_is_not_the_same_hash(site):
    for person in (SUSAN, MARIA):
        site.add(person)
    with site.session() as session:
        one, two = (u.password_hash for u in session.query(site.User))
    expect(
        one != two,
        "Gave two users the same password.",
        "the same hash twice",
        "two hashes: each has a salt of its own",
    )


@pytest.mark.since("never-store-a-password", about="hash")
def test_a_password_is_hashed_with_a_slow_hash(site, monkeypatch):
    calls = []
    scrypt, pbkdf2 = hashlib.scrypt, hashlib.pbkdf2_hmac
    monkeypatch.setattr(
        hashlib, "scrypt", lambda *a, **k: calls.append(k) or scrypt(*a, **k)
    )
    monkeypatch.setattr(
        hashlib,
        "pbkdf2_hmac",
        lambda *a, **k: calls.append(a) or pbkdf2(*a, **k),
    )
    site.add(SUSAN)
    expect(
        len(calls) == 1,
        "Set a password and counted the calls of slow hash functions.",
        f"{len(calls)} calls",
        "1, of scrypt or PBKDF2",
    )


@pytest.mark.since(
    "what-a-thief-would-read",
    until="load-the-user",
    because=TAKEN_DOWN,
    about="thief",
)
def test_the_page_shows_what_is_stored_for_each_user(site, visitor):
    for person in (SUSAN, MARIA):
        site.add(person)
    page = visitor.see("/")
    with site.session() as session:
        for user in session.query(site.User):
            expect(
                user.username in page.text,
                "Opened the thief's page.",
                f"a page without {user.username}",
                "every user",
            )
            expect(
                user.password_hash in page.text,
                "Opened the thief's page.",
                f"{user.username}, but not what is stored as password_hash",
                "every user, with all that is stored",
            )


@pytest.mark.since(
    "what-a-thief-would-read",
    until="load-the-user",
    because=TAKEN_DOWN,
    about="thief",
)
def test_a_user_called_script_is_shown_as_text(site, visitor):
    site.add(SUSAN.but(username="<script>alert(1)</script>"))
    page = visitor.see("/")
    expect(
        not page.soup.find("script"),
        "Opened the thief's page with a user called <script>….",
        "the browser would run it",
        "the name as text",
    )
    expect(
        "<script>" in page.text,
        "Opened the thief's page with a user called <script>….",
        "a page without that name",
        "the name as text",
    )
