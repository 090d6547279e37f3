"""What a real browser keeps of a page, and what it shows inside another."""

import re

import pytest
from playwright.sync_api import expect

from course.browser import QUIET, find_browser, for_root
from tests.chapters.people import SUSAN

from .people import log_in


@pytest.fixture
def susan(site):
    site.add(SUSAN)


@pytest.fixture(scope="module")
def keeper(browser):
    """A browser that keeps pages for Back, as those of people do."""
    path = find_browser(whole=True)
    if path is None:
        pytest.skip("needs Chromium or Chrome, and not the headless shell")
    other = browser.browser_type.launch(
        executable_path=path,
        args=QUIET + for_root(),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield other
    other.close()


@pytest.mark.since("what-the-browser-may-keep")
def test_back_does_not_show_the_member_page_after_logging_out(
    keeper, address, susan
):
    page = keeper.new_context(base_url=address).new_page()
    page.goto("/login?next=/index?page=2")
    log_in(page, SUSAN)
    expect(page).to_have_url(re.compile(r"page=2$"))
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/login"))
    page.go_back(wait_until="commit")
    page.wait_for_function("document.readyState == 'complete'")
    said = page.get_by_role("main").inner_text()
    page.context.close()
    assert SUSAN.username not in said, f"Back shows: {said}"


FRAME = "<iframe src='{}/login' title='the login'></iframe>"


@pytest.mark.since("what-the-browser-may-keep")
def test_a_page_of_another_site_cannot_frame_the_login(page, address):
    page.set_content(FRAME.format(address))
    page.wait_for_load_state("load")
    framed = page.frames[1].get_by_role("button").count()
    assert not framed, f"the frame shows {framed} buttons of the login"


@pytest.mark.since("odd-requests")
def test_who_pastes_too_much_is_shown_the_way_on(page):
    page.goto("/login")
    page.get_by_label("Username").fill("susan")
    page.get_by_label("Password").fill("x" * 100_000)
    page.keyboard.press("Enter")
    main = page.get_by_role("main")
    expect(main).to_contain_text("too long", timeout=2000)
    main.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/login"))


@pytest.mark.holds_from(
    "load-the-user",
    only="snapshots",
    until="a-row-for-each-login",
    because="The session holds the token of a login, which nobody guesses.",
)
def test_whoever_knows_the_key_can_be_anyone(page, site, susan):
    """What the page of this step has its reader try, before any cookie."""
    signer = site.app.session_interface.get_signing_serializer(site.app)
    text = signer.dumps({"_user_id": "1"})
    page.goto("/static/style.css")
    page.evaluate(
        "said => { document.cookie = said }", f"session={text}; path=/"
    )
    page.goto("/")
    expect(page.get_by_role("banner")).to_contain_text(SUSAN.username)
