"""From a clone to a chapter done: a terminal, an editor and a browser."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from course.chapters import ROOT

from ..tool.running import Running, free_port
from .test_accessibility import check

needs_make = pytest.mark.skipif(not shutil.which("make"), reason="needs make")
SOON = {"timeout": 30_000}  # a machine may be busy
NO_WINDOW = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": "true"}


@pytest.fixture
def clone(tmp_path):
    """What a clone holds, set up before, so that no network is needed."""
    words = ["git", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.check_output(words, cwd=ROOT, encoding="utf-8")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


@pytest.fixture
def learner(browser):
    """A window that keeps what it complained of, and whom it asked."""
    clipboard = ["clipboard-read", "clipboard-write"]
    page = browser.new_context(permissions=clipboard).new_page()
    page.set_default_timeout(20_000)
    page.complaints, page.asked = [], set()
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda each: page.asked.add(each.url.split("/")[2]))
    yield page
    page.context.close()


def typed(words, folder):
    """What a command prints, typed in a folder."""
    ours = ("MAKE", "COURSE_")  # of the make that runs the tests
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return subprocess.check_output(
        ["make", *words.split()],
        cwd=folder,
        env=kept | {"PYTHON": sys.executable},
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def files_on(page):
    """The files that a step's page changes, and where each is whole."""
    for figure in page.locator("main figure.diff").all():
        if figure.locator("xpath=ancestor::details").count() == 0:
            link = figure.get_by_role("link", name="whole file")
            name = figure.locator(".path").text_content()
            yield name, link.get_attribute("href")


def save(page, folder, name, address):
    """Read a whole file in another tab, and save it in the editor."""
    with page.context.new_page() as tab:
        tab.goto(page.url.partition("/chapters")[0] + address)
        tab.locator(".linenos").evaluate_all("all => all.map(x => x.remove())")
        text = tab.locator("main pre").text_content()
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def copied(page):
    """What the first button Copy of a page puts into the clipboard."""
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def press_until(page, target):
    """Reach a thing of the page with the Tab key alone."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {target}")


@needs_make
def test_from_a_clone_to_chapter_1_done(clone, learner):
    port, work = free_port(), clone / "work" / "01-hashing"
    arguments = ["-m", "course", "learn", "--port", str(port)]
    python = clone / ".venv" / "bin" / "python"
    with Running(arguments, clone, python, **NO_WINDOW) as desk:
        assert desk.wait_for("stop "), desk.said()
        learner.goto(f"http://localhost:{port}/")
        a_mistake_is_seen_and_mended(learner, work)
        hints_come_by_keyboard(learner)
        titles = [
            "Pages from templates",
            "A table of users",
            "Never store a password",
            "What a thief would read",
            "Chapter 1: Hashing",
        ]
        for number, title in enumerate(titles, 1):
            for name, address in [*files_on(learner)]:
                save(learner, work, name, address)
            expect(learner.locator("h1")).to_have_text(title, **SOON)
            said = learner.get_by_role("status")
            expect(said).to_contain_text(f"Step 1.{number} is done.", **SOON)
        the_chapter_is_done(learner, work)
        assert not learner.complaints
        assert {each.split(":")[0] for each in learner.asked} == {"localhost"}
        assert desk.interrupt()[0] == 0


def a_mistake_is_seen_and_mended(page, work):
    """The same words as in the terminal, and then the next fault."""
    said = page.get_by_role("status")
    expect(said).to_contain_text("there is no microblog/__init__.py", **SOON)
    good, routes = copied(page), work / "microblog" / "routes.py"
    assert good.startswith("from flask import (\n    Blueprint,\n")
    (work / "microblog" / "__init__.py").write_text("from . import routes\n")
    routes.write_text(good.replace("def index():", "def index()"))
    expect(said).to_contain_text("SyntaxError", **SOON)
    expect(said).to_contain_text("microblog/routes.py, line", **SOON)
    line = said.get_by_text("SyntaxError").first.text_content().split("\n")[0]
    told = " ".join(typed("check", work).split())
    assert " ".join(line.split())[:40] in told
    routes.write_text(good)
    expect(said).to_contain_text("create_app", **SOON)
    expect(said).not_to_contain_text("SyntaxError", **SOON)
    check(page)


def hints_come_by_keyboard(page):
    hints = page.get_by_role("region", name="Hints")
    another = hints.get_by_role("button", name="Another hint")
    press_until(page, page.get_by_role("button", name="A hint", exact=True))
    for number in (1, 2, 3):
        page.keyboard.press("Enter")  # the focus stays where it was
        expect(hints).to_contain_text(f"Hint {number}", **SOON)
        expect(another).to_be_focused()
    expect(hints).to_contain_text("Hint 3, the shape")
    expect(hints).not_to_contain_text("app.register_blueprint(routes.bp)")
    check(page)


def the_chapter_is_done(page, work):
    expect(page.get_by_role("status")).to_contain_text("Chapter 1 is done")
    assert page.url.endswith("#exercises")
    expect(page.get_by_role("button", name="On to chapter 2")).to_be_visible()
    page.get_by_role("link", name=re.compile("What differs")).click()
    expect(page.locator("main")).to_contain_text("There is no difference")
    with page.expect_popup() as program:
        page.get_by_role("link", name="Your program (another tab)").click()
    cells = program.value.get_by_text("scrypt:32768:8:1$")
    expect(cells).to_have_count(3)
    assert "5 of 5 steps" in typed("progress", work)
    assert typed("restore", work).count("done, as it was") == 5
