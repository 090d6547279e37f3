"""The whole files around a change, and what in them a line stands in."""

import ast
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from ..book.diffs import read_diff
from ..book.marking import highlighted
from ..git import GitError, git
from ..states import States

NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
CLOSES = re.compile(r"\s*([)\]}]|</|\{%-?\s*(end|el))")


class Around(NamedTuple):
    """What a block changes, and the texts of its files by path."""

    changes: list
    before: dict
    after: dict


def around_blocks(course, step, page):
    """What is Around each block of a step's page."""
    states = States(course)
    with tempfile.TemporaryDirectory() as scratch:
        kept = {"folder": states.repository, "index": Path(scratch) / "index"}
        git("read-tree", states.trees[course.before(step.state)], **kept)
        found, now = [], {}
        for block in page.blocks:
            changes = read_diff(block.diff)
            for path in map(path_before, changes):
                now[path] = now.get(path) or text_of(path, kept)
            before = {c.path: now[path_before(c)] for c in changes}
            git("apply", "--cached", stdin=block.diff.encode(), **kept)
            after = {c.path: text_of(c.path, kept) for c in changes}
            now |= after
            found.append(Around(changes, before, after))
        return found


def path_before(change):
    """The path that a file had before it may have been moved."""
    moved = re.match(r"moved from (.+?)(?:, |$)", change.what)
    return moved[1] if moved else change.path


def text_of(path, kept):
    """The text of a file as the index has it; "" where it has none."""
    try:
        return git("show", f":{path}", **kept)
    except GitError:
        return ""


def place_of(path, text, number):
    """The functions and classes that a line stands in, from the outermost.

    In a file that is not Python it is the line above that is further out.
    """
    if path.endswith(".py"):
        try:
            return names_around(ast.parse(text), number)
        except SyntaxError:
            pass
    return line_around(text.splitlines(), number)


def names_around(tree, number):
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, NAMED) and node.lineno < number <= node.end_lineno
    ]
    around.sort(key=lambda node: node.lineno)
    return ", ".join(f"{kind_of(node)} {node.name}" for node in around)


def kind_of(node):
    return "class" if isinstance(node, ast.ClassDef) else "def"


def line_around(lines, number):
    indent = indent_of(lines[number - 1])
    for line in reversed(lines[: number - 1]):
        if line.strip() and indent_of(line) < indent:
            if not CLOSES.match(line):
                return line.strip()
            indent = indent_of(line)
    return ""


def indent_of(line):
    return len(line) - len(line.lstrip())


def lines_of(path, text):
    """The lines of a file as highlighted HTML."""
    form = '<span class="{}">{}</span>'
    return [
        Markup("".join(form.format(k, escape(t)) for k, t in line))
        for line in highlighted(text.rstrip("\n"), path)
    ]
