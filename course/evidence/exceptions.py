"""An exception of somebody's program in words, with what the facts prove.

A cause is said only where the program's own files or the installed packages
show it; otherwise the exception stands with its place and its line.
"""

import ast
import builtins
import inspect
import re
import sys
from difflib import get_close_matches
from functools import cache
from pathlib import Path

MOST, LONGEST = 300, 3000  # characters of what an exception says

# Names that older tutorials import, by module; what they say of them.
GONE = {
    "werkzeug.urls": {
        "url_parse": "gone since Werkzeug 3.0; "
        "`from urllib.parse import urlsplit` stands in its place",
        "url_quote": "gone since Werkzeug 3.0; "
        "`from urllib.parse import quote` stands in its place",
        "url_encode": "gone since Werkzeug 3.0; "
        "`from urllib.parse import urlencode` stands in its place",
    },
    "werkzeug.security": {
        "safe_str_cmp": "gone since Werkzeug 2.1; "
        "`from hmac import compare_digest` stands in its place",
    },
    "werkzeug": {
        name: f"gone since Werkzeug 1.0; `from werkzeug.security import "
        f"{name}` stands in its place"
        for name in ("generate_password_hash", "check_password_hash")
    },
    "flask": {
        "Markup": "gone since Flask 3.0; `from markupsafe import Markup`",
        "escape": "gone since Flask 3.0; `from markupsafe import escape`",
        "_app_ctx_stack": "gone since Flask 2.3",
        "_request_ctx_stack": "gone since Flask 2.3",
    },
    "wtforms": {
        "TextField": "gone since WTForms 3.0; it is StringField",
        "Required": "gone since WTForms 3.0; it is InputRequired",
    },
    "wtforms.validators": {
        "Required": "gone since WTForms 3.0; it is InputRequired",
        "required": "gone since WTForms 3.0; it is InputRequired",
    },
    "wtforms.fields.html5": {
        "EmailField": "gone since WTForms 3.0; "
        "`from wtforms import EmailField`",
    },
    "flask.ext": {"": "gone since Flask 1.0; import flask_login and so on"},
    "Flask": {
        "before_first_request": "gone since Flask 2.3; "
        "do it in the factory, inside of `with app.app_context():`",
    },
}


def words_of(error):
    """What an exception says, in a line."""
    for name in ("msg", "message"):
        if isinstance(getattr(error, name, None), str):
            text = getattr(error, name)
            break
    else:
        text = str(error)[:LONGEST]
    text = text[:LONGEST]
    if error.__class__.__module__.startswith("sqlalchemy"):
        text = text.split("\n[SQL")[0].split("\n(Background")[0]
        text = re.sub(r"^One or more mappers.*exception was: ", "", text)
        text = text.split(" If this property was indicated")[0]
    text = re.sub(
        r" \((?:most likely due to|[^()]*site-packages|/)[^()]*\)"
        r"(?: \([^()]*\))?",
        "",
        text,
    )
    text = re.sub(r"\b(?:[A-Z]:)?[/\\][^ ']*[/\\](?=microblog\b)", "", text)
    flat = " ".join(text.split())[:MOST]
    return f"{type(error).__name__}: {flat}".removesuffix(": ")


def place_of(error, files):
    """The line of the program that an exception came from, or None."""
    if isinstance(error, SyntaxError) or hasattr(error, "lineno"):
        found = files.at(getattr(error, "filename", None) or "", error.lineno)
        if found:
            return found
    found, step = None, error.__traceback__
    while step is not None:
        found = files.line_of(step.tb_frame, step.tb_lineno) or found
        step = step.tb_next
    return found


def cause_of(error, files, app=None):
    """What the facts prove about an exception, in a sentence, or None."""
    for kind, explain in EXPLAINED:
        fits = isinstance(kind, type) and isinstance(error, kind)
        fits = fits or type(error).__name__ == kind
        if fits and (said := explain(error, files, app)):
            return said
    return None


def syntax(error, files, app):
    text = (error.text or "").strip()
    if re.match(r"<{7}|={7}$|>{7}", text):
        return (
            "that is a mark of a merge with a conflict: keep the lines that "
            "you want, and take the lines with <<<<<<<, ======= and >>>>>>> "
            "out"
        )
    return None


