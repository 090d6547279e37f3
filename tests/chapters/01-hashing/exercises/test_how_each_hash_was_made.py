"""Exercise: how each hash was made."""

import pytest
from werkzeug.security import generate_password_hash

from tests.chapters.expectation import expect
from tests.chapters.people import MARIA, SUSAN

OLD = "pbkdf2:sha256:1000"
OUT_OF_DATE = "out of date"


@pytest.fixture
def rows(site, visitor):
    """The cells' texts by user: susan's hash is of today, maria's is old."""
    site.add(SUSAN)
    site.add(MARIA)
    with site.session() as session:
        maria = session.query(site.User).filter_by(username=MARIA.username)
        maria.one().password_hash = generate_password_hash("abc", OLD)
        session.commit()
    return rows_of(visitor.see("/"))


def rows_of(page):
    found = {}
    for row in page.main.find_all("tr"):
        name, *cells = [
            cell.get_text(" ", strip=True)
            for cell in row.find_all(["th", "td"])
        ]
        found[name] = cells
    return found


@pytest.mark.exercise("how-each-hash-was-made")
@pytest.mark.parametrize(
    ("person", "method"), [(SUSAN, "scrypt:"), (MARIA, OLD)], ids=str
)
def test_beside_a_hash_stands_how_it_was_made(rows, person, method):
    cells = [cell for cell in rows[person.username] if "$" not in cell]
    expect(
        any(method in cell for cell in cells),
        f"Read the row of {person}, whose hash begins with {method}.",
        f"in cells without a hash: {cells or 'nothing'}",
        f"{method} in a cell of its own, without salt and result",
    )


@pytest.mark.exercise("how-each-hash-was-made")
def test_an_older_hash_is_called_out_of_date(rows):
    said = " ".join(rows[MARIA.username])
    expect(
        OUT_OF_DATE in said.lower(),
        f"Read the row of maria, whose hash begins with {OLD}.",
        "not a word that it is old",
        f"the words “{OUT_OF_DATE}”",
    )


@pytest.mark.exercise("how-each-hash-was-made", holds=True)
def test_a_hash_of_today_is_not_called_out_of_date(rows):
    said = " ".join(rows[SUSAN.username])
    expect(
        OUT_OF_DATE not in said.lower(),
        "Read the row of susan, whose password was set a moment ago.",
        f"it says “{OUT_OF_DATE}”",
        "no such words: set_password made it",
    )


@pytest.mark.exercise("how-each-hash-was-made", holds=True)
def test_nobody_without_a_password_has_a_hash_out_of_date(site, visitor):
    site.add(SUSAN.but(password=None))
    page = visitor.see("/")
    expect(
        OUT_OF_DATE not in page.text.lower(),
        "Opened the page; susan has no password.",
        f"it says “{OUT_OF_DATE}”",
        "no such words: there is no hash",
    )
    page.must_be_whole()
