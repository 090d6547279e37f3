from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    render_template,
    request,
)
from flask_wtf.csrf import CSRFError

bp = Blueprint("guard", __name__)

FORM = "application/x-www-form-urlencoded"

HEADERS = {
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@bp.before_app_request
def refuse_odd_requests():
    cookies = request.cookies.items()
    request.cookies = {k: v for k, v in cookies if v.isascii()}
    if request.method == "POST" and request.mimetype not in ("", FORM):
        abort(415)
    try:
        urlsplit(request.url).port, urlsplit(request.referrer or "").port
    except ValueError:
        abort(400)


@bp.app_errorhandler(400)
@bp.app_errorhandler(413)
@bp.app_errorhandler(415)
def refused(error):
    if request.url_rule is None:
        return error
    return render_template("refused.html", error=error), error.code


@bp.app_errorhandler(CSRFError)
def stale_form(error):
    return render_template("stale_form.html"), 400


@bp.after_app_request
def tell_the_browser(response):
    response.headers.update(HEADERS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
