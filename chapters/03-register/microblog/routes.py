from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import (
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError

from .forms import LoginForm, RegistrationForm
from .models import User, db

bp = Blueprint("main", __name__)

POSTS = [
    {"author": "david", "body": "The first swifts are back over the harbour."},
    {"author": "maria", "body": "Does anybody have a spare bicycle lamp?"},
]


def stays_here(target):
    """Whether a browser would stay on this site when it is sent to target.

    Browsers drop tabs and line breaks from an address, and read a backslash
    as a slash: https://url.spec.whatwg.org/#url-parsing
    """
    return (
        target.startswith("/")
        and not target.startswith("//")
        and not any(c == "\\" or c < " " for c in target)
    )


@bp.route("/")
@bp.route("/index")
@login_required
def index():
    return render_template("index.html", posts=POSTS)


@bp.route("/login", methods=["GET", "POST"])
def login():
    if current_user.is_authenticated:
        return redirect(url_for(".index"))
    form = LoginForm()
    if form.validate_on_submit():
        user = User.authenticate(form.username.data, form.password.data)
        if user:
            session.clear()
            login_user(user, remember=form.remember_me.data)
            flash("You are logged in.")
            target = request.args.get("next", "")
            if not stays_here(target):
                target = url_for(".index")
            return redirect(target)
        form.password.errors.append("Wrong username or password.")
    return render_template("login.html", form=form)


@bp.route("/register", methods=["GET", "POST"])
def register():
    if current_user.is_authenticated:
        return redirect(url_for(".index"))
    form = RegistrationForm()
    if form.validate_on_submit():
        user = User(username=form.username.data, email=form.email.data)
        user.set_password(form.password.data)
        db.session.add(user)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            form.validate()
        else:
            flash("Your account is ready. Log in to use it.")
            return redirect(url_for(".login", next=request.args.get("next")))
    return render_template("register.html", form=form)


@bp.route("/logout", methods=["POST"])
def logout():
    session.clear()
    logout_user()
    flash("You are logged out.")
    return redirect(url_for(".login"))


@bp.app_errorhandler(CSRFError)
def stale_form(error):
    return render_template("stale_form.html"), 400
