"""Jupyter Lab on the notebooks, offline and with the course's own kernel."""

import json
import subprocess
import sys
from pathlib import Path

from .notebooks import settings, warm_up

LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
    },
}


def lab_command(folder, options=()):
    """What opens Jupyter Lab on a folder, without a call to the network."""
    offline = [
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=",
        "--LabApp.extension_manager=readonly",
        "--KernelManager.transport_encryption=auto",
    ]
    here = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.answer_yes=True",
        "--LabApp.default_url=/lab/tree/notebooks/01-hashes.ipynb",
    ]
    command = [sys.executable, "-m", "jupyterlab", *here, *offline]
    return [*command, *options]


def open_lab(course, options=()):
    """Open Jupyter Lab on the notebooks, until Ctrl-C; return its status."""
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
