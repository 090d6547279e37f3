"""axe-core finds nothing on any page of any snapshot, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PASSWORD = "correct horse battery"


# All that a theme can change.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def front_page(page):
    page.goto("/")


def login_page(page):
    page.goto("/login")


def refused_login(page):
    login_page(page)
    page.get_by_label("Username").fill("susan")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("[aria-invalid]")


def members_page(page):
    login_page(page)
    page.get_by_label("Username").fill("susan")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("article")


def stale_page(page):
    login_page(page)
    page.context.clear_cookies()
    page.get_by_label("Username").fill("susan")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=out of date")


def registration_page(page):
    page.goto("/register")


def refused_registration(page):
    registration_page(page)
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Register").click()
    page.wait_for_selector("[aria-invalid]")


def check(page, arrive):
    arrive(page)
    for scheme, rules in (("light", {}), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        result = Axe().run(page, options=rules)
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
def test_the_front_page_has_no_barrier(site, page):
    if hasattr(site.package, "models"):
        site.add_user("susan")
    check(page, front_page)


@pytest.mark.holds_from("back-to-where-you-were", only="snapshots")
def test_the_pages_of_the_login_have_no_barrier(site, page):
    site.add_user("susan", password=PASSWORD)
    for arrive in (login_page, refused_login, stale_page, members_page):
        check(page, arrive)


@pytest.mark.holds_from("no-two-alike", only="snapshots")
def test_the_pages_of_registering_have_no_barrier(page):
    for arrive in (registration_page, refused_registration):
        check(page, arrive)
