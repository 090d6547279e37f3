"""Links that every chapter's chains are made of: starting, and pages."""

import ast
import re
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import flask

from course.evidence.chain import Link, chain

TEMPLATES = "**/templates/**/*.html"
BASE = "**/templates/base.html"


@chain("first")
def first(facts):
    """Links that every chain begins with: the database, and no error page."""
    app = facts.app
    if missing := re.match(r"Looked for `(\w+)` in", str(facts.error)):
        yield Link(missing[1], False, *not_defined(facts, missing[1]))
    elif app is None and facts.record.of("call"):
        yield Link("the program starts", False, *no_application(facts))
    if app is not None and "sqlalchemy" in app.extensions:
        with app.app_context():
            used = file_in(app.extensions["sqlalchemy"].engine.url)
        told = file_in(app.config.get("SQLALCHEMY_DATABASE_URI") or used)
        if used != told:
            said = f"the program uses {used} and was told {told}: init_app "
            said += "came before the setting"
            yield Link("database", False, said, facts.called("init_app"))
    for name, said, place in facts.odd():
        yield Link(name, False, said, place)
    for visit in facts.visits:
        if visit.error is not None:
            yield from opens(facts, visit)


def file_in(address):
    return str(address).rpartition("/")[2]


@chain("whole")
def whole(facts):
    """What is in a page is closed again, and arrived."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    if odd := re.search(r"</?(\w+)> without", str(facts.error)):
        tag, uneven = odd[1], []
        for path in facts.templates(visit):
            text = Path(path).read_text(encoding="utf-8")
            ends = len(re.findall(rf"</{tag}\b", text))
            if (begins := len(re.findall(rf"<{tag}\b", text))) != ends:
                uneven.append((Path(path).name, begins, ends))
        if len(uneven) == 1:
            ((name, begins, ends),) = uneven
            said = f"{name} has {begins} <{tag}> and {ends} </{tag}>"
            place = facts.line_with(rf"</?{tag}\b", f"**/templates/**/{name}")
            yield Link("closed", False, said, place)
            return
    for event in visit.of("undefined"):
        if event.place and event.of is None:
            said = f"nobody gave the template a `{event.values['name']}`"
            yield Link("arrived", False, said, event.place)
            return
    yield from not_there(visit)


@chain("start")
def start(facts):
    """The program is imported and its factory answers an application."""
    error = facts.error.__cause__
    if error is None:
        said, place = no_application(facts)
    else:
        said, place = facts.explained(error)
    yield Link("the program starts", False, said, place)


def no_application(facts):
    """What create_app does in place of answering an application."""
    calls = [e for e in facts.record.of("call") if e.name == "create_app"]
    place = facts.line_with(r"def create_app\b")
    if not calls:
        return not_defined(facts, "create_app")
    if calls[-1].answer is None:
        return "create_app ends without `return app`", place
    return f"create_app answers {calls[-1].answer!r}", place


def not_defined(facts, name):
    """That no module of the program has a name, and what comes near."""
    if place := facts.line_with(rf"^(def|class) {name}\b|^{name} *="):
        return f"{name} stands in {place.file}, which nothing imports", place
    if place := facts.line_with(rf"^\s+(def|class) {name}\b"):
        return f"{name} is indented, and so a part of something else", place
    near = get_close_matches(name, names_defined(facts), 1, 0.6)
    if not near:
        return f"no file of the program defines {name}", None
    place = facts.line_with(rf"^\s*(def|class) {near[0]}\b")
    return f"no file of the program defines {name}; there is {near[0]}", place


def names_defined(facts):
    """The functions and classes that the program's files define."""
    for path in facts.files("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name


@chain("page")
def page(facts):
    """A page that is opened is there."""
    if facts.visits:
        yield from opens(facts, facts.visits[-1])


def opens(facts, visit):
    """Links of one visit: no exception, an address, a method, no refusal."""
    name = f"{visit.method} {visit.path}"
    if visit.error is not None:
        said, place = facts.explained(visit.error)
        place = without_field(facts, visit) or place
        if "valid response" in said:
            place = place or facts.view_place(visit.path)
        yield Link(name, False, said, place)
    elif visit.status == 404:
        yield Link(name, False, *not_found(facts, visit.path))
    elif visit.status == 405:
        methods = " and ".join(facts.methods(visit.path))
        said = f"the view takes {methods or 'other methods'} only"
        yield Link(name, False, said, facts.view_place(visit.path))
    elif visit.status == 400:
        yield Link(name, False, *refused(facts, visit))
    elif visit.last("unauthorized"):
        said = "the page asks for a login"
        place = facts.called("before_request|before_app_request")
        place = place or facts.view_place(visit.path)
        yield Link(name, False, said, place)
    else:
        yield Link(name, True)


ASKED = {
    "/login": ("username", "password", "remember_me"),
    "/register": ("username", "email", "password", "password2"),
}


def without_field(facts, visit):
    """The class of a form that lacks a field which its address asks for."""
    found = re.match(
        r"'(?:\w+\.)*(\w+) object' has no attribute '(\w+)'", str(visit.error)
    )
    if found and found[2] in ASKED.get(visit.path, ()):
        return facts.line_with(rf"^class {found[1]}\b")
    return None


def not_found(facts, path):
    """Why an address is not there, and where."""
    for visit in facts.visits:
        went = visit.last("redirect")
        if went and urlsplit(visit.answer.location or "").path == path:
            return f"no view has the address {path}, and this leads there", (
                went.place
            )
    folder = facts.app.static_url_path or "/static"
    if path.startswith(f"{folder}/"):
        return no_such_file(facts, path)
    for name, bp in blueprints(facts):
        if bp not in facts.app.blueprints.values():
            place = facts.line_with(rf"\b{name} *= *Blueprint\(")
            said = (
                f"no view has the address {path}: the blueprint {name} is "
                "not registered, app.register_blueprint(…)"
            )
            return said, place
    rules = [r for r in facts.rules() if not r.startswith("/static/")]
    ends = [r for r in rules if r != path and r.endswith(path) and path != "/"]
    near = ends or get_close_matches(path, rules, 1, 0.7)
    said = f"no view has the address {path}"
    if near:
        place = facts.line_with(rf"route\(\s*[\"'].*{near[0][-3:]}[\"']")
        return f"{said}; there is {near[0]}", place
    if function := unrouted(facts, path.strip("/") or "index"):
        return f"{said}; {function[0]}() has no @…route above it", function[1]
    if "." in path:
        asks = re.escape(path.rpartition("/")[2])
        place = facts.line_with(asks, TEMPLATES)
    else:
        views = [facts.view_place(rule) for rule in rules]
        place = facts.line_with("url_prefix") or next(iter(views), None)
    return f"{said}; there are {', '.join(rules) or 'none'}", place


def no_such_file(facts, path):
    """What the folder `static` has in place of a file, and who asks."""
    folder = Path(facts.app.static_folder)
    there = [p.name for p in folder.rglob("*.*")]
    name = path.rpartition("/")[2]
    said = f"the folder static has no {name}; it has {', '.join(there)}"
    return said, facts.line_with(re.escape(name), TEMPLATES)


def blueprints(facts):
    """The blueprints in the program's modules, by name."""
    for module in facts.modules():
        for name, value in vars(module).items():
            if isinstance(value, flask.Blueprint):
                yield name, value


def unrouted(facts, name):
    """A function of this name that is no view, and its place."""
    for path in facts.files("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                marks = [ast.unparse(d) for d in node.decorator_list]
                if not any(".route(" in mark for mark in marks):
                    return name, facts.places.at(str(path), node.lineno)
    return None


def refused(facts, visit):
    """Why a request was answered with 400, and where."""
    check = visit.last("check token")
    if check and check.error is not None:
        sent = visit.was_sent.get("csrf_token")
        if sent is None:
            said = "no token was sent: the form has no field csrf_token"
            return said, facts.drawn_at(facts.shown(visit), "<form")
        said = f"the token was refused: {check.error} Sent was {sent[:40]!r}"
        return said, facts.drawn_at(facts.shown(visit), "csrf_token")
    raised = visit.last("raise")
    if raised:
        return facts.explained(raised.error)
    return "the request was refused with status 400", None


def not_there(visit):
    """What a template asked of a thing that has no such part, in a Link."""
    for event in visit.of("undefined"):
        name, thing = event.values["name"], event.of
        if isinstance(name, str) and is_of_the_program(thing):
            kind = type(thing).__name__
            said = f"the template asks for .{name}, which a {kind} has not"
            yield Link("parts", False, said, event.place)
            return


def is_of_the_program(thing):
    plain = (dict, tuple, str, type(None))
    return type(thing).__name__ != "object" and not isinstance(thing, plain)


def undefined(visit, name):
    """The last time that a template asked for a name that it was not given."""
    found = [e for e in visit.of("undefined") if e.values["name"] == name]
    return found[-1] if found else None


def written(events):
    """What the last statement that wrote a row wrote, by column."""
    for event in reversed(events.of("sql")):
        text = event.statement
        if inserted := re.match(r"INSERT INTO \S+ \(([^)]*)\)", text):
            names = inserted[1].split(", ")
            return dict(zip(names, parameters_of(event), strict=False))
        if updated := re.match(r"UPDATE \S+ SET (.*?) WHERE", text):
            names = re.findall(r"(\w+)=", updated[1])
            return dict(zip(names, parameters_of(event), strict=False))
    return {}


def where_of(event):
    """What a statement says from its WHERE on; empty where it has none."""
    return " ".join(event.statement.partition("WHERE")[1:]).strip()


def parameters_of(event):
    """The values that a statement was sent with, in a list."""
    found = event.parameters
    return list(found.values() if isinstance(found, dict) else found or ())
