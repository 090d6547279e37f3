"""Signing in with a provider, in a real browser and at a real provider."""

import contextlib
import re

import pytest
from playwright.sync_api import expect

from course.provider import provider
from course.serving import served
from tests.chapters.people import SUSAN
from tests.chapters.site import Site

from .people import log_in

SIGN_IN = "Sign in with Example"
AT_PROVIDER = re.compile(r":\d+/oauth2/authorize\?")


@pytest.fixture
def visiting(package, browser, tmp_path):
    """A function: a block with a window on the program, as it is told now."""

    @contextlib.contextmanager
    def visiting():
        site = Site(package, f"sqlite:///{tmp_path / 'test.db'}")
        if not site.count():
            site.add(SUSAN)
        with served(site.app) as address:
            context = browser.new_context(base_url=address)
            page = context.new_page()
            page.set_default_timeout(10_000)
            yield page
            context.close()
        site.close()

    return visiting


def go_there(page, button=SIGN_IN):
    page.get_by_role("button", name=button).click()
    expect(page).to_have_url(AT_PROVIDER)


def say_yes(page, subject):
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def log_out(page):
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page).to_have_url(re.compile("/login"))


def greeting(page):
    return expect(page.get_by_role("heading", level=1))


@pytest.mark.holds_from("the-last-way-in", only="snapshots")
def test_sign_in_be_remembered_deny_connect_confirm_and_disconnect(visiting):
    with provider(), visiting() as page:
        signs_in_and_is_remembered(page)
        denies(page)
        has_an_address_with_an_account(page)
        connects(page)
        confirms(page)


@pytest.mark.holds_from("the-last-way-in", only="snapshots")
def test_a_provider_that_is_down_leaves_the_login_as_it_is(
    visiting, monkeypatch
):
    names = {"PROVIDERS": "example", "EXAMPLE_ISSUER": "http://localhost:9"}
    names |= {"EXAMPLE_CLIENT_ID": "me", "EXAMPLE_CLIENT_SECRET": "us"}
    for name, value in names.items():
        monkeypatch.setenv(f"OPENID_{name}", value)
    with visiting() as page:
        page.goto("/index?page=2")
        page.get_by_role("button", name=SIGN_IN).click()
        expect(page.get_by_role("alert")).to_contain_text("did not work")
        log_in(page, SUSAN)
        expect(page).to_have_url(re.compile(r"/index\?page=2$"))


def signs_in_and_is_remembered(page):
    page.goto("/index?page=2")
    page.get_by_label("Remember me").check()
    go_there(page)
    say_yes(page, "zoe")
    expect(page).to_have_url(re.compile(r"/index\?page=2$"))
    greeting(page).to_contain_text("zo")
    page.context.clear_cookies(name="session")
    page.goto("/index?page=3")
    greeting(page).to_contain_text("zo")


def denies(page):
    log_out(page)
    go_there(page)
    page.get_by_role("button", name="Deny").click()
    expect(page).to_have_url(re.compile("/login"))
    expect(page.get_by_role("alert")).to_contain_text("did not work")


def has_an_address_with_an_account(page):
    go_there(page)
    say_yes(page, "susan-at-example")
    expect(page).to_have_url(re.compile("/login"))
    expect(page.get_by_role("alert")).to_contain_text("has an account")


def connects(page):
    log_in(page, SUSAN)
    page.goto("/account")
    go_there(page, "Connect Example")
    say_yes(page, "susan-at-example")
    expect(page).to_have_url(re.compile("/account$"))
    expect(page.get_by_role("status")).to_contain_text("can let you in")
    log_out(page)
    go_there(page)
    say_yes(page, "susan-at-example")
    greeting(page).to_contain_text("susan")


def confirms(page):
    page.goto("/confirm?next=/account")
    go_there(page, "Confirm with Example")
    expect(page).to_have_url(re.compile("prompt=login"))
    say_yes(page, "susan-at-example")
    expect(page).to_have_url(re.compile("/account$"))
    page.get_by_role("button", name="Disconnect Example").click()
    expect(page.get_by_role("status")).to_contain_text("no more")
    log_out(page)
