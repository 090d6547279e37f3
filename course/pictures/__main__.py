"""Takes loop.svg in a terminal, and program.png and desk.png in a browser."""

import base64
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pexpect
from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from ..bench.courses import copied
from ..browser import open_browser
from ..chapters import ROOT, Course
from ..databases import Place
from ..loading import application
from ..program import PEOPLE
from ..serving import served
from ..states import States
from .desk import take_desk

HERE = Path(__file__).parent
STEP = Course().state("log-out")
CHAPTER = Course().chapter(STEP.chapter)
(MISTAKE,) = (ROOT / "tests" / "chapters").rglob("session-cleared-last.patch")
FONT_FACES = re.compile(r"@font-face {{.*?}}\s*", re.DOTALL)
SVG = FONT_FACES.sub("", CONSOLE_SVG_FORMAT).replace(
    "<style>",
    "<title>make start, make check and make hint in a terminal</title>\n"
    "    <style>",
)

SIZE = {"width": 480, "height": 560}
SHEET = """
<body style="margin:0;padding:24px;display:flex;gap:24px;background:#c9cdd4">
{}</body>"""
FRAME = '<img src="data:image/png;base64,{}" style="border-radius:8px">'
SCENES = [  # what is filled in where, and what comes back
    ("light", "/register", {}, "This name is taken"),
    ("dark", "/login", {"Password": "a guess"}, "Wrong username or password"),
    ("light", "/login", {"Password": PEOPLE[0].password}, "Hi, susan!"),
]


def take_loop():
    """A student starts a chapter, makes a mistake and asks for a hint."""
    console = Console(record=True, width=80, file=io.StringIO())
    with copied() as course:
        for words in (f"start {CHAPTER.number}", "check", "hint"):
            said = pexpect.run(  # on a terminal of its own
                f"{sys.executable} -m course {words}",
                timeout=None,
                cwd=str(ROOT),
                env=os.environ
                | {"MAKELEVEL": "1", "COURSE_ROOT": str(course.root)},
            )
            console.print(Text(f"$ make {words}", style="bold"))
            text = said.decode("utf-8").replace("\r\n", "\n").rstrip("\n")
            console.print(Text.from_ansi(text), end="\n\n")
            if words.startswith("start"):
                build(course.root / "work" / CHAPTER.folder.name)
    look = {"theme": MONOKAI, "code_format": SVG, "unique_id": "loop"}
    console.save_svg(str(HERE / "loop.svg"), title="flask-logins", **look)


def build(workspace):
    """What the student does meanwhile: three steps, with a mistake."""
    state = States(Course()).folder(STEP)
    shutil.copytree(state, workspace, dirs_exist_ok=True)
    subprocess.run(["git", "apply", MISTAKE], cwd=workspace, check=True)


def take_program():
    """The pages of a program that has susan in it, side by side."""
    course = Course()
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        state = course.state("no-two-alike")
        app = application(course, state, Place(Path(folder)))
        with served(app) as address:
            frames = [frame(browser, address, *scene) for scene in SCENES]
        size = {"width": 3 * 480 + 4 * 24, "height": 560 + 48}
        sheet = browser.new_page(viewport=size)
        sheet.set_content(SHEET.format("".join(frames)))
        sheet.screenshot(path=HERE / "program.png")


def frame(browser, address, scheme, path, form, answer):
    page = browser.new_page(viewport=SIZE, color_scheme=scheme)
    page.goto(address + path)
    page.locator("main form").evaluate("form => form.noValidate = true")
    for label, text in {"Username": "susan", **form}.items():
        page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    page.get_by_text(answer).first.wait_for()
    return FRAME.format(base64.b64encode(page.screenshot()).decode())


if __name__ == "__main__":
    take_loop()
    take_program()
    take_desk(MISTAKE, STEP)