def module_missing(error, files, app):
    name = error.name or ""
    first, _, rest = name.partition(".")
    if first == "flask" and rest.startswith("ext"):
        return GONE["flask.ext"][""]
    if gone := GONE.get(name):
        return f"{name} is {next(iter(gone.values()))}"
    package = next(files.root.glob("*/__init__.py"), files.root).parent
    own = package.name
    if first == own:
        return no_file(files, own, rest)
    for suffix in (".py", "/__init__.py"):
        if (package / f"{first}{suffix}").exists():
            return (
                f"{own}/{first}{suffix} is a file of this program: write "
                f"`from .{first} import …`, with a dot before its name"
            )
    near = get_close_matches(first, installed(), 1, 0.8)
    if near:
        return f"there is no package {first!r}; there is {near[0]!r}"
    return f"there is no package {first!r} installed, and no {own}/{first}.py"


def no_file(files, own, rest):
    """That a module of the program is not there, and what is."""
    path = f"{own}/{rest.replace('.', '/')}.py"
    files = [p.name for p in (files.root / own).glob("*.py")]
    near = get_close_matches(Path(path).name, files, 1, 0.7)
    said = f"there is no {path} yet"
    return f"{said}; there is {own}/{near[0]}" if near else said


@cache
def installed():
    return sorted({*sys.stdlib_module_names, *packages()})


def packages():
    from importlib.metadata import packages_distributions

    return packages_distributions()


def name_missing_in_module(error, files, app):
    """`from X import name` where X has no such name."""
    name = getattr(error, "name_from", None) or quoted(error)
    module = error.name or ""
    if gone := GONE.get(module, {}).get(name):
        return f"{name} is {gone}"
    loaded = sys.modules.get(module)
    path = files.file_of(error.path or "")
    if path:
        return name_missing_in_file(files, path, module, name)
    if loaded is not None:
        near = get_close_matches(name, dir(loaded), 1, 0.7)
        if near:
            return f"{module} has no {name!r}; it has {near[0]!r}"
        return f"{module} has no {name!r}"
    return None


def name_missing_in_file(files, path, module, name):
    own = Path(path).parts[0]
    if path.endswith("__init__.py"):
        folder = (files.root / path).parent
        for suffix in (".py", "/__init__.py"):
            if (folder / f"{name}{suffix}").exists():
                return circle(files, path, f"{folder.name}/{name}{suffix}")
        defined = set(names_in(files.root / path))
        if name not in defined - files_asked_for(files.root / path):
            files = [p.stem for p in folder.glob("*.py")]
            near = get_close_matches(name, files, 1, 0.7)
            said = f"there is no {own}/{name}.py yet"
            if near:
                said += f"; there is {own}/{near[0]}.py"
            return f"{said}, and {path} defines no {name!r}"
    defined = names_in(files.root / path)
    if name in defined:
        return circle(files, path, None)
    near = get_close_matches(name, defined, 1, 0.7)
    said = f"{path} defines no {name!r}"
    return f"{said}; it has {near[0]!r}" if near else said


def circle(files, one, other):
    """That two files import each other, where they do."""
    return (
        f"{one} is not through yet when the name is asked for: the files "
        f"import each other in a circle"
    )


@cache
def names_in(path):
    """The names that a file of Python defines at its top level."""
    try:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node.id)
        elif isinstance(node, ast.alias):
            found.append((node.asname or node.name).split(".")[0])
    return tuple(found)


def files_asked_for(path):
    """The names that a file imports by `from . import …`."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level and not node.module
        for alias in node.names
    }


def quoted(error):
    match = re.search(r"'([^']+)'", str(error))
    return match[1] if match else ""


def name_undefined(error, files, app):
    name = error.name or quoted(error)
    place = place_of(error, files)
    if below := place and defined_below(files.root / place.file, name, place):
        return below
    if name in imports():
        return f"it is not imported here: {imports()[name]}"
    known = [*dir(builtins), *imports()]
    if place:
        known += names_in(files.root / place.file)
    if name in known:
        return f"{name!r} has a value elsewhere in this file, and not here"
    near = get_close_matches(name, known, 1, 0.75)
    if near and near[0] in imports():
        return f"did you mean {near[0]}? ({imports()[near[0]]})"
    return (
        f"nothing here has that name; there is {near[0]!r}" if near else None
    )


def defined_below(path, name, place):
    """That a file gives a name further down than it uses it, or None."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = getattr(node, "targets", [getattr(node, "target", node)])
        for each in targets:
            given = getattr(each, "id", getattr(each, "name", ""))
            if given == name and node.lineno > place.line:
                said = f"{name} is made further down, in line {node.lineno}, "
                said += "and Python reads from the top"
                quotes = f'; in a Mapped[…] it stands in quotes: "{name}"'
                return said + (quotes if "Mapped[" in place.text else "")
    return None


