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


@pytest.mark.holds_from("a-page-of-your-own")
def test_log_in_by_email_and_read_your_account_by_keyboard_alone(page, susan):
    page.goto("/account")
    expect(page).to_have_url(re.compile("/login"))
    expect(page.get_by_label("Username")).to_be_focused()
    fill_in(page, "Susan@Example.com", SUSAN.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/account$"))
    account = page.get_by_role("main")
    expect(account).to_contain_text(SUSAN.email)
    expect(account).to_contain_text(SUSAN.username)
    page.goto("/")
    tab_to(page, f"{SUSAN.username}, {SUSAN.email}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/account$"))
    tab_to(page, "Log out")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/login"))
    page.go_back()
    expect(page).to_have_url(re.compile("/login"))


@pytest.mark.holds_from("one-address-one-account")
def test_a_browser_lets_every_shape_of_an_address_through(page, site):
    anna = ANNA.but(email="anna@xn--bcher-kva.de")
    page.goto("/register")
    register(page, anna)
    expect(page.get_by_role("status")).to_contain_text("ready")
    for typed in (anna.email, "Anna@Bücher.de", anna.username):
        page.get_by_role("button", name="Log out").click()
        log_in(page, anna, username=typed)
        expect(page.get_by_role("heading", level=1)).to_contain_text("anna")


@pytest.mark.holds_from("a-page-of-your-own", only="snapshots")
def test_a_long_address_does_not_make_a_phone_scroll(page, site):
    person = SUSAN.but(email=f"{'susan' * 12}@{'long' * 10}.example.com")
    site.add(person)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/account")
    log_in(page, person)
    expect(page.get_by_role("main")).to_contain_text(person.email)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, f"/account is {over}px wider than a phone"
