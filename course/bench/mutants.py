"""Deletes each piece of a finished program, and asks who notices.

`python -m course.bench.mutants [CHAPTER]` checks the end of a chapter, or of
each, once for every statement, decorator, argument, default and element of
its modules, and for every line of its templates and requirements. What the
check does not notice has to stand in the chapter's `survivors.txt`, as
`file: code  # reason`.
"""

import ast
import shutil
import sys
import tempfile
from pathlib import Path

from course.chapters import Course
from course.check.examination import check, runner_for
from course.states import States
from course.student.workspaces import Workspace

LIMIT = 5  # seconds for one test: some mutants never end
BLOCKS = ("body", "orelse", "finalbody", "handlers")
PIECES = ("decorator_list", "bases", "args", "keywords", "elts", "values")
FIELDS = (*BLOCKS, *PIECES, "ifs", "defaults")


def main(number=None):
    """Print what survives; return 1 if something does that is not listed."""
    course = Course()
    chapters = [course.chapter(int(number))] if number else course.chapters
    return max([survivors_of(course, chapter) for chapter in chapters])


def survivors_of(course, chapter):
    listed, made, kept, bad = reasons(course, chapter), {}, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder)
        left = shutil.ignore_patterns("instance", "__pycache__")
        source = States(course).folder(chapter.last)
        shutil.copytree(source, program, ignore=left, dirs_exist_ok=True)
        workspace = Workspace(course, chapter, program)
        with runner_for(workspace) as runner:
            for path, code, text in mutants_of(program):
                counts = made.setdefault(path.suffix, [0, 0])
                counts[0] += 1
                if noticed(workspace, path, text, runner):
                    counts[1] += 1
                    continue
                name = f"{path.relative_to(program).as_posix()}: {code}"
                kept += name in listed
                bad += name not in listed
                print(listed.get(name, "SURVIVED"), name, sep="  ", flush=True)
    for suffix, (total, seen) in made.items():
        print(f"{chapter.name} {suffix}: {seen} of {total} noticed")
    print(f"{chapter.name}: {kept} survive on purpose, {bad} do not")
    return int(bad > 0)


def reasons(course, chapter):
    """Why a mutant may survive, by `file: code`."""
    tests = course.root / "tests" / "chapters" / chapter.folder.name
    path = tests / "survivors.txt"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    rows = (line.rpartition("  # ") for line in lines if line)
    return {name: reason for name, _, reason in rows}


def noticed(workspace, path, text, runner):
    right = path.read_text("utf-8")
    path.write_text(text, "utf-8")
    outcome = check(workspace, most=1, limit=LIMIT, runner=runner)
    path.write_text(right, "utf-8")
    return outcome.here is not None


def mutants_of(program):
    """Yield (path, what is deleted, the text without it)."""
    for path in sorted(program.rglob("*")):
        mutants = {".py": without_nodes, ".html": without_lines}
        mutants[".txt"] = without_lines
        if path.suffix in mutants:
            text = path.read_text("utf-8")
            for code, mutant in mutants[path.suffix](text):
                yield path, code, mutant


def without_lines(text):
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip():
            yield line.strip(), "".join(lines[:number] + lines[number + 1 :])


def without_nodes(text):
    """Each module without one node, if that is Python and differs."""
    tree = ast.parse(text)
    known = {ast.unparse(tree)}
    for node, field, index, scope in list(places_in(tree)):
        pieces = [getattr(node, field)]
        pieces += [node.keys] if isinstance(node, ast.Dict) else []
        whole = [list(piece) for piece in pieces]
        gone = [piece.pop(index) for piece in pieces][-1]
        if field == "body" and not node.body:
            node.body.append(ast.Pass())
        mutant = ast.unparse(tree)
        for piece, all_of_it in zip(pieces, whole, strict=True):
            piece[:] = all_of_it
        if mutant not in known and compiles(mutant):
            known.add(mutant)
            code = " ".join(ast.unparse(gone).split())[:60]
            yield f"{code} in {scope}" if scope else code, mutant


def places_in(node, scope=""):
    """Yield where something can be deleted: node, field, index, scope."""
    name = getattr(node, "name", None) or target_of(node)
    scope = ".".join(filter(None, (scope, name)))
    for field, value in ast.iter_fields(node):
        values = value if isinstance(value, list) else [value]
        for index, child in enumerate(values):
            if isinstance(value, list) and goes(node, field, child):
                yield node, field, index, scope
            if isinstance(child, ast.AST):
                yield from places_in(child, scope)


def goes(node, field, child):
    documents = isinstance(child, ast.Expr) and isinstance(
        child.value, ast.Constant
    )
    text = isinstance(node, ast.JoinedStr)
    return field in FIELDS and not text and not documents


def target_of(node):
    target = getattr(node, "targets", [getattr(node, "target", None)])[0]
    return target.id if isinstance(target, ast.Name) else None


def compiles(text):
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
