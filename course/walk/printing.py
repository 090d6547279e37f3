"""The slides without a server: a folder with pictures, or a PDF."""

import tempfile
from pathlib import Path

from ..browser import open_browser
from ..errors import CourseError
from ..serving import served
from .build import write_slides
from .live import stage_of

SEEN = {"width": 612, "height": 410}  # as large as the live program


def write_folder(course, text, folder):
    """Write the slides of `2` or `2.3` so that they open from a file.

    Raises CourseError where the folder holds something else.
    """
    folder = Path(folder)
    kept = list(folder.iterdir()) if folder.is_dir() else []
    if kept and not (folder / "reveal").is_dir():
        raise CourseError(
            f"{folder} is not empty, and holds no slides; nothing was "
            f"written.\nTry: make walk {text} OUT={folder.name}-slides"
        )
    with open_browser() as browser:
        write_with_pictures(course, text, folder, browser)


def write_pdf(course, text, path):
    """Print the slides of `2` or `2.3`, one on a page."""
    path = Path(path).resolve()
    with tempfile.TemporaryDirectory() as scratch, open_browser() as browser:
        folder = Path(scratch)
        write_with_pictures(course, text, folder, browser)
        page = browser.new_page(color_scheme="light")
        page.goto((folder / "index.html").as_uri() + "?print-pdf")
        page.wait_for_selector(".pdf-page")
        page.wait_for_function("Reveal.isReady()")
        page.pdf(path=path, prefer_css_page_size=True, print_background=True)


def write_with_pictures(course, text, folder, browser):
    state = course.state(text)
    chapter = course.chapter(state.chapter)
    steps = [course.steps[state]] if "." in text else chapter.steps
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        course.program.services(course, chapter.last) as extra,
        served(
            stage_of(course, chapter, folder, Path(scratch), extra)
        ) as address,
    ):
        camera = Camera(course.program.scenes, browser, address, folder)
        write_slides(course, chapter, steps, folder, camera.pictures)


class Camera:
    """Takes pictures of a state's program, in the light and in the dark."""

    def __init__(self, scenes, browser, address, folder):
        self.scenes = scenes
        self.browser = browser
        self.address = address
        self.folder = folder / "pictures"
        self.folder.mkdir(parents=True, exist_ok=True)

    def pictures(self, step):
        """The names of a step's pictures in the folder, less `-light.png`."""
        page = self.browser.new_page(
            base_url=f"{self.address}/live/{step.state}/",
            viewport=SEEN,
            device_scale_factor=2,
        )
        names = [
            self.take(page, f"{step.state}-{name}")
            for name in self.scenes(page)
        ]
        page.context.close()
        return names

    def take(self, page, name):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=self.folder / f"{name}-{scheme}.png")
        return f"pictures/{name}"
