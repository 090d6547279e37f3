"""Exercise: a second provider, with a title of its own."""

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN
from tests.chapters.signing_in import sign_in, words_of

TITLE = "The University of Example"


def pressed(page):
    return [words_of(b) for b in page.main.find_all(["button", "input"])]


def two(site_with, server, title):
    both = server.provider("uni2"), server.provider("example")
    return both, site_with(*both, OPENID_UNI2_TITLE=title)


@pytest.mark.exercise("a-second-provider")
def test_the_button_says_the_title(site_with, server):
    _, site = two(site_with, server, TITLE)
    found = pressed(site.visitor().see("/login"))
    expect(
        any(TITLE.lower() in words for words in found),
        f'Set OPENID_UNI2_TITLE="{TITLE}", and opened /login.',
        f"the buttons {found}",
        "one that says the title",
    )


@pytest.mark.exercise("a-second-provider")
def test_the_account_says_the_title(site_with, server):
    _, site = two(site_with, server, TITLE)
    site.add(SUSAN)
    visitor = site.visitor()
    visitor.log_in(SUSAN)
    text = visitor.see("/account").main.get_text(" ", strip=True)
    expect(
        TITLE in text,
        f'Set OPENID_UNI2_TITLE="{TITLE}", and opened /account.',
        text[:200],
        "the title, on the button that connects it",
    )


@pytest.mark.exercise("a-second-provider")
def test_a_title_is_text_and_no_html(site_with, server):
    _, site = two(site_with, server, "Fish & <b>Chips</b>")
    page = site.visitor().see("/login")
    expect(
        any("fish & <b>chips</b>" in words for words in pressed(page)),
        "Gave a provider the title “Fish & <b>Chips</b>”.",
        f"the buttons {pressed(page)}",
        "the title as it is, escaped",
    )


@pytest.mark.exercise("a-second-provider", holds=True)
def test_without_a_title_it_is_called_as_before(site_with, server):
    (_, example), site = two(site_with, server, TITLE)
    found = pressed(site.visitor().see("/login"))
    expect(
        any("example" in w and "university" not in w for w in found),
        "Gave a title to the other provider, and opened /login.",
        f"the buttons {found}",
        "one for example, called as before",
    )
    assert example.name == "example"


@pytest.mark.exercise("a-second-provider", holds=True)
def test_one_signs_in_with_each(site_with, server):
    from tests.chapters.signing_in import ZOE

    (uni2, example), site = two(site_with, server, None)
    for number, provider in enumerate((uni2, example)):
        visitor = site.visitor()
        claims = ZOE.but(email=f"zoe{number}@example.com")
        sign_in(visitor, provider, claims)
        expect(
            visitor.who(),
            f"Signed in with {provider.name}.",
            "nobody is logged in",
            "somebody is",
        )