@cache
def imports():
    """What import brings a name, as the course's own programs have it."""
    from ..chapters import Course

    found = {}
    for chapter in Course().chapters:
        for path in chapter.folder.rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom):
                    source = "." * node.level + (node.module or "")
                    for alias in node.names:
                        found[alias.name] = (
                            f"from {source} import {alias.name}"
                        )
                elif isinstance(node, ast.Import):
                    for alias in node.names:
                        found[alias.name] = f"import {alias.name}"
    return found


def attribute_missing(error, files, app):
    thing, name = getattr(error, "obj", None), error.name or ""
    kind = type(thing).__name__
    if gone := GONE.get(kind, {}).get(name):
        return f"{name} is {gone}"
    if thing is None:
        place = place_of(error, files)
        if place and f".{name}" not in place.text:
            return "None was handed on here, where something has to be"
        return place and "what stands before the dot is None"
    if isinstance(thing, type) and thing.__name__ == "SQLAlchemy":
        return "SQLAlchemy is the class and was not called: SQLAlchemy()"
    if name in ("is_active", "is_authenticated", "is_anonymous", "get_id"):
        if isinstance(thing, int | str | bool):
            return (
                f"Flask-Login was handed {thing!r} for a user, and needs the "
                "user: what the user loader returns, or login_user is given"
            )
        return (
            f"the class {kind} does not inherit from UserMixin, which brings "
            f"{name}"
        )
    if kind == "AnonymousUserMixin":
        return (
            f"nobody is logged in here, and nobody has no {name}; ask "
            "current_user.is_authenticated first"
        )
    if kind == "Flask" and name == "login_manager":
        return "login_manager.init_app(app) was not called for this app"
    if hasattr(thing, "data") and hasattr(thing, "validators"):
        return (
            f"that is the field {thing.name}, and what was typed is its .data"
        )
    if inspect.isroutine(thing):
        label = getattr(thing, "__name__", kind)
        return f"{label} is a function here and was not called: {label}()"
    near = get_close_matches(name, dir(thing), 1, 0.7)
    label = "class " + thing.__name__ if isinstance(thing, type) else kind
    if near:
        return f"{label} has no {name!r}; it has {near[0]!r}"
    return None


def template_missing(error, files, app):
    found = [
        p.relative_to(files.root).as_posix()
        for p in files.root.glob("*/**/templates/**/*.html")
    ]
    wanted = error.name or str(error)
    near = get_close_matches(
        wanted, [path.split("/templates/")[1] for path in found], 1, 0.6
    )
    said = f"there is no {wanted} in a folder `templates` of the program"
    if near == [wanted]:
        there = next(path for path in found if path.endswith(f"/{wanted}"))
        return f"{there} is there, and no blueprint has that template_folder"
    if near:
        return f"{said}; there is {near[0]}"
    return said + (f"; there are {', '.join(found)}" if found else "")


def endpoint_missing(error, files, app):
    if app is None:
        return None
    known = sorted(app.view_functions)
    wanted = error.endpoint
    tail = [e for e in known if e.split(".")[-1] == wanted.split(".")[-1]]
    near = tail or get_close_matches(wanted, known, 1, 0.6)
    if near and error.endpoint == near[0]:
        return None
    said = f"there is no endpoint {wanted!r}"
    name = wanted.rpartition(".")[0]
    if name not in app.blueprints and (made := blueprint_file(files, name)):
        said = f"the blueprint {name!r} is made in {made}, and not registered"
        return f"{said}: app.register_blueprint(…)"
    return (
        f"{said}; there is {near[0]!r}"
        if near
        else (f"{said}; there are {', '.join(known)}")
    )


def blueprint_file(files, name):
    """The file that makes a blueprint of that name, or None."""
    made = rf"Blueprint\(\s*[\"']{re.escape(name)}[\"']"
    for path in files.root.glob("*/**/*.py"):
        if re.search(made, path.read_text("utf-8", "replace")):
            return path.relative_to(files.root).as_posix()
    return None


def no_column(name, kind, app):
    """`name` is not among the columns of the class of that name."""
    db = getattr(app, "extensions", {}).get("sqlalchemy")
    mappers = db.Model.registry.mappers if db else ()
    for mapper in mappers:
        if mapper.class_.__name__ == kind:
            there = ", ".join(mapper.columns.keys())
            return f"the class {kind} has no column {name}; it has {there}"
    return f"the class {kind} has no column {name}"


