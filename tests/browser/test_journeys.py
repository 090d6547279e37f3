"""What a person does, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.chapters.people import ANNA, SUSAN

from .people import log_in, register


@pytest.fixture
def susan(site):
    site.add(SUSAN)


@pytest.mark.holds_from("register")
def test_register_log_in_land_where_you_wanted_log_out_be_asked_again(page):
    page.goto("/index?page=2")
    page.get_by_role("link", name="Register").click()
    register(page, ANNA)
    expect(page.get_by_role("status")).to_contain_text("ready")
    log_in(page, ANNA)
    expect(page).to_have_url(re.compile(r"/index\?page=2$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(ANNA.username)
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/login"))
    page.goto("/index?page=2")
    expect(page).to_have_url(re.compile("/login"))


@pytest.mark.holds_from("back-to-where-you-were")
def test_a_wrong_password_keeps_the_name_and_the_page_asked_for(page, susan):
    page.goto("/index?page=2")
    log_in(page, SUSAN, password="wrong")
    expect(page.get_by_label("Username")).to_have_value(SUSAN.username)
    expect(page.get_by_label("Password")).to_have_value("")
    expect(page.get_by_label("Password")).to_be_focused()
    page.get_by_label("Password").fill(SUSAN.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/index\?page=2$"))


@pytest.mark.holds_from("register")
def test_all_of_it_by_keyboard_alone(page):
    def fill_in(*words):
        for word in words:
            page.keyboard.type(word)
            page.keyboard.press("Tab")

    page.goto("/index?page=2")
    expect(page.get_by_label("Username")).to_be_focused()
    tab_to(page, "Register")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_focused()
    fill_in(*ANNA.registration.values())
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_focused()
    fill_in(ANNA.username, ANNA.password)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/index\?page=2$"))
    tab_to(page, "Log out")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/login"))


def tab_to(page, name):
    """Press Tab until what has the focus reads like name."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == name:
            return
    raise AssertionError(f"{name} cannot be reached with Tab on {page.url}")


@pytest.mark.holds_from("back-to-where-you-were")
def test_a_browser_that_is_led_astray_stays_here(page, susan):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for target in ("//other.example", "/\\other.example", "/\t/other.example"):
        page.goto("/login")
        query = page.evaluate("t => new URLSearchParams({next: t})+''", target)
        page.goto(f"/login?{query}")
        log_in(page, SUSAN)
        expect(page.get_by_role("heading", level=1)).to_contain_text(
            SUSAN.username
        )
        page.get_by_role("button", name="Log out").click()
    here = page.evaluate("location.origin")
    assert all(url.startswith((here, "data:")) for url in asked), asked
