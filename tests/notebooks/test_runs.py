"""Each notebook, run once: as it is kept, and with claims made false.

After a cell has run as it stands, it runs once more with something in front
that makes its claim false, on a copy of the notebook's names, so that
nothing of it stays.
"""

import json
from types import SimpleNamespace

import nbformat
import psutil
import pytest
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from course.chapters import ROOT
from course.explore.notebooks import client_of, tidy

from .conftest import FOLDER, NOTEBOOKS, code_cells, read, sections
from .falsehoods import ANSWERS, FALSE
from .masks import masked

RED = "AssertionError"


class Reader:
    """Runs the cells of a notebook, and variants of them, in one kernel."""

    def __init__(self, notebook, client):
        self.notebook = notebook
        self.client = client

    def run(self, cell):
        at = self.notebook.cells.index(cell)
        return self.client.execute_cell(cell, at)

    def run_variant(self, source):
        """What a variant prints, or the error that it ends in."""
        code = f"exec({source!r}, dict(globals()))"
        cells = self.notebook.cells
        cells.append(nbformat.v4.new_code_cell(code))
        try:
            cell = self.client.execute_cell(
                cells[-1], len(cells) - 1, store_history=False
            )
        except CellExecutionError as error:
            return error
        finally:
            cells.pop()
        return "".join(o.text for o in cell.outputs if "text" in o)


@pytest.fixture(scope="module")
def reading(notebook, environment):
    """A notebook as it runs today, and what its variants came to.

    A kernel whose last word got lost on the way is started anew, once.
    """
    files_before, children = files(), psutil.Process().children()
    used = processor_seconds()
    try:
        today, variants = run_all(notebook, environment)
    except CellTimeoutError:
        used = processor_seconds()
        today, variants = run_all(notebook, environment)
    return SimpleNamespace(
        today=tidy(today),
        variants=variants,
        used=processor_seconds() - used,
        left=files() - files_before,
        kernels=set(psutil.Process().children()) - set(children),
    )


def run_all(notebook, environment):
    """The notebook as it ran, and what came of variants and has to."""
    today = read(notebook)
    client = client_of(today, FOLDER, limit=150)
    with client.setup_kernel(env=environment):
        return today, run_variants(Reader(today, client), notebook)


def run_variants(reader, notebook):
    """Run each cell, then its variants; what came of these, and has to."""
    false, answers = falsehoods(notebook), iter(ANSWERS[notebook])
    came = []
    for cell in code_cells(reader.notebook):
        reader.run(cell)
        for what, source, expected in variants_of(cell, false, answers):
            came.append((what, reader.run_variant(source), expected))
    assert not false
    assert not list(answers), "more answers than exercises"
    return came


def variants_of(cell, false, answers):
    if falsehood := false.pop(cell.id, None):
        yield f"{cell.id} with {falsehood}", f"{falsehood}\n{cell.source}", RED
    if "\ncheck(" in cell.source:
        right, wrong = next(answers)
        for answer, expected in ((right, "Right.\n"), (wrong, RED)):
            source = cell.source.replace("...", answer, 1)
            yield f"{cell.id} with {answer}", source, expected


def falsehoods(notebook):
    """What makes a cell's claim false, by the cell's id."""
    found = {}
    for section, claim, falsehood in FALSE[notebook]:
        title, cells = next(
            (title, cells)
            for title, cells in sections(read(notebook)).items()
            if title.startswith(section)
        )
        ids = [cell.id for cell in cells if claim in cell.source]
        assert len(ids) == 1, f"{title}: {claim!r} is in {len(ids)} cells"
        found[ids[0]] = falsehood
    return found


def difference(one, other):
    """The cells of which two notebooks show other outputs, with both."""
    pairs = zip(code_cells(one), code_cells(other), strict=True)
    return "\n\n".join(
        f"{cell.id} is kept with\n{text_of(cell)}\n"
        f"and today gives\n{text_of(new)}"
        for cell, new in pairs
        if cell.outputs != new.outputs
    )


def text_of(cell):
    return "\n".join(
        output.get("text") or json.dumps(output.get("data", output), indent=1)
        for output in cell.outputs
    )


def processor_seconds():
    """What this process's children, the kernels, have used so far."""
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system


def files():
    folders = [ROOT / name for name in ("notebooks", "chapters", "course")]
    found = (path for folder in folders for path in folder.rglob("*"))
    return {path for path in found if "__pycache__" not in path.parts}


def test_it_runs_quietly_and_shows_what_is_kept(notebook, reading, home):
    """In a fresh kernel, within 30 seconds, and leaves nothing behind.

    The seconds are the processor's: what else the machine has to do while
    the tests run does not count.
    """
    used, today = reading.used, reading.today
    assert used <= 30, f"{notebook} took {used:.0f} s of processor time"
    shown = [o for cell in code_cells(today) for o in cell.outputs]
    said = [o.text for o in shown if o.get("name") == "stderr"]
    assert not said, f"{notebook} shows a warning: {said}"
    differs = difference(masked(tidy(read(notebook))), masked(today))
    assert not differs, (
        f"{notebook} shows other outputs than it gives today.\n{differs}\n"
        "Look at them, then: make notebooks"
    )
    assert not reading.left, f"{notebook} left {reading.left}"
    assert not reading.kernels, "a kernel is left"
    assert not list(home.iterdir()), f"left in home: {list(home.iterdir())}"


def test_a_false_claim_is_red_and_a_right_answer_is_not(reading):
    for what, came, expected in reading.variants:
        came = getattr(came, "ename", came)
        assert came == expected, (
            f"{what}\n    came back: {came}\n    expected:  {expected}"
        )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_section_has_a_claim_that_is_broken_above(name):
    broken = [section for section, _, _ in FALSE[name]]
    for title in sections(read(name)):
        if title and title != "Exercises":
            assert any(map(title.startswith, broken)), f"{title}: none"


def test_a_notebook_that_takes_too_long_is_stopped(environment):
    notebook = read(NOTEBOOKS[0])
    notebook.cells = code_cells(notebook)[:1]
    notebook.cells[0].source = "while True: pass"
    with pytest.raises(CellTimeoutError):
        client_of(notebook, FOLDER, limit=2).execute(env=environment)
