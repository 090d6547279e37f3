"""The notebooks, run in kernels of their own."""

import os
from copy import deepcopy
from functools import cache
from unittest.mock import patch

import nbformat
import pytest

from course.chapters import ROOT
from course.explore.notebooks import settings, warm_up

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
    return nbformat.read(FOLDER / name, as_version=4)


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
    warm_up(settings(ROOT))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An empty home folder."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environment(warm, home):
    """What a kernel runs in, ours for the time of a module as well."""
    ours = settings(ROOT) | {"HOME": str(home), "USERPROFILE": str(home)}
    with patch.dict(os.environ, ours):
        yield ours
