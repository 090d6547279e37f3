"""Links that every chapter's chains are made of: starting, pages, forms."""

import ast
import re
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import flask
import flask_wtf
import wtforms

from course.evidence.chain import CHAINS, Link, chain


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
    for visit in facts.visits:
        if visit.error is not None:
            yield from opens(facts, visit)


def file_in(address):
    return str(address).rpartition("/")[2]


@chain("any")
def whatever(facts):
    """The way of the last thing that was done, by what is on record."""
    looked = re.match(r"Looked .*`(\w+)`", str(facts.error))
    if looked and facts.visits:
        yield from has_form(facts, facts.visits[-1], looked[1])
    posts = [v for v in facts.visits if v.method == "POST"]
    if any("password2" in visit.was_sent for visit in posts):
        yield from CHAINS["register"](facts)
    for visit in (*reversed(posts), *reversed(facts.visits)):
        for name, field in FORMS.items():
            if visit.form(field) or field in visit.was_sent:
                yield from CHAINS[name](facts)
                return
    yield from page(facts)


FORMS = {"register": "password2", "log in": "password"}


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
            place = facts.line_with(rf"</?{tag}\b", f"templates/**/{name}")
            yield Link("closed", False, said, place)
            return
    for event in visit.of("undefined"):
        if event.place and not event.of:
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
        place = facts.line_with(asks, "templates/**/*.html")
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
    return said, facts.line_with(re.escape(name), "templates/**/*.html")


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


def has_form(facts, visit, field):
    """Links: the page has a form with this field, a token and a button."""
    name = f"form on {visit.path}"
    form = visit.form(field)
    if form is None:
        yield Link(name, False, *no_field(facts, visit, field))
        return
    yield Link(name, True)
    if form.get("method", "get").lower() != "post":
        said = 'the form has no method="post", so that it is sent with GET'
        yield Link("sent by POST", False, said, facts.drawn_at(visit, "<form"))
    yield from has_token(facts, visit, form)
    yield from has_button(facts, visit, form)


def no_field(facts, visit, field):
    """That a page has no such field, what it has, and where."""
    shown = form_of(visit)
    there = sorted(
        {
            tag["name"]
            for tag in visit.soup.find_all(["input", "select", "textarea"])
            if tag.get("name") and tag["name"] != "csrf_token"
        }
    )
    has = f"it has {', '.join(there)}" if there else "it has no field at all"
    if shown is not None and field in shown:
        page = visit.last("page").template.name
        said = (
            f"{type(shown).__name__} has {field}, and {page} does not show "
            f"it; {has}"
        )
        return said, facts.template_place(visit, "<form")
    if shown is not None:
        near = get_close_matches(field, [f.name for f in shown], 1, 0.4)
        place = facts.line_with(rf"class {type(shown).__name__}\b")
        said = f"{type(shown).__name__} has no field {field}"
        if near:
            place = facts.part_of(type(shown), near[0]) or place
            said += f"; it has {near[0]}"
        return said, place
    if nameless := visit.soup.find(unnamed):
        said = f"an input has no name, so that no browser sends it: {nameless}"
        return said, facts.template_place(visit, r"<input(?![^>]*name=)")
    given = visit.last("page")
    said = f"the page has no field {field}; {has}"
    if given and undefined(visit, "form"):
        said = "the template uses `form`, and the view gave it no such name"
        return said, undefined(visit, "form").place
    return said, facts.template_place(visit)


def unnamed(tag):
    kinds = ("submit", "button", "reset", "image")
    is_field = tag.name in ("input", "textarea", "select")
    return is_field and not tag.get("name") and tag.get("type") not in kinds


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


def form_of(visit):
    """The form object that a page was drawn with, or None."""
    shown = visit and visit.last("page")
    values = shown.context.values() if shown else ()
    return next((v for v in values if isinstance(v, wtforms.Form)), None)


def has_token(facts, visit, form):
    field = form.find(attrs={"name": "csrf_token"})
    if field is not None and field.get("value"):
        yield Link("token", True)
        return
    shown = form_of(visit)
    if shown is not None and not isinstance(shown, flask_wtf.FlaskForm):
        said = (
            f"{type(shown).__name__} is no FlaskForm, which is what brings "
            "the token"
        )
        place = facts.line_with(rf"class {type(shown).__name__}\b")
    else:
        said = "the form has no field csrf_token: {{ form.hidden_tag() }}"
        place = facts.template_place(visit, "<form")
    yield Link("token", False, said, place)


