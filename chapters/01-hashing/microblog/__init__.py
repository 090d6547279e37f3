import os

from flask import Flask

from . import routes
from .models import db


def create_app(config=None):
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "dev")
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get(
        "DATABASE_URL", "sqlite:///microblog.db"
    )
    app.config.from_mapping(config)
    app.register_blueprint(routes.bp)
    db.init_app(app)
    with app.app_context():
        db.create_all()
    return app
