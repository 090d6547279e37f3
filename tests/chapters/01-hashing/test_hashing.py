"""Chapter 1: a program, a table of users, and passwords that are not there."""

import hashlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, MARIA, SUSAN
from tests.chapters.rounds import ROUNDS
from tests.chapters.site import Alone, moved
from tests.chapters.style import unbroken, unreadable
from tests.chapters.templates import gaps_in, lost_blocks, outside

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


@pytest.mark.since("pages-from-templates", about="head")
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


@pytest.mark.since("pages-from-templates", about="style")
def test_the_stylesheet_is_served_and_knows_light_and_dark(visitor):
    link = visitor.see("/").soup.find("link", rel="stylesheet", href=True)
    expect(
        link,
        "Looked for the stylesheet in the head of /.",
        "none",
        '<link rel="stylesheet" href="…">',
    )
    css = visitor.text_of(link["href"])
    expect(
        "color-scheme" in css and "dark" in css,
        "Read the stylesheet.",
        "nothing in it about a dark theme",
        "a style for both",
    )
    faults = [said for said, line in unreadable(css)]
    expect(
        not faults,
        "Read the stylesheet for the colours of the text and of the page.",
        "; ".join(faults),
        "colours that are far apart, in the light and in the dark",
    )


@pytest.mark.since(
    "a-first-page", until="members-only", because=MEMBERS, about="words"
)
def test_the_front_page_has_words_of_its_own(visitor):
    page = visitor.see("/")
    texts = page.main.find_all(string=str.strip)
    expect(
        any(not text.find_parent(["a", "header", "nav"]) for text in texts),
        "Opened / and read the middle of the page.",
        "nothing is there",
        "words; where they come from index.html, its block needs the name "
        "that the block has in base.html",
    )


@pytest.mark.since(
    "pages-from-templates", until="members-only", because=MEMBERS
)
def test_addresses_in_a_page_are_right_below_another_address(visitor):
    """Each is worked out for the place that the site is served at."""
    page = visitor.send("/", base_url="http://localhost/below").text
    links = BeautifulSoup(page, "html.parser").find_all(href=True)
    own = [each["href"] for each in links if each["href"].startswith("/")]
    wrong = [href for href in own if not href.startswith("/below/")]
    expect(
        own and not wrong,
        "Served the site below http://localhost/below/ and opened it.",
        f"links to {', '.join(wrong)}" if wrong else "no link to the site",
        "/below/ before each: url_for works it out",
    )


@pytest.mark.since("pages-from-templates", about="head")
def test_the_head_of_a_page_is_complete(visitor):
    page = visitor.see("/")
    expect(
        page.html.lstrip().lower().startswith("<!doctype html"),
        "Read the first line of /.",
        f"“{page.html.lstrip()[:30]}”",
        "<!doctype html>, or browsers take the page for one of long ago",
    )
    title = page.soup.find("title")
    expect(
        title and title.get_text(strip=True),
        "Looked for the title of /.",
        title,
        "<title>…</title>, with words in it",
    )
    icon = page.soup.find("link", rel="icon", href=True)
    at = icon["href"] if icon else "/favicon.ico"
    expect(
        at.startswith(("data:", "http")) or visitor.open(at).status == 200,
        "Looked for the icon of the site as a browser does.",
        f"nothing at {at}: browsers ask for it, and get a 404",
        '<link rel="icon" href="data:,">',
    )


@pytest.mark.since("a-first-page", about="whole")
def test_the_front_page_is_whole(visitor):
    visitor.see("/").must_be_whole()


@pytest.mark.holds_from("pages-from-templates", about="blocks")
def test_each_block_of_a_page_has_its_place(site, visitor):
    visitor.see("/")
    lost = [*lost_blocks(site.app.jinja_env)]
    expect(
        not lost,
        "Compared the blocks of each template with those it extends.",
        ", ".join(f"block {block.name} of {name}" for name, block in lost),
        "names that a base has: any other block is never shown",
    )
    unseen = [*outside(site.app.jinja_env)]
    expect(
        not unseen,
        "Looked in each template that extends another for what it shows.",
        ", ".join(f"{name}, line {n}: in no block" for name, n in unseen),
        "all of it inside of a block: the rest is never shown",
    )


@pytest.mark.since("pages-from-templates", about="links")
def test_the_name_of_the_site_leads_to_the_front_page(visitor):
    page = visitor.see("/")
    expect(
        page.links_to("/") + page.links_to("/index"),
        "Looked at the top of the page for the way to the front page.",
        "no link",
        "a link to /, on every page",
    )


