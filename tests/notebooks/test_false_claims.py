"""A false claim turns its cell red, and an exercise knows right from wrong.

After a cell has run as it stands, it runs once more with something in front
that makes its claim false, on a copy of the notebook's names, so that
nothing of it stays.
"""

from contextlib import contextmanager

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from course.explore.notebooks import client_of

from .conftest import FOLDER, NOTEBOOKS, code_cells, read, sections

# Section, a text in the cell that makes the claim, what makes it false.
FALSE = {
    "01-hashes.ipynb": [
        ("1 What is stored", 'assert name == "scrypt"', 'name = "sha256"'),
        ("2 The same digest", "assert by_hand == digest", 'salt = "other"'),
        ("3 Why a salt", "the same password shows", "unsalted = salted"),
        (
            "3 Why a salt",
            "once for each user and guess",
            'results |= {"SHA-256": ({}, 9, 0.1)}; results = dict(results)',
        ),
        ("4 Why slow", '"it doubles"', "powers = [2**12] * 6"),
        (
            "5 What the standards",
            "Werkzeug's default is a third",
            "susan = account('x'); susan.password_hash = "
            "generate_password_hash('x', method='scrypt:131072:8:1')",
        ),
        (
            "6 Why `==` never works",
            "each call draws a new salt",
            "generate_password_hash = lambda password: stored",
        ),
        ("7 Making old", "susan is in", "came_in = [True, True]"),
    ],
    "02-session-cookies.ipynb": [
        (
            "1 A real cookie",
            "susan's id, as text",
            'sessions = {**sessions, "after login": {"_user_id": "2"}}',
        ),
        ("2 Taken apart", "as JSON", "at_first = cookies.read(after)"),
        ("3 When it grows", "short: as it is", "before = logged_in"),
        ("4 The signature", "made by hand", 'timestamp = "AAAAAA"'),
        ("5 Signed is not", "the cookie as it was", "logged_in = after"),
        (
            "6 Why the SECRET_KEY",
            "tried at home, against",
            'WORDS = ["dev", "sunshine"]; own_cookie = before',
        ),
        ("7 The remember", "the same at each", "remember = '1|' + '0' * 128"),
        (
            "8 What logging out",
            "31 days",
            "app = course.load('2', "
            "{'PERMANENT_SESSION_LIFETIME': timedelta(days=1)})",
        ),
    ],
    "03-follow-a-login.ipynb": [
        (
            "1 Turned away",
            "to the login page",
            "trace = type(trace)(trace); trace.add('', DATABASE, 'SELECT')",
        ),
        ("2 The form", "not the same text", "in_form = in_session"),
        ("3 The login", "one question to", "order = order | {'hash': -1}"),
        ("4 The session", "a message, and who it is", "after = before"),
        ("5 The Set-Cookie", "these three are set", "has = {'HttpOnly'}"),
        ("6 Back to where", "that was wanted", "answer = turned_away"),
        ("7 The next request", "the program knows her", "page = turned_away"),
        ("8 A registration", "not yet a login", "newcomer = browser"),
    ],
}

# For each exercise in order: a right answer, and a wrong one.
ANSWERS = {
    "01-hashes.ipynb": [
        ("lambda stored: stored.split('$')[1]", "lambda stored: stored"),
        (
            "lambda stored: 8 * 128 * int(stored.split(':')[1]) // 2**20",
            "len",
        ),
        ("1.94", "194"),
        ("(6, 6_000_000)", "(4, 6_000_000)"),
    ],
    "02-session-cookies.ipynb": [
        (
            "lambda value: cookies.read(value).session.get('_user_id')",
            "lambda value: cookies.read(value).session",
        ),
        ("serializer.dumps({'_user_id': '3'})", "before"),
        ("{'a', 'c', 'd'}", "{'a', 'b', 'c'}"),
    ],
    "03-follow-a-login.ipynb": [
        (
            "(lambda visitor: (visitor.post('/login', data={"
            "'username': 'susan', 'password': susan.password, "
            "'csrf_token': token_in(visitor.get('/login'))}), "
            "send(visitor, '/logout', {"
            "'csrf_token': token_in(visitor.get('/index'))}))[1][1])"
            "(app.test_client())",
            "login",
        ),
        ("lambda trace: len(trace.to(HASHER))", "len"),
        (r"'/\\other.example'", "'/index'"),
    ],
}


class Reader:
    """Runs the cells of a notebook, and variants of them, in one kernel."""

    def __init__(self, notebook, client):
        self.notebook = notebook
        self.client = client

    def run(self, cell):
        at = self.notebook.cells.index(cell)
        return self.client.execute_cell(cell, at)

    def run_variant(self, source):
        """What a variant prints, or the error that it ends in."""
        code = f"exec({source!r}, dict(globals()))"
        cell = nbformat.v4.new_code_cell(code)
        try:
            cell = self.client.execute_cell(cell, 0)
        except CellExecutionError as error:
            return error
        return "".join(o.text for o in cell.outputs if "text" in o)


@contextmanager
def reading(notebook, environment):
    read_in = read(notebook)
    client = client_of(read_in, FOLDER, limit=150)
    with client.setup_kernel(env=environment):
        yield Reader(read_in, client)


def falsehoods(notebook):
    """What makes a cell's claim false, by the cell's id."""
    found = {}
    for section, claim, falsehood in FALSE[notebook]:
        title, cells = next(
            (title, cells)
            for title, cells in sections(read(notebook)).items()
            if title.startswith(section)
        )
        ids = [cell.id for cell in cells if claim in cell.source]
        assert len(ids) == 1, f"{title}: {claim!r} is in {len(ids)} cells"
        found[ids[0]] = falsehood
    return found


def must_be_red(came, claim):
    red = getattr(came, "ename", None) == "AssertionError"
    assert red, f"{claim}\n    came back: {came}\n    expected: AssertionError"


def test_a_false_claim_is_red_and_a_right_answer_is_not(notebook, environment):
    """A kernel whose last word got lost on the way is started anew, once."""
    try:
        with reading(notebook, environment) as reader:
            judge(notebook, reader)
    except CellTimeoutError:
        with reading(notebook, environment) as reader:
            judge(notebook, reader)


def judge(notebook, reader):
    false, answers = falsehoods(notebook), iter(ANSWERS[notebook])
    for cell in code_cells(reader.notebook):
        reader.run(cell)
        if falsehood := false.pop(cell.id, None):
            came = reader.run_variant(f"{falsehood}\n{cell.source}")
            must_be_red(came, f"{cell.id} with {falsehood}")
        if "\ncheck(" in cell.source:
            right, wrong = next(answers)
            came = reader.run_variant(cell.source.replace("...", right, 1))
            assert came == "Right.\n", f"{cell.id} does not take {right}"
            came = reader.run_variant(cell.source.replace("...", wrong, 1))
            must_be_red(came, f"{cell.id} takes {wrong}")
    assert not false
    assert not list(answers), "more answers than exercises"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_section_has_a_claim_that_is_broken_above(name):
    broken = [section for section, _, _ in FALSE[name]]
    for title in sections(read(name)):
        if title and title != "Exercises":
            assert any(map(title.startswith, broken)), f"{title}: none"
