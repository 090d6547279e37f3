"""One person with two browsers, as in chapter 6."""

import re

import pytest
from playwright.sync_api import expect

from tests.chapters.people import SUSAN

from .people import log_in, send

PHONE = "Telephone/7"
NEW = "a new and longer password"


@pytest.fixture
def susan(site):
    site.add(SUSAN)


@pytest.fixture
def phone(browser, address):
    """A window of another browser, with cookies of its own."""
    context = browser.new_context(base_url=address, user_agent=PHONE)
    phone = context.new_page()
    phone.set_default_timeout(10_000)
    yield phone
    context.close()


def enter(page):
    page.goto("/account")
    page.get_by_label("Remember me").check()
    log_in(page, SUSAN)
    expect(page.get_by_text("(this browser)")).to_be_visible()


@pytest.mark.holds_from("log-out-there")
def test_one_browser_ends_the_login_of_another(page, phone, susan):
    enter(phone)
    enter(page)
    line = page.get_by_role("listitem").filter(has_text=PHONE)
    line.get_by_role("button", name="Log out there").click()
    expect(page.get_by_role("status")).to_contain_text("logged out there")
    expect(page.get_by_text(PHONE)).to_have_count(0)
    phone.reload()
    expect(phone).to_have_url(re.compile("/login"))
    phone.context.clear_cookies(name="session")
    phone.goto("/")
    expect(phone).to_have_url(re.compile("/login"))
    page.reload()
    expect(page).to_have_url(re.compile("/account$"))


@pytest.mark.holds_from("change-the-password")
def test_who_is_remembered_is_asked_and_a_new_password_ends_the_rest(
    page, phone, susan
):
    enter(phone)
    enter(page)
    page.context.clear_cookies(name="session")
    page.goto("/account")
    page.get_by_role("button", name="Log out everywhere else").click()
    expect(page).to_have_url(re.compile("/confirm"))
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(SUSAN.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/account$"))
    expect(page.get_by_text(PHONE)).to_be_visible()
    page.get_by_role("link", name="Change your password").click()
    send(
        page,
        {
            "old_password": SUSAN.password,
            "password": NEW,
            "password2": NEW,
        },
    )
    expect(page.get_by_role("status")).to_contain_text("changed")
    expect(page.get_by_text(PHONE)).to_have_count(0)
    phone.reload()
    log_in(phone, SUSAN)
    expect(phone.get_by_label("Password")).to_be_focused()
    log_in(phone, SUSAN, password=NEW)
    expect(phone.get_by_text("(this browser)")).to_be_visible()
