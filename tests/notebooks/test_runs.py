"""Each notebook, run in one kernel: as it is kept, and in other ways.

First from top to bottom. After a cell has run as it stands, it runs once
more with something in front that makes its claim false, on a copy of the
notebook's names, so that nothing of it stays. Then all names are taken away
and the sections run from the last to the first, with values that a reader
would change, and with ALL=1 each cell twice; scrypt is made cheap for that.
"""

import json
import re
from types import SimpleNamespace

import psutil
import pytest

from course.chapters import ROOT
from course.errors import CourseError
from course.explore.answers import EXERCISES
from course.explore.notebooks import client_of, run, tidy

from ..sampling import EVERYTHING
from .conftest import (
    FOLDER,
    NOTEBOOKS,
    code_cells,
    read,
    sections,
    write_file,
)
from .falsehoods import CHANGED, FALSE, WRONG
from .masks import masked

RED = "AssertionError"
CHECK = re.compile(r'^check\("(\w+)".*', re.M)

# What scrypt costs by default, and what it is to cost once that was seen.
CHEAP = """
def cheap(hashlib):
    dear = hashlib.scrypt
    def scrypt(password, *, n, **more):
        return dear(password, n=2**10 if n == 2**15 else n, **more)
    hashlib.scrypt = scrypt
cheap(__import__("hashlib"))
if "course.explore.visits" in __import__("sys").modules:
    __import__("course.explore.visits").explore.visits.known_hash.cache_clear()
get_ipython().run_line_magic("reset", "-f")
"""


class Reader:
    """Runs the cells of a notebook, and variants of them, in one kernel."""

    def __init__(self, notebook, client):
        self.notebook = notebook
        self.client = client

    def run(self, cell):
        at = self.notebook.cells.index(cell)
        return self.client.execute_cell(cell, at)

    def run_text(self, source):
        """What a text prints, or the error that it ends in."""
        from nbclient.exceptions import CellExecutionError
        from nbformat.v4 import new_code_cell

        cells = self.notebook.cells
        cells.append(new_code_cell(source))
        try:
            cell = self.client.execute_cell(
                cells[-1], len(cells) - 1, store_history=False
            )
        except CellExecutionError as error:
            return error
        finally:
            cells.pop()
        return "".join(o.text for o in cell.outputs if "text" in o)

    def run_variant(self, source):
        return self.run_text(f"exec({source!r}, dict(globals()))")


@pytest.fixture(scope="module")
def reading(notebook, environment):
    """A notebook as it runs today, and what its variants came to.

    A kernel whose last word got lost on the way is started anew, once.
    """
    from nbclient.exceptions import CellTimeoutError

    files_before, children = files(), psutil.Process().children()
    used = processor_seconds()
    try:
        today, variants, back = run_all(notebook, environment)
    except CellTimeoutError:
        used = processor_seconds()
        today, variants, back = run_all(notebook, environment)
    return SimpleNamespace(
        today=tidy(today),
        variants=variants,
        back=back,
        used=processor_seconds() - used,
        left=files() - files_before,
        kernels=set(psutil.Process().children()) - set(children),
    )


def run_all(notebook, environment):
    """The notebook as it ran, and what came of variants and has to."""
    today = read(notebook)
    client = client_of(today, FOLDER, limit=150)
    with client.setup_kernel(env=environment):
        reader = Reader(today, client)
        return (
            today,
            run_variants(reader, notebook),
            run_back(reader, notebook),
        )


def run_variants(reader, notebook):
    """Run each cell, then its variants; what came of these, and has to."""
    false = falsehoods(notebook)
    came = []
    for cell in code_cells(reader.notebook):
        reader.run(cell)
        for what, source, expected in variants_of(cell, false):
            came.append((what, reader.run_variant(source), expected))
    assert not false
    return came


def variants_of(cell, false):
    if falsehood := false.pop(cell.id, None):
        yield f"{cell.id} with {falsehood}", f"{falsehood}\n{cell.source}", RED
    if found := CHECK.search(cell.source):
        name, call = found[1], found[0]
        exercise = EXERCISES[name]
        hint = f"Not yet. {exercise.hint}".replace("`", "")
        for answer, expected in (
            (exercise.worked, "Right."),
            (WRONG[name], hint),
        ):
            source = f"{answer}\nprint(repr({call}))"
            yield f"{name} with {answer}", source, expected


def run_back(reader, notebook):
    """The sections from the last to the first; each error that came."""
    first, *_ = code_cells(reader.notebook)
    reader.run_text(CHEAP)
    faults = [("the first cell", reader.run_text(first.source))]
    for title, cells in reversed(sections(reader.notebook).items()):
        for cell in cells:
            if cell.cell_type != "code" or cell is first:
                continue
            source = changed(cell.source, title, notebook)
            for time in ("once", "twice")[: 1 + EVERYTHING]:
                told = reader.run_text(source)
                faults.append((f"{title}: {cell.id} run {time}", told))
    return [
        f"{what}: {error.ename}: {error.evalue}"
        for what, error in faults
        if hasattr(error, "ename")
    ]


def changed(source, title, notebook):
    """A cell with what a reader changes in it, and a guess at random."""
    for section, old, new in CHANGED[notebook]:
        if title.startswith(section):
            source = source.replace(old, new)
    return source.replace("guess = ...", "guess = 'who knows'")


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


def test_a_false_claim_is_red_and_an_answer_is_judged(reading):
    for what, came, expected in reading.variants:
        name = getattr(came, "ename", came)
        fits = (
            came.strip().startswith(expected)
            if came is name
            else (name == expected)
        )
        assert fits, (
            f"{what}\n    came back: {came}\n    expected:  {expected}"
        )


def test_sections_run_in_any_order_twice_and_with_changed_values(reading):
    """Whoever goes back, or changes a value, sees nothing turn red."""
    assert not reading.back, "\n".join(reading.back)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_what_is_changed_above_stands_in_the_notebook(name):
    found = sections(read(name))
    for section, old, _ in CHANGED[name]:
        (cells,) = [c for t, c in found.items() if t.startswith(section)]
        assert any(old in c.source for c in cells if c.cell_type == "code"), (
            f"{section}: nothing says {old!r}"
        )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_section_has_a_claim_that_is_broken_above(name):
    broken = [section for section, _, _ in FALSE[name]]
    for title in sections(read(name)):
        if title and title != "Exercises":
            assert any(map(title.startswith, broken)), f"{title}: none"


class TestACellThatFails:
    """`make notebooks` names the notebook, the cell and the error."""

    def fault(self, tmp_path, environment, source, limit=60):
        path = tmp_path / "05-broken.ipynb"
        notebook = read(NOTEBOOKS[0])
        notebook.cells = notebook.cells[:1] + code_cells(notebook)[:1]
        notebook.cells[1].source = source
        write_file(notebook, path)
        before = path.read_bytes()
        with pytest.raises(CourseError) as raised:
            run(path, environment, limit)
        assert path.read_bytes() == before
        return raised.value.message

    def test_is_named_with_its_error(self, tmp_path, environment):
        said = self.fault(tmp_path, environment, "x = 1\nprint(1 / 0)")
        assert "05-broken.ipynb, cell 2 (`hashes-01`)" in said
        assert "ZeroDivisionError: division by zero" in said
        assert "    print(1 / 0)" in said
        assert "No notebook was changed" in said

    def test_is_named_when_it_takes_too_long(self, tmp_path, environment):
        source = "__import__('time').sleep(60)"
        said = self.fault(tmp_path, environment, source, limit=3)
        assert "cell 2" in said
        assert "took over 3 seconds" in said
