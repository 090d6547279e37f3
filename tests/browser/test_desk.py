"""At the desk: a mistake is saved, seen and mended, and it goes on."""

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from course.bench.courses import copied
from course.chapters import Course
from course.desk.site import make_desk
from course.desk.work import Work
from course.serving import listening, served
from course.states import States

from .test_accessibility import check

SOON = {"timeout": 60_000}  # a machine may be busy
STEP, NEXT = "a-first-page", "pages-from-templates"


@pytest.fixture
def work():
    """The first step of chapter 1 is done, and it is on the desk."""
    course = Course()
    step = course.state(STEP)
    with ExitStack() as stack:
        chapter = course.chapter(step.chapter)
        own = stack.enter_context(copied(chapter, step))
        work = Work(own, stack.enter_context(listening(0, quiet=True)))
        stack.callback(work.end)
        work.open(chapter.number)
        yield work


@pytest.fixture
def page(browser, work):
    """The desk in a window, which keeps what it complained of."""
    with served(make_desk(work.course, work)) as address:
        page = browser.new_context(base_url=address).new_page()
        page.complaints, page.asked = [], set()
        page.on("console", lambda said: page.complaints.append(said.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda each: page.asked.add(each.url))
        yield page
        page.context.close()
        work.end()  # whoever waits for news, too


def test_a_mistake_is_saved_seen_and_mended_and_it_goes_on(work, page):
    page.goto("/")
    said = page.get_by_role("status")
    expect(said).to_contain_text("Missing at step 1.2", **SOON)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Your program (another tab)").click()
    program = opened.value.locator("body")
    expect(program).to_contain_text("Hello!", **SOON)

    routes = work.workspace.folder / "microblog" / "routes.py"
    text = routes.read_text(encoding="utf-8")
    routes.write_text(text.replace("index():", "index()"), encoding="utf-8")
    expect(said).to_contain_text("SyntaxError", **SOON)
    expect(said).to_contain_text("microblog/routes.py, line", **SOON)
    expect(program).to_contain_text("does not start", **SOON)

    step = Course().state(NEXT)
    states = States(Course())
    states.write_files(states.trees[step], work.workspace.folder)
    expect(page.locator("h1")).to_have_text("A table of users", **SOON)
    expect(said).to_contain_text("Step 1.2 is done.", **SOON)
    expect(said).to_contain_text("Missing at step 1.3")
    expect(program).not_to_contain_text("does not start", **SOON)

    check(page)
    assert not page.complaints
    here = re.match(r"http://localhost:\d+/", page.url)[0]
    assert all(each.startswith(here) for each in page.asked)
