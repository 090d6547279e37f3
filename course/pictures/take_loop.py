"""Take pictures/loop.svg: a terminal in which a student builds a chapter.

python -m course.pictures.take_loop, in the environment of `make test`. The
commands are run, on a terminal of their own, in a copy of the course.
"""

import io
import os
import pty
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from course.chapters import ROOT, Course
from course.states import States

PICTURE = Path(__file__).with_name("loop.svg")
STEP = Course().state("log-out")
CHAPTER = Course().chapter(STEP.chapter)
(MISTAKE,) = (ROOT / "tests" / "chapters").rglob("session-cleared-last.patch")
WIDTH = 80
SVG = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>make start, make check and make hint in a terminal</title>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, Menlo, Consolas, monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font-size: 18px; font-family: sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})"
   clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def take():
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), color_system=None
    )
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "chapters", Path(folder, "chapters"))
        start = f"start {CHAPTER.number}"
        for line in (start, "check", "hint"):
            console.print(Text(f"$ make {line}", style="bold"))
            console.print(Text.from_ansi(typed(folder, line)), end="\n\n")
            if line == start:
                build(Path(folder, "work", CHAPTER.folder.name))
    console.save_svg(
        PICTURE,
        title="flask-logins",
        theme=MONOKAI,
        code_format=SVG,
        unique_id="loop",
    )


def build(workspace):
    """What the student does meanwhile: three steps, with a mistake."""
    state = States(Course()).folder(STEP)
    left = shutil.ignore_patterns("instance", "__pycache__")
    shutil.copytree(state, workspace, ignore=left, dirs_exist_ok=True)
    subprocess.run(["git", "apply", MISTAKE], cwd=workspace, check=True)


def typed(folder, line):
    """What a command prints on a terminal, colours and all."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "course", *line.split()],
        cwd=ROOT,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"MAKELEVEL": "1", "COURSE_ROOT": folder},
    )
    os.close(theirs)
    said = b""
    while piece := read(ours):
        said += piece
    process.wait()
    os.close(ours)
    return said.decode("utf-8").replace("\r\n", "\n").rstrip("\n")


def read(terminal):
    """The next piece, or nothing: a closed terminal is an error on Linux."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


if __name__ == "__main__":
    take()
