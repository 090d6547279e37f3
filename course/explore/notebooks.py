"""The notebooks, run without a browser and written with their outputs.

What Jupyter, IPython and matplotlib keep goes to `build/jupyter`, so that a
person's own settings and kernels are neither used nor touched.
"""

import os
import subprocess
import sys
from time import monotonic

from ..errors import CourseError

PATIENCE = 120  # seconds, for a machine that has other things to do
WIDGET = "application/vnd.jupyter.widget-view+json"
ENCRYPTED = {"KernelManager": {"transport_encryption": "auto"}}
NOT_OURS = [
    "DATABASE_URL",
    "SECRET_KEY",
    "JUPYTER_PATH",
    "JUPYTER_CONFIG_PATH",
]


def notebooks_of(course):
    return sorted((course.root / "notebooks").glob("*.ipynb"))


def settings(root):
    """The environment in which Jupyter and its kernels run."""
    kept = {k: v for k, v in os.environ.items() if k not in NOT_OURS}
    home = root / "build" / "jupyter"
    folders = {
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "MPLCONFIGDIR": home / "matplotlib",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    ours = {"PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": 1} | folders
    return kept | {name: str(value) for name, value in ours.items()}


def run(path, environment, limit=PATIENCE):
    """Run a notebook in a fresh kernel; return it with today's outputs.

    Raises CourseError, which names the cell and the error, for a cell that
    fails and for a notebook that takes longer than `limit` seconds.
    """
    import nbformat  # takes a second, as does nbclient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    notebook = nbformat.read(path, as_version=4)
    client = client_of(notebook, path.parent, limit)
    started = []
    client.on_cell_start = lambda cell, cell_index: started.append(cell_index)
    try:
        client.execute(env=environment)
    except CellTimeoutError:
        what = f"the notebook took over {limit} seconds"
        raise CourseError(fault(path, notebook, started[-1], what)) from None
    except CellExecutionError as error:
        what = f"{error.ename}: {error.evalue}"
        raise CourseError(fault(path, notebook, started[-1], what)) from None
    return tidy(notebook)


def fault(path, notebook, at, what):
    """Which cell of which notebook failed, and how."""
    cell = notebook.cells[at]
    lines = "\n".join(f"    {x}" for x in cell.source.splitlines()[:5])
    return (
        f"{path.name}, cell {at + 1} (`{cell.id}`): {what}\n"
        f"The cell begins with\n\n{lines}\n\nNo notebook was changed."
    )


def client_of(notebook, folder, limit=PATIENCE):
    """What runs a notebook's cells, in a folder and until a deadline."""
    from nbclient import NotebookClient
    from traitlets.config import Config

    deadline = monotonic() + limit
    return NotebookClient(
        notebook,
        config=Config(ENCRYPTED),
        timeout_func=lambda cell: max(0.1, deadline - monotonic()),
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )


def tidy(notebook):
    """Without what changes from machine to machine and is not shown.

    A widget lives in a kernel only; the picture beside it is what stays.
    """
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def write_all(course, say):
    """Run every notebook, and then write all with their outputs."""
    import nbformat

    environment = settings(course.root)
    os.environ.update(environment)
    warm_up(environment)
    done = {}
    for path in notebooks_of(course):
        say(f"Running {path.relative_to(course.root).as_posix()} …")
        done[path] = run(path, environment)
    for path, notebook in done.items():
        nbformat.write(notebook, path)


def warm_up(environment):
    """Let matplotlib list the fonts once, before a reader has to wait."""
    fonts = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(fonts, env=environment, check=True, capture_output=True)
