"""Runs every measurement and sets it beside its promise."""

from . import checking, serving, writing

PROMISES = """\
finished          at most  3   s  `make check` on a finished chapter
first_step        at most  1   s  `make check` that fails at the first step
saved             at most  1   s  `check --watch`, from a save to its answer
building          at most  1   s  every state built from its pages
reusing           at most  0.1 s  the same again, nothing changed
first_answer      at most  1.3 x  the last chapter's start, by `flask run`
signed_in_pages   at least 1   x  signed-in pages a second, by a plain app's
logins            at least 0.9 x  logins a second, by bare password checks
exporting         at most  2   s  make history
amending          at most  5   s  make amend 1.1, tests aside
"""


def report():
    """Print a line a measurement; return 1 if a promise was not kept."""
    found = vars(checking) | vars(serving) | vars(writing)
    kept = [line(found, *row.split(None, 5)) for row in PROMISES.splitlines()]
    return 0 if all(kept) else 1


def line(found, name, at, relation, bound, unit, what):
    value = found[name]()
    good = (value <= float(bound)) == (relation == "most")
    said = f"({at} {relation} {bound}{unit})"
    mark = "kept  " if good else "BROKEN"
    print(f"{mark}  {value:6.2f}{unit}  {said}  {what}", flush=True)
    return good
