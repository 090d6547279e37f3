import os
from datetime import timedelta

from flask import Flask, session
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy import select

from . import core, guard
from .models import Login, db
from .users import routes

csrf = CSRFProtect()
login_manager = LoginManager()
login_manager.login_view = "users.login"
login_manager.login_message_category = "warning"
login_manager.refresh_view = "users.confirm"
login_manager.needs_refresh_message = "Type your password again for that."
login_manager.needs_refresh_message_category = "warning"


@login_manager.user_loader
def load_user(token):
    login = db.session.scalar(select(Login).filter_by(token=token))
    if login is None or login.is_over:
        return None
    login.touch()
    if session.get("_fresh") and not login.is_fresh:
        session["_fresh"] = False
    login.user.login = login
    return login.user


def create_app(config=None):
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "dev")
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get(
        "DATABASE_URL", "sqlite:///microblog.db"
    )
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["REMEMBER_COOKIE_SAMESITE"] = "Lax"
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.config["LOGIN_IDLE"] = timedelta(minutes=30)
    app.config["LOGIN_LONGEST"] = timedelta(hours=12)
    app.config["LOGIN_FRESH"] = timedelta(minutes=15)
    app.config["REMEMBER_IDLE"] = timedelta(days=14)
    app.config["REMEMBER_COOKIE_DURATION"] = timedelta(days=30)
    app.config.from_mapping(config)
    app.register_blueprint(guard.bp)
    app.register_blueprint(core.bp)
    app.register_blueprint(routes.bp)
    csrf.init_app(app)
    db.init_app(app)
    login_manager.init_app(app)
    with app.app_context():
        db.create_all()
    return app