@pytest.mark.since("a-first-page", about="requirements")
def test_the_requirements_name_flask(site):
    site.must_require("Flask")


@pytest.fixture
def alone(package, tmp_path, monkeypatch):
    """A copy of the program, started as `flask run` does, told nothing."""
    for name in ("SECRET_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with moved(package, tmp_path / "moved") as copy:
        yield Alone(copy)


@pytest.mark.since("a-table-of-users", about="settings")
def test_the_program_has_a_key_when_nobody_gives_it_one(alone):
    expect(
        alone.app.secret_key,
        "Started the program without SECRET_KEY in the environment.",
        f"the key {alone.app.secret_key!r}",
        "a key for your own machine, such as `dev`",
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


@pytest.mark.since("a-table-of-users", about="settings")
def test_the_secret_key_comes_from_the_environment(another, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from outside")
    key = another("sqlite://").app.secret_key
    expect(
        key == "from outside",
        "Set SECRET_KEY in the environment.",
        f"the key {key!r}",
        "the one from the environment",
    )


@pytest.mark.holds_from("a-table-of-users", about="settings")
def test_what_config_holds_wins_over_the_environment(another, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from outside")
    key = another("sqlite://", SECRET_KEY="from config").app.secret_key
    expect(
        key == "from config",
        "Set SECRET_KEY in the environment, and another one in `config`.",
        f"the key {key!r}",
        "the one from `config`",
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


@pytest.mark.since("a-table-of-users", about="settings")
def test_without_a_database_url_the_database_is_a_file(alone):
    try:
        alone.add(NO_PASSWORD_YET)
        restarted = Alone(alone.package)
        found = restarted.count(SUSAN)
        restarted.close()
    finally:
        alone.close()
    expect(
        found == 1,
        "Added susan without DATABASE_URL, and started the program anew.",
        "she is gone: the database is not a file",
        'one susan, in the default "sqlite:///microblog.db"',
    )
    files = [each.name for each in alone.root.rglob("*.*") if is_sqlite(each)]
    kept = [each.name for each in Path(alone.app.instance_path).glob("*")]
    expect(
        kept,
        "Started the program without DATABASE_URL, looked for its database.",
        f"nothing in the folder instance; elsewhere: {files}",
        "a file in the folder instance, where Flask keeps what is not shared",
    )


def is_sqlite(path):
    return path.is_file() and path.read_bytes()[:6] == b"SQLite"


@pytest.mark.since("a-table-of-users", about="table")
def test_the_table_has_the_columns_that_are_asked_for(site):
    table = inspect(site.User).columns
    names = list(table.keys())
    for name in ("username", "email", "password_hash"):
        expect(
            name in names,
            "Looked at the columns of the class User.",
            ", ".join(names),
            f"a column {name}",
        )
    for name, room in (("username", 64), ("email", 120)):
        length = getattr(table[name].type, "length", None)
        expect(
            length is None or length >= room,
            f"Measured the column {name}.",
            f"room for {length} characters",
            f"room for {room}",
        )


@pytest.mark.since("a-table-of-users", about="table")
def test_only_the_hash_may_stay_empty(site):
    table = inspect(site.User).columns
    asked = ("username", "email", "password_hash")
    empty = [n for n in asked if n in table and table[n].nullable]
    expect(
        empty == ["password_hash"],
        "Looked which columns of the class User may stay empty.",
        ", ".join(empty) or "none",
        "password_hash: a user may have no password yet",
    )


@pytest.mark.since("a-table-of-users", about="shown in the shell")
def test_the_shell_shows_a_user_by_name(site):
    shown = repr(site.User(username=ANNA.username, email=ANNA.email))
    expect(
        ANNA.username in shown,
        "Made the user anna and looked at her in the shell.",
        shown,
        "<User anna>: __repr__ names the user",
    )


@pytest.mark.since("a-table-of-users", about="requirements")
def test_the_requirements_name_what_keeps_the_users(site):
    site.must_require("Flask-SQLAlchemy")
    site.must_require("SQLAlchemy", if_imported="sqlalchemy")


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
def test_the_id_of_a_deleted_user_is_not_handed_out_again(site):
    """Else a browser that was the one would be the other."""
    site.add(NO_PASSWORD_YET)
    last = site.add(MARIA.but(password=None))
    with site.session() as session:
        session.delete(session.get(site.User, last))
        session.commit()
    new = site.add(ANNA.but(password=None))
    expect(
        new != last,
        "Deleted the last user, maria, and added anna.",
        f"anna has the id that was maria's, {last}",
        "an id that nobody had before: sqlite_autoincrement",
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


@pytest.mark.holds_from("never-store-a-password", about="requirements")
def test_the_requirements_name_what_hashes(site):
    site.must_require("Werkzeug", if_imported="werkzeug")


@pytest.mark.since("never-store-a-password", about="hash")
def test_only_the_right_password_passes(site):
    """One with blanks and capitals: each of them is part of it."""
    password = f" {SUSAN.password.title()} "
    site.add(SUSAN.but(password=password))
    with site.session() as session:
        user = session.query(site.User).one()
        expect(
            user.password_hash,
            "Set a password and looked at user.password_hash.",
            f"{user.password_hash!r}: nothing was kept",
            "the hash",
        )
        check = site.method(user, "check_password")
        right = check(password)
        wrong = check(password.strip()), check(password.lower())
    expect(
        (right, *wrong) == (True, False, False),
        f"Set the password {password!r} and checked it, then without its "
        "blanks and without its capitals.",
        ", ".join(map(str, (right, *wrong))),
        "True, False, False",
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
def test_a_user_does_not_keep_the_password_itself(site):
    user = site.User(username=SUSAN.username, email=SUSAN.email)
    site.method(user, "set_password")(SUSAN.password)
    kept = [n for n, value in vars(user).items() if value == SUSAN.password]
    expect(
        not kept,
        "Set a password and looked at all that the user object holds.",
        f"the password itself, as {', '.join(kept)}",
        "its hash only",
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

    def noted_scrypt(*rest, n, **named):
        calls.append(("scrypt", n))
        return scrypt(*rest, n=n, **named)

    def noted_pbkdf2(name, password, salt, iterations, *rest, **named):
        calls.append(("pbkdf2", iterations))
        return pbkdf2(name, password, salt, iterations, *rest, **named)

    monkeypatch.setattr(hashlib, "scrypt", noted_scrypt)
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", noted_pbkdf2)
    site.add(SUSAN)
    expect(
        len(calls) == 1,
        "Set a password and counted the calls of slow hash functions.",
        f"{len(calls)} calls",
        "1, of scrypt or PBKDF2",
    )
    kind, rounds = calls[0]
    expect(
        rounds >= ROUNDS[kind],
        "Set a password and looked how long its hash takes.",
        f"{kind} with {rounds} rounds: a thief tries millions a second",
        "what generate_password_hash does by itself, with no `method`",
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
def test_a_user_without_a_password_has_a_row_too(site, visitor):
    for person in (NO_PASSWORD_YET, MARIA):
        site.add(person)
    page = visitor.see("/")
    expect(
        SUSAN.username in page.text,
        "Opened the thief's page; susan has no password yet.",
        "a page without her",
        "a row for every user",
    )
    expect(
        "None" not in page.text.split(),
        "Opened the thief's page; susan has no password yet.",
        "None, as Python says it",
        'a word for people: {{ user.password_hash or "nothing" }}',
    )
    with gaps_in(site.app) as gaps:
        visitor.see("/")
    expect(
        not gaps,
        "Opened the thief's page; susan has no password yet.",
        f"nothing: the template prints {gaps}, which nobody gave it",
        'a word for people, in quotes: "nothing"',
    )


@pytest.mark.holds_from("what-a-thief-would-read", about="long words")
def test_a_long_hash_does_not_make_a_phone_scroll(visitor):
    page = visitor.see("/")
    sheets = page.soup.find_all("link", rel="stylesheet", href=True)
    css = "".join(visitor.text_of(each["href"]) for each in sheets)
    expect(
        not list(unbroken(css + page.html)),
        "Looked in the stylesheet for what breaks a long word.",
        "nothing: a hash is wider than a phone",
        "td { overflow-wrap: anywhere; }",
    )


@pytest.mark.since(
    "what-a-thief-would-read",
    until="load-the-user",
    because=TAKEN_DOWN,
    about="thief",
)
def test_an_empty_table_is_said_to_be_empty(site, visitor):
    empty = set(visitor.see("/").main.stripped_strings)
    site.add(SUSAN)
    page = visitor.see("/")
    expect(
        empty - set(page.main.stripped_strings),
        "Opened the thief's page with nobody in the table, then with susan.",
        "every word of the empty page is there with susan too",
        "a line such as “Nobody is here yet.” while nobody is, and only then",
    )
    page.must_be_whole()


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
