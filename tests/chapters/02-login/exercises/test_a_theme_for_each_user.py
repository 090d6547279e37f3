"""Exercise: a theme for each user."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import MARIA, SUSAN

pytestmark = pytest.mark.exercise("a-theme-for-each-user")


@pytest.fixture
def choose(site):
    """A function: susan, in a browser of her own, who chose a theme."""
    site.add(SUSAN)
    site.add(MARIA)

    def choose(theme):
        visitor = site.visitor()
        visitor.log_in(SUSAN)
        visitor.fill(visitor.see("/theme"), "theme", theme=theme)
        return visitor

    return choose


def must_have_theme(page, theme, done):
    came = page.soup.html.get("data-theme") or "auto"
    expect(
        came == theme,
        done,
        f'the first element of {page.path} has data-theme="{came}"',
        f'data-theme="{theme}"',
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_who_chose_carry_the_theme(choose, theme):
    visitor = choose(theme)
    for path in ("/", "/theme"):
        page = visitor.see(path)
        must_have_theme(page, theme, f"Chose the theme {theme}.")
        page.must_be_whole()


def test_the_theme_is_there_in_another_browser(site, visitor, choose):
    choose("dark")
    visitor.log_in(SUSAN)
    done = "Chose the theme dark, and logged in with another browser."
    must_have_theme(visitor.see("/"), "dark", done)


def test_nobody_else_sees_the_theme(site, visitor, choose):
    page = choose("dark").log_out()
    must_have_theme(page, "auto", "Chose the theme dark and logged out.")
    visitor.log_in(MARIA)
    done = "Susan chose the theme dark; maria logged in."
    must_have_theme(visitor.see("/"), "auto", done)


def test_a_link_on_the_front_page_leads_to_the_themes(choose):
    expect(
        choose("dark").see("/").links_to("/theme"),
        "Looked on the front page for the way to /theme.",
        "no link",
        "a link: nobody types addresses",
    )


def test_a_choice_can_be_taken_back(choose):
    visitor = choose("dark")
    visitor.fill(visitor.see("/theme"), "theme", theme="auto")
    done = "Chose the theme dark, then auto."
    must_have_theme(visitor.see("/"), "auto", done)


@pytest.mark.parametrize("odd", ["neon", "dark light", '"><script>', "d" * 99])
def test_what_is_no_theme_is_not_kept(choose, odd):
    visitor = choose("dark")
    visitor.fill(visitor.see("/theme"), "theme", theme=odd)
    done = f"Chose the theme dark, then sent {odd[:20]!r} as a theme."
    must_have_theme(visitor.see("/"), "dark", done)


def test_a_stranger_is_asked_to_log_in_for_a_theme(visitor):
    page = visitor.see("/theme")
    expect(
        page.path.startswith("/login"),
        "Opened /theme, logged out.",
        f"{page.path}, status {page.status}",
        "the login page",
    )