def called_wrongly(error, files, app):
    text = str(error)[:LONGEST]
    if match := re.match(r"'(\w+)' is an invalid keyword argument", text):
        return no_column(match[1], text.rpartition(" ")[2], app)
    if match := re.match(r"(?:\w+\.)*(\w+)\(\) (?:missing|takes)", text):
        name = match[1]
        for path in files.root.glob("*/**/*.py"):
            if said := defined_wrongly(path, name, files):
                return said
    if match := re.search(
        r"validators\.(\w+)'> is not a valid validator", text
    ):
        return f"{match[1]} was not called: {match[1]}()"
    if text == "'bool' object is not callable":
        place = place_of(error, files)
        called = re.search(r"\bis_\w+(?=\(\))", place.text if place else "")
        name = called[0] if called else "is_authenticated"
        return f"{name} is a property: write it without ()"
    if "extra_validators" in text:
        return (
            "validate is called with extra_validators: "
            "def validate(self, extra_validators=None)"
        )
    if "offset-naive and offset-aware" in text:
        return (
            "SQLite gives a time back without its zone; make and compare "
            "times without one: datetime.now(UTC).replace(tzinfo=None)"
        )
    if "non-ASCII" in text:
        return "a cookie with letters beyond ASCII came through to Flask-Login"
    if "did not return a valid response" in text:
        return "the view has no `return` on the way that was taken"
    return None


def defined_wrongly(path, name, files):
    """That a method lacks self, or a class method its decorator."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return None
    for owner in (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)):
        for node in owner.body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                first = node.args.args[0].arg if node.args.args else ""
                marked = {ast.unparse(d) for d in node.decorator_list}
                where = f"{files.file_of(str(path))}, line {node.lineno}"
                if first == "cls" and "classmethod" not in marked:
                    return (
                        f"{where}: {name} takes cls, the class, and has no "
                        "@classmethod above it"
                    )
                if first not in ("self", "cls") and not marked:
                    return (
                        f"{where}: a method's first parameter is self, and "
                        f"{name} starts with {first or 'none'}"
                    )
    return None


def not_in_context(error, files, app):
    if "application context" in str(error):
        return "it is asked outside of `with app.app_context():`"
    if "not registered with this 'SQLAlchemy'" in str(error):
        return "db.init_app(app) was not called for this app"
    if "secret key" in str(error) or "SECRET_KEY" in str(error):
        return "app.config has no SECRET_KEY, and sessions are signed with it"
    return None


def in_database(error, files, app):
    text = str(error)[:LONGEST]
    if match := re.search(r"no such table: (\w+)", text):
        return f"the table {match[1]} was never made: db.create_all()"
    if match := re.search(r"UNIQUE constraint failed: ([\w.]+)", text):
        return (
            f"the database refused a second row with the same {match[1]}, "
            "and nobody caught the IntegrityError"
        )
    if match := re.search(r"NOT NULL constraint failed: ([\w.]+)", text):
        return f"{match[1]} was given no value, and may not stay empty"
    return None


def mapped_wrongly(error, files, app):
    if "primary key" in str(error):
        return "no column of the table has primary_key=True"
    return None


def old_hash(error, files, app):
    if match := re.search(r"Invalid hash method '(\w+)", str(error)):
        return (
            f"{match[1]} is gone since Werkzeug 3.0; without a method it is "
            "scrypt"
        )
    return None


def plain_exception(error, files, app):
    if "user_loader" not in str(error):
        return None
    for path in files.root.glob("*/**/*.py"):
        if re.search(r"(?m)^@\w+\.user_loader", path.read_text("utf-8")):
            return (
                "the LoginManager of this app knows no user loader; the one "
                f"in {files.file_of(str(path))} belongs to another"
            )
    return "no function has @login_manager.user_loader above it"


def name_unknown(error, files, app):
    """A name that nobody gave, or an extension's that is not tied yet."""
    name = quoted(error)
    if "is undefined" not in str(error):
        return None
    if name in TIED:
        return f"{name} is there once {TIED[name]}.init_app(app) was called"
    return f"nobody gave the template a `{name}`"


TIED = {"current_user": "login_manager", "csrf_token": "csrf"}


def key_missing(error, files, app):
    key = error.args[0] if error.args else ""
    return f"there is no {key!r} in it; .get({key!r}) would answer None"


EXPLAINED = [
    (SyntaxError, syntax),
    (ModuleNotFoundError, module_missing),
    (ImportError, name_missing_in_module),
    (NameError, name_undefined),
    (AttributeError, attribute_missing),
    ("TemplateNotFound", template_missing),
    ("BuildError", endpoint_missing),
    ("Exception", plain_exception),
    ("UndefinedError", name_unknown),
    ("BadRequestKeyError", key_missing),
    (TypeError, called_wrongly),
    (RuntimeError, not_in_context),
    ("ArgumentError", mapped_wrongly),
    (ValueError, old_hash),
    ("OperationalError", in_database),
    ("IntegrityError", in_database),
]
