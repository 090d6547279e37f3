"""Runs every measurement and sets it beside its promise."""

from . import checking, history, serving, starting

MEASUREMENTS = [
    checking.finished,
    checking.first_step,
    checking.saved,
    starting.building,
    starting.reusing,
    starting.first_answer,
    serving.signed_in_pages,
    serving.logins,
    history.exporting,
    history.amending,
]


def report():
    """Print a line a measurement; return 1 if a promise was not kept."""
    kept = [line(*measure()) for measure in MEASUREMENTS]
    return 0 if all(kept) else 1


def line(what, value, relation, bound, unit):
    good = value <= bound if relation == "at most" else value >= bound
    mark = "kept  " if good else "BROKEN"
    print(
        f"{mark}  {value:6.2f}{unit}  ({relation} {bound}{unit})  {what}",
        flush=True,
    )
    return good
