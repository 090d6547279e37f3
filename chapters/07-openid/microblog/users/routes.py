from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import (
    current_user,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
)
from sqlalchemy.exc import IntegrityError

from ..models import Login, User, db, now
from .forms import (
    ChangePasswordForm,
    ConfirmForm,
    LoginForm,
    RegistrationForm,
)

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


def way_on(target=None):
    target = target or request.args.get("next", "")
    return redirect(target if stays_here(target) else url_for("core.index"))


def end_login():
    """End the login of this browser, if there is one, and its session."""
    if current_user.is_authenticated:
        Login.end(Login.id == current_user.login.id)
    session.clear()


def log_in(user, remember=False):
    """Start a login of this browser, and a session with nothing in it."""
    end_login()
    unused = now() - current_app.config["REMEMBER_IDLE"]
    Login.end(Login.user_id == user.id, Login.seen < unused)
    browser = request.user_agent.string[:200]
    user.login = Login(user=user, remember=remember, browser=browser)
    db.session.add(user.login)
    db.session.commit()
    login_user(user, remember=remember)


@bp.route("/login", methods=["GET", "POST"])
def login():
    if current_user.is_authenticated:
        flash("You are logged in already.", "warning")
        return way_on()
    form = LoginForm()
    if form.validate_on_submit():
        log_in(form.user, form.remember_me.data)
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
            log_in(user)
            flash("Your account is ready. You are logged in.", "success")
            return way_on()
    return render_template("users/register.html", form=form)


@bp.route("/confirm", methods=["GET", "POST"])
@login_required
def confirm():
    form = ConfirmForm()
    if form.validate_on_submit():
        log_in(form.user, current_user.login.remember)
        flash("Thank you. You can go on.", "success")
        return way_on()
    return render_template(
        "users/confirm.html",
        form=form,
        fields=[form.password],
        title="Confirm that it is you",
    )


@bp.route("/logout", methods=["POST"])
def logout():
    end_login()
    logout_user()
    flash("You are logged out.", "success")
    return redirect(url_for(".login"))


@bp.route("/account")
@login_required
def account():
    logins = [login for login in current_user.logins if not login.is_over]
    return render_template("users/account.html", logins=logins)


@bp.route("/account", methods=["POST"])
@fresh_login_required
def end_logins():
    chosen = request.form.get("end")
    ended = [
        login.id
        for login in current_user.logins
        if login != current_user.login and chosen in ("others", str(login.id))
    ]
    Login.end(Login.id.in_(ended))
    if ended:
        flash("You are logged out there.", "success")
    return redirect(url_for(".account"))


@bp.route("/account/password", methods=["GET", "POST"])
@login_required
def change_password():
    form = ChangePasswordForm()
    if form.validate_on_submit():
        form.user.set_password(form.password.data)
        remember = current_user.login.remember
        Login.end(Login.user_id == form.user.id)
        log_in(form.user, remember)
        flash("Your password is changed.", "success")
        return redirect(url_for(".account"))
    return render_template(
        "users/form.html",
        form=form,
        fields=[form.old_password, form.password, form.password2],
        title="Change your password",
    )
