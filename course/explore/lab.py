"""Jupyter Lab on copies of the notebooks, offline, with its own kernel."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from .copies import bring
from .notebooks import settings, warm_up

LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
    },
}


def lab_command(root, options=()):
    """What opens Jupyter Lab on the copies, without a call to the network.

    Its root is the course, so that links from a notebook to a lesson work.
    """
    offline = [
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=",
        "--LabApp.extension_manager=readonly",
        "--KernelManager.transport_encryption=auto",
    ]
    here = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={root}",
        "--ServerApp.answer_yes=True",
        "--LabApp.default_url=/lab/tree/work/notebooks/01-hashes.ipynb",
    ]
    if is_root():
        here.append("--ServerApp.allow_root=True")
    command = [sys.executable, "-m", "jupyterlab", *here, *offline]
    return [*command, *options]


def is_root():
    """As in a container, where Jupyter has to be told that it may run."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def open_lab(course, options=(), again=False):
    """Open Jupyter Lab on the copies, until Ctrl-C; return its status."""
    folder = bring(course, again)
    click.echo(
        f"Your notebooks are in {folder.relative_to(course.root).as_posix()}. "
        "To begin anew: make lab AGAIN=1"
    )
    environment = lab_settings(course.root)
    warm_up(environment)
    command = lab_command(course.root, options)
    server = subprocess.Popen(command, env=environment)
    try:
        return server.wait()
    except KeyboardInterrupt:  # Jupyter got it too, and ends its kernels
        return server.wait()


def lab_settings(root):
    """The environment of Jupyter Lab, its own settings written."""
    environment = settings(root)
    folder = Path(environment["JUPYTER_CONFIG_DIR"]) / "labconfig"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(LAB_SETTINGS, indent=2)
    path = folder / "default_setting_overrides.json"
    path.write_text(text, encoding="utf-8")
    return environment
