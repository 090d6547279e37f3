"""How soon, and how fast, a program answers, beside a plain one."""

import socket
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from statistics import median
from timeit import timeit

from flask import Flask, render_template
from flask_login import LoginManager, login_required, login_user
from flask_wtf import CSRFProtect
from werkzeug.security import check_password_hash, generate_password_hash

from ..chapters import ROOT, Course
from ..loading import load_package
from ..program import PEOPLE, add_people
from ..states import States
from .courses import started

STATE = Course().state("no-two-alike")
FOLDER = States(Course()).program(STATE)
WITH_ROWS = Course().state("a-better-hash")
SUSAN = PEOPLE[0]


def first_answer():
    chapter = Course().chapters[-1]
    with tempfile.TemporaryDirectory() as folder:
        own = {"DATABASE_URL": f"sqlite:///{folder}/bench.db"}
        flask = ["flask", "--app", "microblog", "run"]
        ours = ["course", "chapter", str(chapter.number)]
        return 1 / compared(
            lambda: answer(ours, ROOT),
            lambda: answer(flask, chapter.folder, **own),
            rounds=7,
        )


def answer(command, folder, **environment):
    """Start a server and wait for its first answer."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = str(probe.getsockname()[1])
    words = [*command, "--port", port]
    with started(words, folder, **environment):
        for _ in range(3000):
            with suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/").close()
                return
            time.sleep(0.005)
    raise TimeoutError(f"{words} did not answer")


def signed_in_pages():
    """No web server is in between, which would cost both the same."""
    with tempfile.TemporaryDirectory() as folder:
        package, app = program(folder)
        plain = plain_app(package, app.config["SQLALCHEMY_DATABASE_URI"])
        return compared(page_of(app), page_of(plain), batch=100)


def logins():
    stored = generate_password_hash(SUSAN.password)
    with tempfile.TemporaryDirectory() as folder:
        client = program(folder)[1].test_client()
        form = form_of(client, "a wrong password")
        return compared(
            lambda: client.post("/login", data=form),
            lambda: check_password_hash(stored, "a wrong password"),
            batch=3,
        )


def pages_with_rows():
    """The front page of chapter 6 beside that of chapter 3."""
    with (
        tempfile.TemporaryDirectory() as before,
        tempfile.TemporaryDirectory() as folder,
    ):
        earlier = page_of(program(before)[1])
        later = page_of(program(folder, WITH_ROWS)[1])
        return compared(later, earlier, batch=100)


def logins_with_rows():
    """Right logins of chapter 6, each from a browser of its own."""
    with tempfile.TemporaryDirectory() as folder:
        package, app = program(folder, WITH_ROWS, WTF_CSRF_ENABLED=False)
        stored = package.models.hash_password(SUSAN.password)
        form = {"username": SUSAN.username, "password": SUSAN.password}
        return compared(
            lambda: app.test_client().post("/login", data=form),
            lambda: check_password_hash(stored, SUSAN.password),
            batch=3,
        )


def compared(ours, control, batch=1, rounds=25):
    """How many times as fast ours is, in the middle of all rounds."""

    def took(action):
        return timeit(action, number=batch)

    ratios = [took(control) / took(ours) for _ in range(rounds + 1)]
    return median(ratios[1:])


def program(folder, state=STATE, **config):
    """A package and its application, with the people in its database."""
    package = load_package(state, States(Course()).program(state))
    database = f"sqlite:///{Path(folder).as_posix()}/bench.db"
    app = package.create_app({"SQLALCHEMY_DATABASE_URI": database} | config)
    with app.app_context():
        add_people(app)
    return package, app


def plain_app(package, database):
    """The same page: no factory, blueprint or form; /login lets anyone in."""
    app = Flask("plain", template_folder=FOLDER / "microblog" / "templates")
    app.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI=database)
    db, User = package.models.db, package.models.User
    db.init_app(app)
    CSRFProtect(app)
    LoginManager(app).user_loader(lambda id: db.session.get(User, int(id)))

    @login_required
    def index():
        return render_template("index.html", posts=package.routes.POSTS)

    def login():
        login_user(db.session.get(User, 1))
        return ""

    app.add_url_rule("/", "main.index", index)
    app.add_url_rule("/login", "main.login", login)
    app.add_url_rule("/logout", "main.logout", str, methods=["POST"])
    return app


def page_of(app):
    """A function that asks for the front page as susan."""
    client = app.test_client()
    client.post("/login", data=form_of(client, SUSAN.password))
    assert SUSAN.username in client.get("/").text
    return partial(client.get, "/")


def form_of(client, password):
    """The form to log in, with its token where it has one."""
    token = client.get("/login").text.partition('name="csrf_token"')[2]
    return {
        "csrf_token": token.partition('value="')[2].partition('"')[0],
        "username": SUSAN.username,
        "password": password,
    }
