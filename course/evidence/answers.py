"""What functions of a program answered, and what became of the answer."""

import ast
from functools import cache
from pathlib import Path

from werkzeug.wrappers import Response

CONTROL = ast.Return | ast.Raise | ast.With | ast.Try
LAZY = ast.Yield | ast.YieldFrom | ast.Await


@cache
def tree_of(file):
    """The tree of a file of Python; an empty one where it has none."""
    try:
        return ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return ast.Module([], [])


def function_of(code):
    """The tree of the function that a code object is of, or None."""
    for node in ast.walk(tree_of(code.co_filename)):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            marks = [each.lineno for each in node.decorator_list]
            if min([node.lineno, *marks]) == code.co_firstlineno:
                return node
    return None


def over(nodes, line):
    """The innermost of some nodes that stands over a line, or None."""
    found = [n for n in nodes if n.lineno <= line <= n.end_lineno]
    return max(found, key=lambda node: node.lineno, default=None)


def answers_something(node):
    value = getattr(node, "value", None)
    is_none = isinstance(value, ast.Constant) and value.value is None
    return isinstance(node, ast.Return) and bool(value) and not is_none


def is_call_of(node, call):
    """Whether a tree is the call of a function in the line of a call."""
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    on = node.lineno <= call.place.line <= node.end_lineno
    return on and name == call.name


class Answers:
    """Calls on record, and the lines that they ended at."""

    record = places = within = None

    def left(self, call):
        """The line at which a call ended."""
        return self.places.at(call.code.co_filename, call.line)

    def fell_through(self, call):
        """Whether a call came to its function's end without a `return`."""
        node = function_of(call.code)
        if node is None or call.answer is not None or call.error is not None:
            return False
        every = list(ast.walk(node))
        if any(isinstance(each, LAZY) for each in every):
            return False
        ways = [n for n in every if isinstance(n, CONTROL)]
        return over(ways, call.line) is None

    def calls_in(self, call):
        """The calls of the program's own functions within another."""
        return self.within(call).of("call")

    def why_none(self, call):
        """(fact, Place): where a call that answered None made up its mind."""
        name, place = call.code.co_name, self.left(call)
        if self.fell_through(call):
            said = f"{name} ends here without a `return`, and answers None"
            return said, place
        inner = [each for each in self.calls_in(call) if each.place]
        nones = [e for e in inner if e.answer is None and e.place == place]
        if nones:
            return self.why_none(nones[-1])
        said = f"{name} answered None at `{place.text}`"
        asked = self.asked_before(call)
        if asked is None:
            return said, place
        said += f", below `if {ast.unparse(asked.test)}`"
        lines = range(asked.lineno, asked.test.end_lineno + 1)
        told = [e for e in inner if e.place.line in lines and e.answer]
        if told:
            last = told[-1]
            every = [
                f"{e.name} answered {e.answer}"
                for e in [last, *self.calls_in(last)]
            ]
            said = f"{said}: {', '.join(every)}"
            place = place if self.ever_answered(call) else self.left(last)
        return said, place

    def ever_answered(self, call):
        """Whether the function of a call answered something once."""
        same = [e for e in self.record.of(call.kind) if e.code is call.code]
        return any(each.answer is not None for each in same)

    def asked_before(self, call):
        """The innermost `if` around the line at which a call ended."""
        node = function_of(call.code)
        ifs = [n for n in ast.walk(node) if isinstance(n, ast.If)]
        return over(ifs, call.line)

    def around(self, event):
        """The call of a function of the program's that an event is in."""
        at = self.record.index(event)
        for each in self.record[at:]:
            if each.kind == "call" and each.began <= at and each is not event:
                return each
        return None

    def thrown_away(self):
        """(fact, Place) of each answer that a line did not use, and had to."""
        for call in self.record.of("call", "check form"):
            name = call.values["name"]
            if call.place is None or not self.is_statement(call.place, name):
                continue
            if isinstance(call.answer, Response):
                said = f"{name}() answers what the browser is to be sent, and "
                yield f"{said}this line does not return it", call.place
            elif call.kind == "check form" and call.answer is False:
                said = "super().validate answered False, and this line does "
                yield f"{said}nothing with the answer", call.place

    def never_answered(self):
        """(fact, Place) of each call that ended with no answer, and had to."""
        for call in self.record.of("call"):
            if call.place and self.fell_through(call) and self.is_used(call):
                node = function_of(call.code)
                if not any(map(answers_something, ast.walk(node))):
                    said = f"{call.name} ends here without a `return`, and "
                    said += f"its answer is needed in {call.place}"
                    yield said, self.left(call)

    def is_used(self, call):
        """Whether the line of a call does something with its answer."""
        tree = tree_of(str(self.places.root / call.place.file))
        for node in ast.walk(tree):
            alone = isinstance(node, ast.Expr | ast.Return)
            if alone and is_call_of(node.value, call):
                return False
        return any(is_call_of(node, call) for node in ast.walk(tree))

    def is_statement(self, place, name):
        """Whether a line calls a function, and does nothing with it."""
        for node in ast.walk(tree_of(str(self.places.root / place.file))):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                on = node.lineno <= place.line <= node.end_lineno
                function = node.value.func
                called = getattr(function, "attr", getattr(function, "id", ""))
                of = ast.unparse(function)
                if on and called == name and name != "validate":
                    return True
                if on and of == "super().validate":
                    return True
        return False
