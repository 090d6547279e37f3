"""Comparisons of what is never equal."""

import ast

from jinja2 import nodes

from .answers import tree_of

SENT = ("request.form", "request.args", "request.values")


def never_equal(facts):
    """(fact, Place) of each comparison of two things of different kinds."""
    mappers = mappers_of(facts.app)
    yield from in_python(facts, numbers(mappers))
    kinds = tuple(each.class_ for each in mappers)
    for visit in facts.visits:
        if visit.last("page") and kinds:
            yield from in_templates(facts, visit, kinds)


def mappers_of(app):
    db = app and app.extensions.get("sqlalchemy")
    return list(db.Model.registry.mappers) if db else []


def numbers(mappers):
    """The names of columns that hold whole numbers, in whichever table."""
    found, others = set(), set()
    for mapper in mappers:
        for name, column in mapper.columns.items():
            is_number = column.type._type_affinity.__name__ == "Integer"
            (found if is_number else others).add(name)
    return found - others


def in_python(facts, columns):
    for path in facts.files("**/*.py"):
        for function in ast.walk(tree_of(str(path))):
            if isinstance(function, ast.FunctionDef):
                for text, number in compared(function, columns):
                    said = f"{text} is a text, as all that is sent is, and "
                    said += f"{ast.unparse(number)} is a number: they are "
                    said += "never equal"
                    yield said, facts.places.at(str(path), number.lineno)


def compared(function, columns):
    """(name, tree) of each number that a function compares with a text."""
    sent = set(texts(function))
    for node in ast.walk(function):
        name = getattr(getattr(node, "left", None), "id", None)
        if isinstance(node, ast.Compare) and name in sent:
            right = node.comparators[0]
            for each in [right, *getattr(right, "elts", ())]:
                if is_value(each) and each.attr in columns:
                    yield name, each


def is_value(node):
    """Whether a tree is a part of a thing, such as a row, and of no class."""
    is_part = isinstance(node, ast.Attribute)
    return is_part and not ast.unparse(node)[0].isupper()


def texts(function):
    """The names that a function gives to a text that was sent."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            call = ast.unparse(node.value.func)
            typed = any(each.arg == "type" for each in node.value.keywords)
            if call in [f"{each}.get" for each in SENT] and not typed:
                yield from (getattr(t, "id", None) for t in node.targets)


def in_templates(facts, visit, kinds):
    for path, tree in facts.templates(visit).items():
        names = dict(visit.last("page").context)
        names["current_user"] = visit.answer.user if visit.answer else None
        for loop in tree.find_all(nodes.For):
            values = value_of(loop.iter, names)
            if isinstance(values, list) and values:
                names[getattr(loop.target, "name", None)] = values[0]
        for node in tree.find_all(nodes.Compare):
            pair = [node.expr, node.ops[0].expr]
            of = [type(value_of(each, names)) for each in pair]
            is_eq = node.ops[0].op in ("eq", "ne")
            if is_eq and of[0] is not of[1] and all(k in kinds for k in of):
                said = f"a {of[0].__name__} is compared with a "
                said += f"{of[1].__name__}: they are never equal"
                yield said, facts.places.at(path, node.lineno)


def value_of(node, names):
    """What a name, or a part of one, stood for in a template; None if odd."""
    if isinstance(node, nodes.Name):
        return names.get(node.name)
    if isinstance(node, nodes.Getattr):
        return vars_of(value_of(node.node, names)).get(node.attr)
    return None


def vars_of(thing):
    return getattr(thing, "__dict__", {})
