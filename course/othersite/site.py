"""The pages of the other site, served as 127.0.0.1 and by no other name."""

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
    named = {attack.name: attack for attack in attacks}
    app.add_template_filter(dedent)
    app.add_template_global(lambda slug: step_of(course, slug), "step_of")

    @app.before_request
    def be_another_site():
        if request.host.rpartition(":")[0] != LOOPBACK:
            here = request.url.partition(request.host)[2]
            port = request.host.rpartition(":")[2]
            return redirect(f"http://{LOOPBACK}:{port}{here}")
        if request.method == "POST" and not from_here(request):
            abort(403)

    @app.get("/")
    def front():
        return shown("front.html", attacks=attacks)

    @app.route("/<name>", methods=["GET", "POST"])
    def attack(name):
        return shown(f"{name}.html", named, name, request.method == "POST")

    @app.get("/<name>/bait")
    def bait(name):
        return shown(f"{name}-bait.html", named, name)

    def shown(template, named=(), name=None, attempt=False, **values):
        if name and name not in named:
            abort(404)
        asked = request.args.get("program", address)
        values |= {"attack": named[name] if name else None, "asked": asked}
        query = f"?{urlencode({'program': asked})}"
        values |= {"here": request.host, "query": query}
        try:
            program = Program(asked, request.host)
            if attempt:
                values["finding"] = values["attack"].attempt(program)
            return render_template(template, program=program, **values)
        except Refused as refused:
            values |= {"refused": str(refused)}
            return render_template("refused.html", **values), 400

    return app


def from_here(request):
    """Whether a page of this site had the browser send a form."""
    return request.headers.get("Origin") == f"http://{request.host}"


def step_of(course, slug):
    """The step of a slug; None where the course has none yet."""
    return course.steps.get(course.slugs.get(slug))
