"""Runs every measurement and sets it beside its promise."""

from . import desk, searching, serving, waiting

PROMISES = [
    (waiting.finished, "most", 3, "s", "`make check` on a finished chapter"),
    (waiting.first_step, "most", 1, "s", "… that fails at the first step"),
    (waiting.saved, "most", 1, "s", "`WATCH=1`, from a save to its answer"),
    (desk.missing_still, "most", 1, "s", "the desk, to what is missing still"),
    (desk.missing_no_longer, "most", 1, "s", "… to the word that nothing is"),
    (waiting.building, "most", 1, "s", "every state built from its pages"),
    (waiting.reusing, "most", 0.1, "s", "the same again, nothing changed"),
    (serving.first_answer, "most", 1.3, "x", "a start, by `flask run`"),
    (
        serving.signed_in_pages,
        "least",
        1,
        "x",
        "pages, by those of a plain app",
    ),
    (serving.logins, "least", 0.9, "x", "logins, by bare password checks"),
    (
        searching.by_index,
        "least",
        50,
        "x",
        "an address of 100,000, by its index",
    ),
    (
        serving.pages_with_rows,
        "least",
        0.7,
        "x",
        "pages with a row for each login, by those of chapter 3",
    ),
    (
        serving.logins_with_rows,
        "least",
        0.75,
        "x",
        "logins with a row, by bare password checks",
    ),
    (waiting.a_class, "most", 60, "s", "`make class`, thirty finished"),
    (waiting.exporting, "most", 2, "s", "make history"),
    (waiting.amending, "most", 5, "s", "make amend 1.1, tests aside"),
]


def report():
    """Print a line a measurement; return 1 if a promise was not kept."""
    kept = [line(*promise) for promise in PROMISES]
    return 0 if all(kept) else 1


def line(measure, relation, bound, unit, what):
    value = measure()
    good = value <= bound if relation == "most" else value >= bound
    mark = "kept  " if good else "BROKEN"
    said = f"(at {relation} {bound}{unit})"
    print(f"{mark}  {value:6.2f}{unit}  {said}  {what}", flush=True)
    return good
