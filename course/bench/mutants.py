"""Deletes each piece of a finished program, and asks whether it is noticed.

`python -m course.bench.mutants [CHAPTER]` checks the end of each chapter once
for every statement, decorator, argument, default and element of its modules,
and every line of its templates and requirements. What goes unnoticed has to
stand in the chapter's `survivors.txt`, as `file: code  # reason`, and what
stands there has to survive.
"""

import ast
import sys
from collections import Counter
from contextlib import suppress

from course.chapters import Course
from course.check.examination import check, runner_for
from course.student.workspaces import Workspace

from .courses import copied

LIMIT = 20  # seconds for one test: some mutants never end
LINES = (".html", ".txt")  # what is deleted line by line
LONGEST = 60  # characters of what was deleted
BLOCKS = ("body", "orelse", "finalbody", "handlers")
PIECES = ("decorator_list", "bases", "args", "keywords", "elts", "values")
FIELDS = (*BLOCKS, *PIECES, "ifs", "defaults")


def main(number=None):
    """Print what survives; return 1 where that is not what is listed."""
    course = Course()
    chapters = [course.chapter(int(number))] if number else course.chapters
    return max([told(course, chapter) for chapter in chapters])


def told(course, chapter):
    listed, counts = reasons(course, chapter), Counter()
    for kind, name, noticed in verdicts(course, chapter):
        counts.update({(kind, "made"): 1, (kind, "noticed"): noticed})
        if not noticed:
            counts["not listed"] += name not in listed
            print(listed.pop(name, "SURVIVED"), name, sep="  ", flush=True)
    for name in listed:
        print("LISTED, AND NO SURVIVOR", name, sep="  ")
    for kind in sorted({key[0] for key in counts if key != "not listed"}):
        seen, made = counts[kind, "noticed"], counts[kind, "made"]
        print(f"{chapter.name} {kind}: {seen} of {made} noticed")
    print(f"{chapter.name}: {counts['not listed']} survive and are not listed")
    return int(counts["not listed"] > 0 or len(listed) > 0)


def reasons(course, chapter):
    """Why a mutant may survive, by `file: code`."""
    tests = course.root / "tests" / "chapters" / chapter.folder.name
    path = tests / "survivors.txt"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    rows = (line.rpartition("  # ") for line in lines if line)
    return {name: reason for name, _, reason in rows}


def verdicts(course, chapter):
    """Yield of each mutant: its kind, `file: code`, and if it was noticed.

    The first failure is enough: from the course's first state on, no test
    is run after it.
    """
    with copied(chapter, chapter.last) as copy:
        folder = copy.root / "work" / chapter.folder.name
        own = Workspace(course, chapter, folder)
        with runner_for(own) as runner:
            how = {"most": 1, "limit": LIMIT, "first": (1, 1)}
            for path, name, mutant in mutants(own):
                text = path.read_text("utf-8")
                path.write_text(mutant, "utf-8")
                found = check(own, runner=runner, **how)
                path.write_text(text, "utf-8")
                yield path.suffix, name, bool(found.here)


def mutants(own):
    """Yield of each piece: its file, `file: code`, the text without it.

    What is there more than once is counted: `file: code (2)`.
    """
    known = Counter()
    for path in own.files():
        file = path.relative_to(own.folder).as_posix()
        for code, mutant in mutants_of(path.suffix, path.read_text("utf-8")):
            name = f"{file}: {code}"
            known[name] += 1
            again = f" ({known[name]})" if known[name] > 1 else ""
            yield path, name + again, mutant


def mutants_of(kind, text):
    """Yield what is deleted, and the text without it."""
    if kind == ".py":
        yield from without_nodes(text)
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines if kind in LINES else []):
        if line.strip():
            rest = lines[:number] + lines[number + 1 :]
            yield line.strip(), "".join(rest)


def without_nodes(text):
    """The same for Python, if the rest is Python and differs."""
    tree = ast.parse(text)
    known = {ast.unparse(tree)}
    for node, field, index, scope in list(places_in(tree)):
        names = ["values", "keys"] if isinstance(node, ast.Dict) else [field]
        whole = {name: getattr(node, name) for name in names}
        for name, pieces in whole.items():
            setattr(node, name, pieces[:index] + pieces[index + 1 :])
        if field == "body":
            node.body = node.body or [ast.Pass()]
        mutant = ast.unparse(tree)
        vars(node).update(whole)
        if mutant not in known:
            known.add(mutant)
            code = ast.unparse(whole[names[-1]][index])
            with suppress(SyntaxError):
                compile(mutant, "mutant", "exec")
                yield " ".join(code.split())[:LONGEST] + scope, mutant


def places_in(node, scope=""):
    """Yield where something can be deleted: node, field, index, scope."""
    target = getattr(node, "targets", [getattr(node, "target", None)])[0]
    name = getattr(node, "name", getattr(target, "id", None))
    if isinstance(name, str):
        scope = f"{scope}.{name}" if scope else f" in {name}"
    for field, value in ast.iter_fields(node):
        listed = isinstance(value, list)
        for index, child in enumerate(value if listed else [value]):
            if listed and field in FIELDS and not is_text(node, child):
                yield node, field, index, scope
            if isinstance(child, ast.AST):
                yield from places_in(child, scope)


def is_text(node, child):
    """Whether a node says something to people: a docstring, an f-string."""
    value = isinstance(child, ast.Expr) and child.value
    return isinstance(value, ast.Constant) or isinstance(node, ast.JoinedStr)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
