"""Exercise: without a token."""

import ast
import importlib.util
from pathlib import Path

import pytest

from tests.chapters.expectation import expect

FORMS = ["/login", "/register", "/logout"]


@pytest.mark.exercise("without-a-token")
def test_anybody_gets_a_pong_without_a_token(visitor):
    answer = visitor.send("/ping", "POST")
    said = " ".join(answer.get_data(as_text=True).split())
    expect(
        answer.status_code == 200 and said == "pong",
        "Sent POST /ping, without a token.",
        f"status {answer.status_code}, “{said[:60]}”",
        "status 200, “pong”",
    )


@pytest.mark.exercise("without-a-token", holds=True)
@pytest.mark.parametrize("path", FORMS)
def test_every_form_still_needs_its_token(visitor, path):
    answer = visitor.send(path, "POST", {"username": "susan"})
    expect(
        answer.status_code == 400,
        f"Sent POST {path}, without a token.",
        f"status {answer.status_code}",
        "status 400: only /ping can do without",
    )


@pytest.mark.exercise("without-a-token", holds=True)
def test_no_import_closes_a_circle_or_hides_in_a_function(site):
    folder = Path(site.package.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        for node, hidden in imports_in(ast.parse(path.read_text("utf-8"))):
            source = source_of(node, parts)
            if source is None:
                continue
            root = source == "microblog" and parts != ("__init__",)
            closes = root and any(not is_module(n, folder) for n in node.names)
            expect(
                not hidden and not closes,
                "Read what the modules of microblog import of each other.",
                f"line {node.lineno} of microblog/{'/'.join(parts)}.py: "
                f"{ast.unparse(node)}",
                "at the top, and from a module that imports nothing back",
            )


def imports_in(tree):
    """Yield each `from … import`, and whether it is in a function."""
    within = {
        id(node)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef)
        for node in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node, id(node) in within


def source_of(node, parts):
    """The module of microblog that something is imported from, or None."""
    package = ".".join(("microblog", *parts[:-1]))
    name = "." * node.level + (node.module or "")
    name = importlib.util.resolve_name(name, package)
    return name if f"{name}.".startswith("microblog.") else None


def is_module(name, folder):
    return any((folder / f"{name.name}{end}").exists() for end in ("", ".py"))
