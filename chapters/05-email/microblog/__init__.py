import os

from flask import Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from . import core, guard
from .models import User, db
from .users import routes

csrf = CSRFProtect()
login_manager = LoginManager()
login_manager.login_view = "users.login"
login_manager.login_message_category = "warning"


@login_manager.user_loader
def load_user(user_id):
    try:
        return db.session.get(User, int(user_id))
    except (ValueError, OverflowError):
        return None


def create_app(config=None):
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "dev")
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get(
        "DATABASE_URL", "sqlite:///microblog.db"
    )
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["REMEMBER_COOKIE_SAMESITE"] = "Lax"
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
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
