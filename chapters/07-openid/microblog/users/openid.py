"""Signing in with a provider, which vouches for who comes from it."""

import re
from secrets import token_hex

from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from email_validator import EmailNotValidError, validate_email
from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_fresh
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from ..models import Identity, User, db
from .forms import tidy
from .routes import log_in, way_on

bp = Blueprint("openid", __name__, url_prefix="/openid")

METADATA = "/.well-known/openid-configuration"


class Provider(FlaskOAuth2App):
    """A provider, which does not choose how it is believed."""

    def load_server_metadata(self):
        ours = {"id_token_signing_alg_values_supported": ["RS256"]}
        return super().load_server_metadata() | ours


def init_app(app):
    app.register_blueprint(bp)
    app.config["ISSUERS"] = {}
    oauth = OAuth(app)
    for name in app.config["OPENID_PROVIDERS"].split():
        own = app.config.get_namespace(f"OPENID_{name.upper()}_")
        app.config["ISSUERS"][name] = own["issuer"]
        oauth.register(
            name,
            client_cls=Provider,
            client_id=own["client_id"],
            client_secret=own["client_secret"],
            server_metadata_url=own["issuer"].rstrip("/") + METADATA,
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": float(app.config["OPENID_TIMEOUT"]),
            },
        )


def provider(name):
    oauth = current_app.extensions["authlib.integrations.flask_client"]
    return oauth.create_client(name) or abort(404)


class Refused(Exception):
    """Nobody vouches for whoever is here."""


@bp.errorhandler(Refused)
@bp.errorhandler(IntegrityError)
def did_not_work(error):
    db.session.rollback()
    current_app.logger.warning("OpenID: %r", error.__cause__ or error)
    flash("Signing in with your provider did not work.", "danger")
    if current_user.is_authenticated:
        return redirect(url_for("users.account"))
    target = session.get("openid", {}).get("next")
    return redirect(url_for("users.login", next=target))


@bp.route("/<name>", methods=["POST"])
def start(name):
    client = provider(name)
    connect = "connect" in request.form
    if connect and not is_confirmed():
        return confirm_first()
    for key in [key for key in session if key.startswith("_state_")]:
        session.pop(key)
    session["openid"] = {
        "next": request.args.get("next"),
        "remember": "remember_me" in request.form,
        "connect": connect,
    }
    again = {"prompt": "login"} if current_user.is_authenticated else {}
    back = url_for(".callback", name=name, _external=True)
    try:
        return client.authorize_redirect(back, **again)
    except Exception as error:
        raise Refused from error


@bp.route("/<name>/callback")
def callback(name):
    asked = session.get("openid", {})
    claims = claims_from(provider(name))
    known = db.session.get(Identity, (claims["iss"], claims["sub"]))
    if asked["connect"]:
        return connect(name, known, claims)
    if current_user.is_authenticated:
        return confirm(known, asked["next"])
    user = known.user if known else new_user(claims)
    if user is None:
        return redirect(url_for("users.login"))
    log_in(user, asked["remember"])
    flash("You are logged in.", "success")
    return way_on(asked["next"])


def claims_from(client):
    """What a provider says of who comes from it. Raises Refused."""
    options = {
        "iss": {"value": current_app.config["ISSUERS"][client.name]},
        "aud": {"value": client.client_id},
    }
    try:
        token = client.authorize_access_token(claims_options=options)
        claims = token["userinfo"]
        if not re.fullmatch(r"[ -~]{1,255}", claims["sub"]):
            raise ValueError(claims["sub"])
        return claims
    except Exception as error:
        raise Refused from error


def connect(name, known, claims):
    """Let an identity that nobody has be one of the member's."""
    session.pop("openid")
    if not is_confirmed():
        return confirm_first()
    if known:
        flash("That one lets somebody in already.", "warning")
    else:
        current_user.identities.append(identity_of(claims))
        db.session.commit()
        flash(f"{name.capitalize()} can let you in now.", "success")
    return redirect(url_for("users.account"))


@bp.route("/<name>/disconnect", methods=["POST"])
def disconnect(name):
    issuer = current_app.config["ISSUERS"][provider(name).name]
    if not is_confirmed():
        return confirm_first()
    if has_another_way_in(current_user, issuer):
        theirs = delete(Identity).filter_by(user_id=current_user.id)
        db.session.execute(theirs.filter_by(issuer=issuer))
        db.session.commit()
        flash(f"{name.capitalize()} lets you in no more.", "success")
    else:
        flash("This is your only way in. It has to stay.", "warning")
    return redirect(url_for("users.account"))


def has_another_way_in(user, issuer):
    asked = set(current_app.config["ISSUERS"].values()) - {issuer}
    return user.password_hash or any(user.known_to(each) for each in asked)


def confirm(known, target):
    """Start the member's login anew, if it is they who come back."""
    if known is None or known.user_id != current_user.id:
        flash("That was not you.", "warning")
        return redirect(url_for("users.confirm", next=target))
    log_in(known.user, current_user.login.remember)
    flash("Thank you. You can go on.", "success")
    return way_on(target)


def is_confirmed():
    return current_user.is_authenticated and login_fresh()


def confirm_first():
    flash("Say first that it is you.", "warning")
    return redirect(url_for("users.confirm", next=url_for("users.account")))


def identity_of(claims):
    return Identity(issuer=claims["iss"], subject=claims["sub"])


def new_user(claims):
    """A user for who comes for the first time; or None, and a message."""
    email = vouched_for(claims)
    if email is None:
        flash("Your provider does not vouch for an address.", "warning")
        return None
    if db.session.scalar(select(User).filter_by(email=email)):
        flash("This address has an account. Log in to it first.", "warning")
        return None
    wanted = claims.get("nickname") or email.partition("@")[0]
    user = User(username=free_name(str(wanted)), email=email)
    user.identities = [identity_of(claims)]
    db.session.add(user)
    return user


def vouched_for(claims):
    """The address that is somebody's, in the shape it is kept in; or None."""
    text = tidy(str(claims.get("email")))
    try:
        email = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None
    proven = claims.get("email_verified") is True
    return email if proven and len(email) <= 120 else None


def free_name(wanted):
    """A username that nobody has, as near as can be to the one wanted."""
    wanted = re.sub(r"[^a-z0-9._-]+", "-", tidy(wanted))[:50].strip("-")
    name = wanted = wanted or "user"
    while db.session.scalar(select(User).filter_by(username=name)):
        name = f"{wanted}-{token_hex(3)}"
    return name
