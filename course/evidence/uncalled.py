"""Functions that are read and not called, where no function is ever meant."""

import ast

from jinja2 import Environment, TemplateError, nodes

from .answers import tree_of

ORDERED = ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq | ast.NotEq
ANY = ("any", "all", "bool")
CHOICES = ast.If | ast.IfExp | ast.While


def uncalled(facts):
    """(fact, Place) of each function asked for its truth or its size."""
    plain = functions(facts)
    for path, line, name in reads(facts):
        if name not in plain:
            continue
        used = facts.places.at(str(path), line)
        said = f"{name} is a function, and {used} reads it without calling it"
        if not plain[name][1] or facts.line_with(rf"\.{name}\("):
            yield f"{said}: () is missing", used
        else:
            yield f"{said}: @property is missing above it", plain[name][0]


def without_use(facts):
    """(fact, Place) of each line that works something out for nothing."""
    for path in facts.files("**/*.py"):
        for node in ast.walk(tree_of(str(path))):
            if isinstance(node, ast.Expr):
                place = facts.places.at(str(path), node.lineno)
                if isinstance(node.value, USELESS):
                    yield "this line does nothing with what it says", place
                elif ast.unparse(node.value).partition("(")[0][-5:] == "Error":
                    yield "this error is made and not raised", place


USELESS = ast.BinOp | ast.Compare | ast.Subscript | ast.Attribute | ast.Name


def functions(facts):
    """The functions without a decorator: (Place, if it takes self alone)."""
    found, others = {}, set()
    for path in facts.files("**/*.py"):
        for node in ast.walk(tree_of(str(path))):
            if isinstance(getattr(node, "ctx", None), ast.Store):
                others.add(getattr(node, "attr", getattr(node, "id", "")))
            for each in ast.iter_child_nodes(node):
                if isinstance(each, ast.arg):
                    others.add(each.arg)
                if isinstance(each, ast.FunctionDef):
                    takes = [x.arg for x in each.args.args]
                    alone = isinstance(node, ast.ClassDef) and takes == [
                        "self"
                    ]
                    place = facts.places.at(str(path), each.lineno)
                    found[each.name] = place, alone
                    if each.decorator_list:
                        others.add(each.name)
    return {name: at for name, at in found.items() if name not in others}


def reads(facts):
    """(path, line, name) of each part that is asked whether it is true."""
    for path in facts.files("**/*.py"):
        for node in ast.walk(tree_of(str(path))):
            for each in judged(node):
                if name := getattr(each, "attr", getattr(each, "id", "")):
                    yield path, each.lineno, name
    for path in facts.files("**/templates/**/*.html"):
        try:
            tree = Environment().parse(path.read_text("utf-8", "replace"))
        except TemplateError:
            continue
        for node in tree.find_all((nodes.If, nodes.Not, nodes.Getattr)):
            asked = getattr(node, "test", getattr(node, "node", None))
            if isinstance(asked, nodes.Getattr):
                yield path, asked.lineno, asked.attr


def judged(node):
    """The parts of a Python expression that have to be plain values."""
    if isinstance(node, CHOICES):
        yield from conditions(node.test)
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield from conditions(test)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from conditions(node.operand)
    elif isinstance(node, ast.Compare):
        if all(isinstance(each, ORDERED) for each in node.ops):
            yield from (node.left, *node.comparators)
    elif isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ANY:
        for each in node.args:
            yield from conditions(getattr(each, "elt", each))


def conditions(test):
    """The parts that a condition is made of."""
    if isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from conditions(value)
    else:
        yield test
