"""The notebooks, run in kernels of their own."""

import os
from copy import deepcopy
from functools import cache
from unittest.mock import patch

import pytest

from course.chapters import ROOT

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))


def pytest_generate_tests(metafunc):
    if "notebook" in metafunc.fixturenames:
        metafunc.parametrize("notebook", NOTEBOOKS, scope="module")


def read(name):
    """A copy of a notebook, to be run or changed."""
    return deepcopy(kept(name))


@cache
def kept(name):
    return read_file(FOLDER / name)


def read_file(path):
    """The notebook in a file; to import nbformat takes a second."""
    import nbformat

    return nbformat.read(path, as_version=4)


def write_file(notebook, path):
    import nbformat

    nbformat.write(notebook, path)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def sections(notebook):
    """The cells below each `## heading`, by the heading."""
    found, title = {"": []}, ""
    for cell in notebook.cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "markdown" and line.startswith("## "):
                title = line.removeprefix("## ")
        found.setdefault(title, []).append(cell)
    return found


@pytest.fixture(scope="session")
def warm():
    from course.explore.notebooks import settings, warm_up

    warm_up(settings(ROOT))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An empty home folder."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environment(warm, home):
    """What a kernel runs in, ours for the time of a module as well."""
    from course.explore.notebooks import settings

    ours = settings(ROOT) | {"HOME": str(home), "USERPROFILE": str(home)}
    with patch.dict(os.environ, ours):
        yield ours
