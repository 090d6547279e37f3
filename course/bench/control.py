"""The same page in a plain Flask application: Flask-Login, one read.

No factory, no blueprint, no forms: what `serving` compares chapter 3 with.
Its page is chapter 3's, from the same templates; the button on it needs its
token checked.
"""

from flask import Flask, render_template
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect


def create_control(database, templates, posts):
    """Return the application, with one user in its database.

    `/enter` logs that user in, `/` is the page.
    """
    app = Flask("control", template_folder=templates)
    app.config["SECRET_KEY"] = "control"
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    CSRFProtect(app)
    db = SQLAlchemy(app)
    login_manager = LoginManager(app)

    class User(UserMixin, db.Model):
        id = db.Column(db.Integer, primary_key=True)
        username = db.Column(db.String(64))
        email = db.Column(db.String(120))
        password_hash = db.Column(db.String(256))

    @login_manager.user_loader
    def load_user(user_id):
        return db.session.get(User, int(user_id))

    @app.route("/enter")
    def enter():
        login_user(db.session.get(User, 1))
        return ""

    @app.route("/", endpoint="main.index")
    @app.route("/index", endpoint="main.index")
    @login_required
    def index():
        return render_template("index.html", posts=posts)

    app.add_url_rule("/login", "main.login", str)
    app.add_url_rule("/logout", "main.logout", str, methods=["POST"])
    with app.app_context():
        db.create_all()
        if not db.session.get(User, 1):
            db.session.add(User(id=1, username="susan", password_hash="-"))
            db.session.commit()
    return app
