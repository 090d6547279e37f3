"""What a person does, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.chapters.people import ANNA, SUSAN

from .people import log_in, register


@pytest.fixture
def susan(site):
    site.add(SUSAN)


@pytest.mark.holds_from(
    "register",
    until="in-at-once",
    because="whoever registers is logged in at once",
)
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


@pytest.mark.holds_from("in-at-once")
def test_register_land_where_you_wanted_log_out_be_asked_again(page):
    page.goto("/index?page=2")
    page.get_by_role("link", name="Register").first.click()
    register(page, ANNA)
    expect(page).to_have_url(re.compile(r"/index\?page=2$"))
    expect(page.get_by_role("status")).to_contain_text("ready")
    expect(page.get_by_role("heading", level=1)).to_contain_text(ANNA.username)
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/login"))
    page.goto("/index?page=2")
    expect(page).to_have_url(re.compile("/login"))


@pytest.mark.holds_from("messages-of-a-kind")
def test_a_message_is_closed_by_mouse_or_keyboard(page, susan):
    page.goto("/")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_text("Close").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.get_by_text("Close")).to_be_hidden()
    log_in(page, SUSAN)
    expect(page.get_by_role("status")).to_be_visible()
    tab_to(page, "Close")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_hidden()
    tab_to(page, "Log out")


@pytest.mark.holds_from("in-at-once")
def test_a_second_tab_is_led_on_once_somebody_is_in(page, susan):
    second = page.context.new_page()
    second.goto("/index?page=3")
    expect(second).to_have_url(re.compile("/login"))
    page.goto("/")
    log_in(page, SUSAN)
    second.reload()
    expect(second).to_have_url(re.compile(r"/index\?page=3$"))


@pytest.mark.holds_from("in-at-once")
def test_registering_by_keyboard_alone(page):
    page.goto("/index?page=2")
    tab_to(page, "Register")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_focused()
    fill_in(page, *ANNA.registration.values())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/index\?page=2$"))
    tab_to(page, "Log out")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/login"))


def fill_in(page, *words):
    for word in words:
        page.keyboard.type(word)
        page.keyboard.press("Tab")


@pytest.mark.holds_from(
    "register",
    until="in-at-once",
    because="whoever registers is logged in at once",
)
def test_all_of_it_by_keyboard_alone(page):
    page.goto("/index?page=2")
    expect(page.get_by_label("Username")).to_be_focused()
    tab_to(page, "Register")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_focused()
    fill_in(page, *ANNA.registration.values())
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_focused()
    fill_in(page, ANNA.username, ANNA.password)
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
