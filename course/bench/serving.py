"""How fast the program of Part I answers, beside a plain application.

Flask-Login, one read, the same templates: no factory, no blueprint, no
forms. Both are called without a web server, which costs them the same.
"""

import tempfile
from pathlib import Path
from statistics import median

from flask import Flask, render_template
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from werkzeug.security import check_password_hash, generate_password_hash

from course.chapters import Course
from course.loading import load_package
from course.program import PEOPLE, add_people
from course.states import States

from .courses import seconds

STATE = Course().state("no-two-alike")
FOLDER = States(Course()).program(STATE)
ROUNDS = 25
SUSAN = PEOPLE[0]


def signed_in_pages():
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = page_of(program(folder)), page_of(plain_app(folder))
        ratio = compared(ours, plain, 100)
    what = "signed-in front pages a second, by a plain app's"
    return what, ratio, "at least", 1, "x"


def logins():
    stored = generate_password_hash(SUSAN.password)
    with tempfile.TemporaryDirectory() as folder:
        client = program(folder).test_client()
        data = form_of(client, "a wrong password")
        ratio = compared(
            lambda: client.post("/login", data=data),
            lambda: check_password_hash(stored, "a wrong password"),
            3,
        )
    what = "logins a second, by bare password checks"
    return what, ratio, "at least", 0.9, "x"


def compared(ours, control, batch):
    """How many times as fast ours is, in the middle of all rounds."""

    def rounds(action):
        for _ in range(batch):
            action()

    pairs = range(ROUNDS + 1)
    ratios = [seconds(rounds, control) / seconds(rounds, ours) for _ in pairs]
    return median(ratios[1:])


def program(folder):
    """The program, with the people in its database."""
    package = load_package(STATE, FOLDER)
    database = f"sqlite:///{Path(folder).as_posix()}/program.db"
    app = package.create_app({"SQLALCHEMY_DATABASE_URI": database})
    with app.app_context():
        add_people(app)
    return app


def plain_app(folder):
    """The same page in one function; `GET /login` logs a user in."""
    app = Flask("control", template_folder=FOLDER / "microblog" / "templates")
    database = f"sqlite:///{Path(folder).as_posix()}/control.db"
    app.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI=database)
    CSRFProtect(app)
    db, login_manager = SQLAlchemy(app), LoginManager(app)
    posts = load_package(STATE, FOLDER).routes.POSTS

    class User(UserMixin, db.Model):
        id = db.Column(db.Integer, primary_key=True)
        username = db.Column(db.String(64))
        email = db.Column(db.String(120))
        password_hash = db.Column(db.String(256))

    @login_manager.user_loader
    def load_user(user_id):
        return db.session.get(User, int(user_id))

    @app.route("/", endpoint="main.index")
    @login_required
    def index():
        return render_template("index.html", posts=posts)

    @app.route("/login", endpoint="main.login")
    def login():
        login_user(db.session.get(User, 1))
        return ""

    app.add_url_rule("/logout", "main.logout", str, methods=["POST"])
    with app.app_context():
        db.create_all()
        db.session.add(User(username=SUSAN.username, password_hash="-"))
        db.session.commit()
    return app


def page_of(app):
    """A function that asks for the front page as susan."""
    client = app.test_client()
    client.post("/login", data=form_of(client, SUSAN.password))

    def fetch():
        assert "susan" in client.get("/").text

    return fetch


def form_of(client, password):
    """The form to log in, with its token where it has one."""
    _, _, token = client.get("/login").text.partition('name="csrf_token"')
    return {
        "csrf_token": token.partition('value="')[2].partition('"')[0],
        "username": SUSAN.username,
        "password": password,
    }