def has_button(facts, visit, form):
    pressed = [
        tag
        for tag in form.find_all(["button", "input"])
        if (tag.name == "button" and tag.get("type", "submit") == "submit")
        or (tag.name == "input" and tag.get("type") in ("submit", "image"))
    ]
    said = "the form has no button that sends it"
    yield Link(
        "button", bool(pressed), said, facts.template_place(visit, "<form")
    )


def accepts(facts, sent):
    """Links: what was sent reached the view, and its form took it."""
    yield from opens(facts, sent)
    asked = sent.last("check form")
    if asked is None:
        said = "the view never asks the form: form.validate_on_submit()"
        if sent.last("ask form"):
            said = "validate_on_submit was called and looked at nothing"
        place = facts.line_with(r"validate_on_submit\b(?!\()")
        if place:
            said = "validate_on_submit is not called: it needs its ()"
        yield Link(
            "form accepts", False, said, place or facts.view_place(sent.path)
        )
        return
    form = asked.given["self"]
    errors = {name: list(map(str, form[name].errors)) for name in form.data}
    errors = {name: said for name, said in errors.items() if said}
    if asked.answer or not errors:
        yield Link("form accepts", True)
        return
    field, said = next(iter(errors.items()))
    yield Link("form accepts", False, *why_refused(facts, form, field, said))


def filled_in(facts, field):
    """Links from the page with a form to the view; the Visit that sent it.

    Where nothing was sent they end at the form, and there is no Visit.
    """
    sent = facts.sent(field)
    shown = facts.shown(sent)
    if shown is not None:
        yield from opens(facts, shown)
        yield from has_form(facts, shown, field)
    if sent is not None:
        yield from accepts(facts, sent)
    return sent


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


def parameters_of(event):
    """The values that a statement was sent with, in a list."""
    found = event.parameters
    return list(found.values() if isinstance(found, dict) else found or ())


def why_refused(facts, form, field, said):
    """The field that a form refused, with its words and its line."""
    names = [in_words(v) for v in form[field].validators]
    typed = str(form[field].data)[:30]
    text = f"{field} {typed!r}: “{' '.join(said)}”"
    text += f", by one of {', '.join(names)}" if names else ""
    return text, facts.part_of(type(form), field)


def in_words(validator):
    """`Length(min=15)`, as one would write a validator."""
    kind = type(validator).__name__
    if kind == "function":
        return validator.__name__
    known = ("min", "max", "fieldname", "regex")
    values = {n: getattr(validator, n, None) for n in known}
    values["regex"] = getattr(values["regex"], "pattern", None)
    shown = [f"{n}={v!r}" for n, v in values.items() if v not in (None, -1)]
    return f"{kind}({', '.join(shown)})"


def error_beside(facts, visit, field):
    """Links: the form comes again, with an error tied to a field."""
    went = visit.last("redirect")
    if went is not None:
        said = "the view redirects, and the form with its errors is lost"
        yield Link("form again", False, said, went.place)
        return
    yield Link("form again", True)
    shown = form_of(visit)
    errors = (
        shown[field].errors if shown is not None and field in shown else ()
    )
    if not errors:
        said = f"form.{field}.errors is empty: no error was put on the field"
        others = {f.name: f.errors for f in shown or () if f.errors}
        for other, errors in others.items():
            said += f"; {other} has “{errors[0]}”"
        made = visit.last("message")
        if made is not None:
            said += f"; “{made.message}” was flashed"
        place = made.place if made else facts.view_place(visit.path)
        yield Link("error", False, said, place)
        return
    yield Link("error", True)
    drawn = facts.line_with(r"\{\{[^}]*errors", "templates/**/*.html")
    drawn = drawn or facts.drawn_at(visit, rf"\{{\{{ *(field|form\.{field})")
    if str(errors[0]) not in visit.soup.get_text(" "):
        said = f"the page does not show form.{field}.errors"
        yield Link("shown", False, said, drawn or facts.template_place(visit))
        return
    yield Link("shown", True)
    tag = visit.soup.find(attrs={"name": field})
    tie = tag.get("aria-describedby") or tag.get("aria-errormessage")
    place = facts.line_with("aria-describedby", "templates/**/*.html")
    if not tie:
        said = f"the input {field} has no aria-describedby"
        yield Link("tied", False, said, place or drawn)
    elif not visit.soup.find(id=tie):
        said = f"aria-describedby says {tie!r}, and nothing has that id"
        yield Link("tied", False, said, place or drawn)
