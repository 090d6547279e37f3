from flask import (
    Blueprint,
    render_template,
)
from sqlalchemy import select

from .models import User, db

bp = Blueprint("main", __name__)


@bp.route("/")
@bp.route("/index")
def index():
    users = db.session.scalars(select(User).order_by(User.id)).all()
    return render_template("index.html", users=users)
