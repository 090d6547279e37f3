"""The slides without a server: a folder with pictures, or a PDF."""

import tempfile
from functools import partial
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
    if folder.exists() and not folder.is_dir():
        raise CourseError(
            f"{folder} is a file, and slides are a folder.\n"
            f"Try: make walk {text} OUT={folder.stem}-slides"
        )
    kept = list(folder.iterdir()) if folder.is_dir() else []
    if kept and not (folder / "reveal").is_dir():
        raise CourseError(
            f"{folder} is not empty, and holds no slides; nothing was "
            f"written.\nTry: make walk {text} OUT={folder.name}-slides"
        )
    with open_browser() as browser:
        write_with_pictures(course, text, folder, browser)


def write_pdf(course, text, path):
    """Print the slides of `2` or `2.3`, one on a page.

    Raises CourseError where no file can be written at that path.
    """
    path = Path(path).resolve()
    if path.is_dir() or not path.parent.is_dir():
        why = "is a folder" if path.is_dir() else "has no folder to be in"
        raise CourseError(
            f"{path} {why}.\nTry: make walk {text} PDF=slides.pdf"
        )
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
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        course.program.services(course, chapter.last) as extra,
        served(stage_of(course, chapter, folder, Path(scratch), extra)) as at,
    ):
        camera = partial(pictures_of, course.program, browser, at, folder)
        write_slides(course, chapter, steps, folder, camera)


def pictures_of(program, browser, address, folder, step):
    """Picture a step's program, in the light and in the dark.

    Returns the pictures' names in the folder, without `-light.png`.
    """
    page = browser.new_page(
        base_url=f"{address}/live/{step.state}/",
        viewport=SEEN,
        device_scale_factor=2,
    )
    names = []
    for scene in program.scenes(page):
        names.append(f"pictures/{step.state}-{scene}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=folder / f"{names[-1]}-{scheme}.png")
    page.context.close()
    return names
