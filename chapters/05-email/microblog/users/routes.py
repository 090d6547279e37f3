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
from sqlalchemy.exc import IntegrityError

from ..models import User, db
from .forms import LoginForm, RegistrationForm

bp = Blueprint("users", __name__, template_folder="templates")


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


def way_on():
    target = request.args.get("next", "")
    return redirect(target if stays_here(target) else url_for("core.index"))


@bp.route("/login", methods=["GET", "POST"])
def login():
    if current_user.is_authenticated:
        flash("You are logged in already.", "warning")
        return way_on()
    form = LoginForm()
    if form.validate_on_submit():
        session.clear()
        login_user(form.user, remember=form.remember_me.data)
        flash("You are logged in.", "success")
        return way_on()
    return render_template("users/login.html", form=form)


@bp.route("/register", methods=["GET", "POST"])
def register():
    if current_user.is_authenticated:
        flash("You are logged in already.", "warning")
        return way_on()
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
            session.clear()
            login_user(user)
            flash("Your account is ready. You are logged in.", "success")
            return way_on()
    return render_template("users/register.html", form=form)


@bp.route("/logout", methods=["POST"])
def logout():
    session.clear()
    logout_user()
    flash("You are logged out.", "success")
    return redirect(url_for(".login"))


@bp.route("/account")
@login_required
def account():
    return render_template("users/account.html")
