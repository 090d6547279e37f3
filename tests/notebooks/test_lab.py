"""Jupyter Lab, as `make lab` opens it, driven in a browser."""

import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.chapters import ROOT
from course.explore.lab import lab_command, lab_settings
from course.explore.notebooks import settings

SLIDER = ".jp-OutputArea .widget-slider [role=slider]"
ERROR = ", ".join(
    f'.jp-OutputArea [data-mime-type="application/vnd.jupyter.{kind}"]'
    for kind in ("error", "stderr")
)
PLOT = ".jp-OutputArea .widget-output img"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def root(tmp_path):
    """A copy of the course, so that Lab saves nothing into this one."""
    for name in ("chapters", "course", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / "course" / name)
    return tmp_path / "course"


@contextmanager
def lab(root, *options):
    """Jupyter Lab, running; gives the address that it prints."""
    options = ["--no-browser", "--ServerApp.port=0", *options]
    options += ["--allow-root"] if AS_ROOT else []
    environment = lab_settings(root)
    server = subprocess.Popen(
        lab_command(root, options),
        env=environment,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    drain = threading.Thread(target=server.stderr.read)
    try:
        *_, last = lines_until(server.stderr, "/lab/tree/")
        drain.start()
        yield last.split()[-1]
    finally:
        server.terminate()
        server.wait(30)
        if drain.ident:
            drain.join()
        server.stderr.close()


def lines_until(lines, text):
    said = []
    for line in lines:
        said.append(line)
        yield line
        if "http://127.0.0.1" in line and text in line:
            return
    raise AssertionError(f"Jupyter Lab never got ready: {''.join(said)}")


def test_running_all_cells_and_moving_the_slider(browser, root):
    """Offline: every request goes to this machine, and nobody is asked."""
    asked = []
    with lab(root) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(60_000)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()

        page.locator(f"{SLIDER}, {ERROR}").first.wait_for(state="attached")
        assert page.locator(ERROR).all_text_contents() == []
        handle = page.locator(SLIDER)
        handle.scroll_into_view_if_needed()
        plot = page.locator(PLOT)
        before = plot.get_attribute("src")
        assert "2 to the power of 15" in plot.get_attribute("alt")
        handle.focus()
        page.keyboard.press("ArrowRight")
        page.locator(f'{PLOT}[alt*="2 to the power of 16"]').wait_for()
        assert plot.get_attribute("src") != before, "another plot"

        assert page.get_by_text("Jupyter news").count() == 0
        page.close()
    here = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
    away = [url for url in asked if not url.startswith(here)]
    assert not away, f"Jupyter Lab asked for {away}"


def test_its_kernel_is_the_courses_own(root, tmp_path):
    """Also where a person has a kernel of the same name."""
    own = tmp_path / "home/.local/share/jupyter/kernels/python3"
    own.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "mine", "language": "python"}
    (own / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    environment = settings(root) | {"HOME": str(tmp_path / "home")}

    listed = subprocess.check_output(
        [sys.executable, "-m", "jupyter", "kernelspec", "list", "--json"],
        env=environment,
    )
    kernels = json.loads(listed)["kernelspecs"]
    place = Path(kernels["python3"]["resource_dir"])
    assert place.is_relative_to(sys.prefix), f"the kernel is from {place}"
    assert json.loads((own / "kernel.json").read_text()) == spec, "untouched"


def test_it_listens_on_this_machine_and_asks_for_no_news(root):
    command = " ".join(lab_command(root))
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "NeverCheckForUpdate" in command
    folder = Path(lab_settings(root)["JUPYTER_CONFIG_DIR"])
    kept = (folder / "labconfig/default_setting_overrides.json").read_text()
    notes = json.loads(kept)["@jupyterlab/apputils-extension:notification"]
    assert notes == {"checkForUpdates": False, "fetchNews": "false"}


def test_a_persons_settings_of_the_program_stay_outside(root, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a-real-database")
    monkeypatch.setenv("SECRET_KEY", "a real key")
    assert not {"DATABASE_URL", "SECRET_KEY"} & set(settings(root))
