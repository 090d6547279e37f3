"""axe-core finds nothing on any page of any snapshot, light and dark."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.chapters.people import SUSAN

from .people import log_in

# All that a theme can change.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
FAULTS = {"resultTypes": ["violations"]}


def pages_of(app):
    """One path of each page that can be opened."""
    rules = [r for r in app.url_map.iter_rules() if "GET" in r.methods]
    return {r.endpoint: r.rule for r in rules if not r.arguments}.values()


def arrivals(page, app):
    """Open each page once, and send its form with nothing typed."""
    seen = {path_of(page)}
    for path in pages_of(app):
        answer = page.goto(path)
        html = "html" in answer.headers.get("content-type", "html")
        if html and path_of(page) not in seen:
            seen.add(path_of(page))
            yield
            form = page.locator("main form:has(input:not([type=hidden]))")
            if form.count():
                send_untouched(page, form.first)
                yield


def path_of(page):
    return urlsplit(page.url).path


def send_untouched(page, form):
    form.evaluate("form => form.noValidate = true")
    with page.expect_navigation():
        form.get_by_role("button").first.click()


def check(page):
    for scheme, rules in (("light", {}), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        result = Axe().run(page, options=FAULTS | rules)
        assert not result.violations_count, (
            f"{page.url}, {scheme}:\n{result.generate_report()}"
        )
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate(
            "document.documentElement.scrollWidth - innerWidth"
        )
        assert over <= 0, f"{page.url} is {over}px wider than {width}px"


@pytest.mark.holds_from("a-first-page", only="snapshots")
def test_what_a_stranger_can_open_has_no_barrier(site, page):
    if hasattr(site.package, "models"):
        site.add(SUSAN)
    for _ in arrivals(page, site.app):
        check(page)


@pytest.mark.holds_from("back-to-where-you-were", only="snapshots")
def test_what_a_member_can_open_has_no_barrier(site, page):
    site.add(SUSAN)
    page.goto("/login")
    log_in(page, SUSAN)
    page.wait_for_selector("article")
    check(page)
    for _ in arrivals(page, site.app):
        check(page)


@pytest.mark.holds_from("back-to-where-you-were", only="snapshots")
def test_a_page_that_was_out_of_date_has_no_barrier(page):
    page.goto("/login")
    page.context.clear_cookies()
    log_in(page, SUSAN)
    page.wait_for_selector("text=out of date")
    check(page)
