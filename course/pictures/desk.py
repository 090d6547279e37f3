"""Takes desk.png: a mistake of a learner at the desk, and a hint for it."""

import io
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from ..bench.courses import copied
from ..browser import open_browser
from ..desk.site import make_desk
from ..desk.work import Work
from ..serving import listening, served
from ..states import States

SIZE = {"width": 1280, "height": 900}
COLOURS = 128


def take_desk(mistake, state):
    """The desk in a window, with a mistake made at a state."""
    with ExitStack() as stack:
        course = stack.enter_context(copied())
        chapter = course.chapter(state.chapter)
        workspace = course.root / "work" / chapter.folder.name
        shutil.copytree(States(course).folder(state), workspace)
        subprocess.run(["git", "apply", mistake], cwd=workspace, check=True)
        work = Work(course, stack.enter_context(listening(quiet=True)))
        stack.callback(work.end)
        work.open(chapter.number)
        address = stack.enter_context(served(make_desk(course, work)))
        browser = stack.enter_context(open_browser())
        page = browser.new_page(viewport=SIZE)
        page.goto(address)
        page.get_by_role("button", name="A hint").click(timeout=120_000)
        page.get_by_text("Hint 1").wait_for()
        page.get_by_text("Waiting for your next save").wait_for()
        page.evaluate("document.querySelector('aside').scrollTo(0, 0)")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = Path(__file__).with_name("desk.png")
    picture.quantize(COLOURS).save(path, optimize=True)
