"""The person's browser, and the system's Chromium without a window."""

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

from .errors import CourseError

NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]
QUICK = "chromium-headless-shell"  # Chromium without windows: a third of work
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
]
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]


def find_browser(whole=False):
    """The path of a browser that Playwright can drive, or None.

    It is a `whole` one, as people have it, or else a quick one if there is.
    """
    names = NAMES if whole else [QUICK, *NAMES]
    found = [shutil.which(name) for name in names]
    found += [place for place in PLACES if Path(place).exists()]
    return next((path for path in found if path), None)


def for_root():
    """Chromium does not start as root with its sandbox."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--no-sandbox"] if root else []


@contextmanager
def open_browser(path=None):
    """A Playwright Browser. Raises CourseError where there is none."""
    from playwright.sync_api import sync_playwright

    path = path or find_browser()
    if path is None:
        raise CourseError(
            "this needs Chromium, Chrome or Edge, and none was found.\n"
            "Install one, or leave out OUT and PDF: make walk 1"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=QUIET + for_root()
        )
        yield browser
        browser.close()


def has_a_screen():
    """Without one, a browser in the terminal would take it over."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    desktop = sys.platform in ("darwin", "win32")
    return desktop or any(map(os.environ.get, screens))
