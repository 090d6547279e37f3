from flask import Blueprint, render_template
from flask_login import login_required

bp = Blueprint("core", __name__)

POSTS = [
    {"author": "david", "body": "The first swifts are back over the harbour."},
    {"author": "maria", "body": "Does anybody have a spare bicycle lamp?"},
]


@bp.route("/")
@bp.route("/index")
@login_required
def index():
    return render_template("index.html", posts=POSTS)
