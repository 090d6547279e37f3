"""The slides without a server: a folder with pictures, or a PDF."""

import shutil
import tempfile
from functools import partial
from pathlib import Path

from ..browser import open_browser
from ..serving import served
from .build import write_slides
from .live import path_to, stage_of
from .ours import check_folder, check_pdf, mark_pdf, put_in
from .starting import start_of

SEEN = {"width": 702, "height": 479}  # as large as the live program


def write(course, text, folder=None, pdf=None, short=False, minutes=None):
    """Write the slides of `2`, or from `2.3` on: a folder, a PDF or both.

    The folder's are opened from a file. Raises CourseError, and writes
    nothing, where a place holds something else or can hold nothing.
    """
    folder, pdf = folder and Path(folder), pdf and Path(pdf).resolve()
    if folder:
        check_folder(folder, text)
    if pdf:
        check_pdf(pdf, text)
    with tempfile.TemporaryDirectory() as scratch, open_browser() as browser:
        made = Path(scratch)
        write_with_pictures(course, text, made, browser)
        if pdf:
            pdf.write_bytes(mark_pdf(printed(made, browser, short)))
        if folder and (short or minutes):
            begin_with(made, path_to(None, short, minutes))
        if folder:
            put_in(made, folder, text)


def printed(folder, browser, short):
    """The slides of a folder as a PDF, one on a page."""
    page = browser.new_page(color_scheme="light")
    address = (folder / "index.html").as_uri()
    page.goto(f"{address}?print-pdf{'&short' if short else ''}")
    page.wait_for_selector(".pdf-page")
    page.wait_for_function("Reveal.isReady()")
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    page.context.close()
    return made


def begin_with(folder, path):
    """Let the page of the slides be one that leads to some of them."""
    shutil.move(folder / "index.html", folder / "slides.html")
    to = f"slides.html{path.removeprefix('/')}"
    page = (
        f'<!doctype html>\n<meta http-equiv="refresh" content="0; url={to}">'
    )
    (folder / "index.html").write_text(f"{page}\n", encoding="utf-8")


def steps_from(course, text):
    """A chapter and its steps, from the named one on: as it is walked."""
    state = course.state(text)
    chapter = course.chapter(state.chapter)
    whole = str(text).isdigit()
    steps = chapter.steps if whole else chapter.steps[state.step - 1 :]
    return chapter, steps


def write_with_pictures(course, text, folder, browser):
    chapter, steps = steps_from(course, text)
    (folder / "pictures").mkdir()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        course.program.services(course, chapter.last) as extra,
        served(stage_of(course, chapter, folder, Path(scratch), extra)) as at,
    ):
        camera = partial(pictures_of, course, browser, at, folder)
        write_slides(course, chapter, steps, folder, camera)


def pictures_of(course, browser, address, folder, step):
    """Picture a step's program, in the light and in the dark.

    Returns the pictures' names in the folder, without `-light.png`.
    """
    page = browser.new_page(
        base_url=f"{address}/live/{step.state}/",
        viewport=SEEN,
        device_scale_factor=2,
    )
    names = []
    for scene in scenes_of(course, step, page):
        names.append(f"pictures/{step.state}-{scene}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=folder / f"{names[-1]}-{scheme}.png")
    page.context.close()
    return names


def scenes_of(course, step, page):
    """The page that the step is about, and what a member sees."""
    scenes = course.program.scenes(page)
    start = start_of(course, step).lstrip("/")
    if start:
        page.goto(start)
        yield "start"
        next(scenes)
    yield from scenes
