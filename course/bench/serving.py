"""How many requests chapter 3 answers, in two worker processes.

The workers call the WSGI application directly. A web server in between
costs the same for both sides and would only draw the ratio towards 1.
"""

import tempfile
import time
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from werkzeug.test import run_wsgi_app

from course.chapters import Course, State
from course.loading import load_package
from course.program import PEOPLE, add_people

from .control import create_control

WORKERS = 2
ROUNDS = 25
PAGES = 100
LOGINS = 3
PASSWORD = PEOPLE[0].password
FOLDER = Course().chapters[2].folder


def signed_in_pages():
    ratio = compared(pages_of_chapter_3, pages_of_control)
    what = "signed-in front pages a second, by a plain app's"
    return what, ratio, "at least", 1, "x"


def logins():
    ratio = compared(logins_of_chapter_3, bare_checks)
    what = "logins a second, by bare password checks"
    return what, ratio, "at least", 0.9, "x"


def compared(ours, control):
    """How many times as fast ours is, in the middle of all rounds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        get_context("spawn").Pool(WORKERS) as pool,
    ):
        tasks = [(ours, control, folder, n) for n in range(WORKERS)]
        return median(chain(*pool.starmap(ratios, tasks)))


def ratios(ours, control, folder, worker):
    """In one worker: both in turn, a batch at a time, each on its file."""
    (first, batch), (second, _) = (
        task(f"sqlite:///{Path(folder).as_posix()}/{worker}-{task.__name__}")
        for task in (ours, control)
    )
    seconds(first, batch), seconds(second, batch)
    return [
        seconds(second, batch) / seconds(first, batch) for _ in range(ROUNDS)
    ]


def seconds(action, times):
    start = time.perf_counter()
    for _ in range(times):
        action()
    return time.perf_counter() - start


def chapter_3(database):
    """Chapter 3's application, with susan in its database."""
    package = load_package(State(3, 3), FOLDER)
    app = package.create_app({"SQLALCHEMY_DATABASE_URI": database})
    with app.app_context():
        add_people(app)
    return app


def pages_of_chapter_3(database):
    app = chapter_3(database)
    client = app.test_client()
    log_in(client)
    return fetching(app, client), PAGES


def pages_of_control(database):
    posts = load_package(State(3, 3), FOLDER).routes.POSTS
    app = create_control(database, FOLDER / "microblog" / "templates", posts)
    client = app.test_client()
    client.get("/enter")
    return fetching(app, client), PAGES


def fetching(app, client):
    """A function that asks for the front page with a client's cookies."""
    client.get("/")
    environ = client.get("/").request.environ

    def fetch():
        body, status, _ = run_wsgi_app(app, environ.copy(), buffered=True)
        assert status == "200 OK"
        assert b"susan" in b"".join(body)

    return fetch


def log_in(client):
    data = filled_in(client) | {"password": PASSWORD}
    return client.post("/login", data=data)


def filled_in(client):
    token = client.get("/login").text.split('name="csrf_token"')[1]
    return {
        "csrf_token": token.split('value="')[1].split('"')[0],
        "username": "susan",
        "password": "a wrong password",
    }


def logins_of_chapter_3(database):
    client = chapter_3(database).test_client()
    data = filled_in(client)

    def attempt():
        assert "Wrong username" in client.post("/login", data=data).text

    return attempt, LOGINS


def bare_checks(database):
    from werkzeug.security import check_password_hash, generate_password_hash

    stored = generate_password_hash(PASSWORD)
    return lambda: check_password_hash(stored, "a wrong password"), LOGINS
