"""Why one endpoint has two functions: Flask's own words do not say."""

import ast
import re

TAKEN = re.compile(r"existing endpoint function: (?:\w+\.)*(\w+)$")


def taken_twice(error, files):
    """(cause, Place) where an error is about an endpoint, else None."""
    found = TAKEN.search(str(error))
    for path in files.root.glob("*/**/*.py") if found else ():
        views = functions(path, found[1])
        for said, line in causes(views, found[1]):
            return said, files.at(str(path), line)
    return None


def functions(path, name):
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except (OSError, SyntaxError, ValueError):
        return []
    every = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    return [each for each in every if each.name == name]


def causes(views, name):
    if len(views) > 1:
        yield f"two functions are called {name}", views[-1].lineno
    for view in views:
        routes = [is_route(each) for each in view.decorator_list]
        for at, decorator in enumerate(view.decorator_list):
            between = True in routes[:at] and True in routes[at + 1 :]
            if between and not routes[at]:
                yield (
                    "this stands between two routes, which take what is "
                    "below them: two functions; put it below both",
                    decorator.lineno,
                )


def is_route(decorator):
    called = getattr(decorator, "func", None)
    return getattr(called, "attr", "") in ("route", "get", "post")
