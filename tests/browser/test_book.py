"""The book in a real browser, opened from its files."""

import pytest
from playwright.sync_api import expect

from ..built import COURSE
from ..sampling import part

LOG_OUT = COURSE.steps[COURSE.state("log-out")].page
STEP = LOG_OUT.relative_to(COURSE.root).with_suffix(".html").as_posix()
DIFFERENCE = f"chapters/{LOG_OUT.parts[-3]}/difference.html"


@pytest.fixture
def window(browser, request):
    """A window that keeps what was complained of, and what was fetched."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.complaints, page.fetched = [], []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.fetched.append(request.url))
    yield page
    context.close()


def must_be_quiet(page):
    assert not page.complaints, f"{page.url} complained: {page.complaints}"
    elsewhere = [
        url for url in page.fetched if not url.startswith(("file:", "data:"))
    ]
    assert not elsewhere, f"{page.url} asked for {elsewhere}"


def test_the_search_finds_open_redirect(book, window):
    window.goto((book / "index.html").as_uri())
    box = window.get_by_role("searchbox").or_(
        window.get_by_placeholder("Search")
    )
    box.first.fill("open redirect")
    window.keyboard.press("Enter")
    found = window.locator("#search-results a")
    step = found.filter(has_text="Back to where you were").first
    expect(step).to_be_visible()
    step.click()
    expect(window.locator("h1")).to_contain_text("Back to where you were")
    must_be_quiet(window)


def test_no_page_complains_or_asks_another_machine(book, window):
    for page in part(sorted(book.rglob("*.html")), 3):
        window.goto(page.as_uri())
    must_be_quiet(window)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", STEP, DIFFERENCE])
def test_a_page_fits_its_window(book, window, scheme, name):
    window.emulate_media(color_scheme=scheme)
    window.goto((book / name).as_uri())
    wide = "document.documentElement.scrollWidth - innerWidth"
    for width in (360, 800, 1024, 1100, 1440):
        window.set_viewport_size({"width": width, "height": 800})
        over = window.evaluate(wide)
        assert over <= 0, f"{name} is {over}px wider than {width}px"
    must_be_quiet(window)


def test_the_dark_book_is_dark_and_the_light_one_light(book, window):
    window.goto((book / STEP).as_uri())
    grey = "getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"
    for scheme, dark in (("light", False), ("dark", True)):
        window.emulate_media(color_scheme=scheme)
        assert (int(window.evaluate(grey)) < 128) is dark


def test_the_difference_is_two_columns_wide_and_one_on_a_phone(book, window):
    window.goto((book / DIFFERENCE).as_uri())
    run = window.locator(".run.changed:has(.removed):has(.added)").first
    before = run.locator(".removed").first
    after = run.locator(".added").first
    old, new = before.bounding_box(), after.bounding_box()
    assert old["x"] < new["x"]
    assert old["y"] == new["y"]
    window.set_viewport_size({"width": 390, "height": 800})
    old, new = before.bounding_box(), after.bounding_box()
    assert old["x"] == new["x"]
    assert old["y"] < new["y"]


def test_the_copy_button_gives_the_code_as_it_stands_afterwards(book, window):
    window.goto((book / STEP).as_uri())
    figure = window.locator(".diff").first
    figure.hover()
    figure.locator("button.copybtn").click()
    expect(figure.locator("button.copybtn.success")).to_be_visible()
    copied = window.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("from flask_login import (\n")
    assert "    session.clear()\n    logout_user()\n" in copied
    assert "+" not in copied
