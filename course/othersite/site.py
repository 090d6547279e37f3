"""The pages of the other site, served as 127.0.0.1 and by no other name."""

from functools import partial
from pathlib import Path
from textwrap import dedent
from urllib.parse import urlencode

from flask import Flask, abort, redirect, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader

from ..serving import LOOPBACK
from .program import Program, Refused

TEMPLATES = Path(__file__).parent / "templates"


def make_site(course, attacks, address):
    """The application, for the attacks of a course.

    `address` is of the program that is attacked unless another is named.
    """
    app = Flask(__name__)
    folders = [TEMPLATES, course.root / "other-site"]
    app.jinja_loader = ChoiceLoader([FileSystemLoader(f) for f in folders])
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.add_template_filter(dedent)
    app.before_request(be_another_site)
    app.register_error_handler(Refused, explain)
    named = {attack.name: attack for attack in attacks}

    @app.context_processor
    def known():
        asked = request.args.get("program", address)
        return {
            "asked": asked,
            "query": f"?{urlencode({'program': asked})}",
            "here": request.host,
            "step_of": partial(step_of, course),
        }

    def program():
        return Program(request.args.get("program", address), request.host)

    @app.get("/")
    def front():
        return render_template(
            "front.html", attacks=attacks, program=program()
        )

    @app.route("/<name>", methods=["GET", "POST"])
    def page(name):
        attack, asked = named.get(name) or abort(404), program()
        tried = request.method == "POST"
        return render_template(
            f"{name}.html",
            attack=attack,
            program=asked,
            finding=attack.attempt(asked) if tried else None,
        )

    @app.get("/<name>/bait")
    def bait(name):
        attack = named.get(name) or abort(404)
        path = f"{attack.name}-bait.html"
        return render_template(path, attack=attack, program=program())

    return app


def be_another_site():
    """Have one name, and take forms from this site's own pages alone."""
    name, _, port = request.host.rpartition(":")
    if name != LOOPBACK:
        path = request.url.partition(request.host)[2]
        return redirect(f"http://{LOOPBACK}:{port}{path}")
    if request.method == "POST" and not from_here(request):
        abort(403)


def explain(refused):
    return render_template("refused.html", refused=str(refused)), 400


def from_here(request):
    """Whether a page of this site had the browser send a form."""
    return request.headers.get("Origin") == f"http://{request.host}"


def step_of(course, slug):
    """The step of a slug; None where the course has none yet."""
    return course.steps.get(course.slugs.get(slug))
