"""The pages of the desk, for this machine alone."""

import hmac
import re
import secrets
from pathlib import Path

from flask import (
    Flask,
    Response,
    abort,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)

from ..check.report import how
from ..errors import CourseError
from ..serving import HOST, LOOPBACK
from ..student.comparison import reason_of, trees_of
from .panel import built, changes, failures, people
from .reading import Reader, colours

POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"
PATIENCE = 15  # seconds without news, after which a browser is told so


def make_desk(course, work):
    """The application, for a course and the Work that is on the desk."""
    app = Flask(__name__)
    app.config["TRUSTED_HOSTS"] = [HOST, LOOPBACK]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    reader, token, sheet = Reader(course), secrets.token_urlsafe(), colours()
    chapters = course.root / "chapters"

    @app.before_request
    def change_by_own_forms_only():
        sent = request.form.get("token", "")
        if request.method == "POST" and not hmac.compare_digest(
            sent.encode(), token.encode()
        ):
            abort(403)

    @app.after_request
    def keep_to_this_machine(response):
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-cache"
        return response

    @app.context_processor
    def known():
        return {
            "course": course,
            "work": work,
            "token": token,
            "how": how,
            "built": built(work),
            "failures": failures(work),
            "changes": changes(work),
            "people": people(work),
            "next_page": page_of_work(),
            "inline": reader.inline,
            "reason_of": reason_of,
        }

    def page_of_work():
        """The page to read now: of the step, or of the exercises."""
        now = work.exercise or work.step
        page = now.page if now else work.workspace.chapter.lesson
        name = page.relative_to(chapters).as_posix()
        ending = "" if now else "#exercises"
        return url_for("page", name=name) + ending

    def shown(title, html, **values):
        return render_template("desk.html", title=title, html=html, **values)

    @app.get("/")
    def here():
        return redirect(page_of_work())

    @app.get("/chapters/<path:name>")
    def page(name):
        path = Path(chapters, name).resolve()
        if not path.is_relative_to(chapters.resolve()) or not path.is_file():
            abort(404)
        if path.suffix != ".md":
            return send_from_directory(chapters, name)
        steps = [s for s in course.steps.values() if s.page.resolve() == path]
        exercises = [e for e in course.exercises if e.page.resolve() == path]
        html = reader.page(path, steps[0].state if steps else None)
        title = path.read_text(encoding="utf-8").partition("\n")[0]
        return shown(
            title.removeprefix("# "), html, steps=steps, exercises=exercises
        )

    @app.get("/files/<state>/<path:name>")
    def file(state, name):
        html = reader.file(course.state(state), name) or abort(404)
        title = f"{name}, after step {course.state(state)}"
        return shown(title, html, heading=title)

    @app.get("/difference/<state>")
    def difference(state):
        step = course.steps.get(course.state(state)) or abort(404)
        trees = trees_of(work.workspace, step.state)
        title = f"Step {step.state}: yours and the course's"
        values = {"heading": title, "why": reason_of(step)}
        return shown(title, reader.difference(trees), **values)

    @app.post("/hint")
    def hint():
        work.hint()
        back = request.form.get("back", "")
        own = re.fullmatch(r"/chapters/[\w./-]+", back)
        return redirect((back if own else page_of_work()) + "#hints")

    @app.post("/chapter/<int:number>")
    def chapter(number):
        work.open(course.chapter(number).number)
        return redirect(url_for("here"))

    @app.post("/exercise")
    def exercise():
        number = request.form.get("number")
        work.take_up(course.exercise(number) if number else None)
        return redirect(url_for("here"))

    @app.get("/news")
    def news():
        """Server-sent events: a number whenever a page would be another."""
        return Response(told(work), mimetype="text/event-stream")

    @app.get("/colours.css")
    def style():
        return Response(sheet, mimetype="text/css")

    @app.errorhandler(CourseError)
    def refused(error):
        title = "That did not work"
        return shown(title, "", heading=title, why=error.message), 400

    return app


def told(work):
    """The news of the desk, from now on."""
    version = work.version
    yield f"data: {version}\n\n"
    while not work.ended:
        new = work.wait(version, PATIENCE)
        yield f"data: {new}\n\n" if new != version else ": nothing yet\n\n"
        version = new
