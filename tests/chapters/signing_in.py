"""Someone who signs in with a provider: there, and back."""

from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urljoin

from .expectation import expect
from .page import sends


class Claims(NamedTuple):
    """What a provider knows of somebody."""

    sub: str
    email: object
    email_verified: object = True
    nickname: object = None

    def but(self, **changes):
        return self._replace(**changes)

    def __str__(self):
        return self.sub


ZOE = Claims("248289761001", "zoe@example.com", nickname="zoe")


def buttons(page, name):
    """What can be pressed on a page to go to the provider of that name."""
    found = page.main.find_all(["button", "input"])
    return [b for b in found if sends(b) and name in words_of(b)]


def words_of(button):
    text = button.get_text(" ", strip=True) or button.get("value", "")
    return text.lower()


def button(page, name, word=""):
    """The one button that has a provider's name, and perhaps a word."""
    found = [b for b in buttons(page, name) if word in words_of(b)]
    seen = [words_of(b) for b in page.main.find_all("button")]
    expect(
        len(found) == 1,
        f"Looked on {page.path} for the button “{word} {name}”.".replace(
            "“ ", "“… "
        ),
        f"{len(found)} of them; the buttons are {seen}",
        "one button, with the provider's name on it",
    )
    return found[0]


def press(visitor, page, one, **typed):
    """Press a button, and follow nothing: the response."""
    form = one.find_parent("form")
    expect(
        form,
        f"Pressed “{words_of(one)}” on {page.path}.",
        "nothing: it is in no form",
        "a form that is sent by POST",
    )
    data = {
        each["name"]: each.get("value", "")
        for each in page.controls_of(form)
        if each.get("name") and each.get("type") in ("hidden", "text", None)
        if each.name == "input"
    }
    if one.get("name"):
        data[one["name"]] = one.get("value", "")
    target = urljoin(page.url, one.get("formaction") or page.target_of(form))
    return visitor.send(target, "POST", data | typed)


def set_out(visitor, provider, at="/login", word="", **typed):
    """Press the button that leads to a provider; where it leads."""
    page = visitor.see(at)
    one = button(page, provider.name, word)
    response = press(visitor, page, one, **typed)
    return urljoin(page.url, response.headers.get("Location", page.url))


def come_back(visitor, provider, claims, away):
    """Say yes at a provider, and come back; the page then."""
    return visitor.open(provider.allow(away, **known(claims)))


def known(claims):
    return claims._asdict()


def sign_in(visitor, provider, claims, at="/login", word="", **typed):
    """All of the way there and back; the page at its end."""
    away = set_out(visitor, provider, at, word, **typed)
    return come_back(visitor, provider, claims, away)


def messages(page):
    """What a page announces."""
    found = page.soup.find_all(role=["status", "alert"])
    return [tag.get_text(" ", strip=True) for tag in found]


def must_be_refused(site, visitor, page, done, users=None):
    """It is the login page, with one message, and nothing has changed."""
    users = site.count() if users is None else users
    expect(
        page.path.split("?")[0] == "/login" and page.status == 200,
        done,
        f"{page.path}, status {page.status}",
        "the login page",
    )
    expect(
        len(messages(page)) == 1 and page.soup.find(role="alert"),
        f"{done} Read the page then.",
        f"{len(messages(page))} messages: {messages(page)}",
        "one message, a warning or a danger: that it did not work",
    )
    expect(
        site.count() == users,
        done,
        f"{site.count()} users, and there were {users}",
        "nothing that has changed",
    )
    visitor.must_be(None, done)


def grow_old(visitor):
    """Let a login be one that was remembered, and not made just now."""
    visitor.plant(_fresh=False)


def quietly(call, *arguments):
    """What comes of a call that may be refused in any way: a page or None."""
    with suppress(AssertionError):
        return call(*arguments)
    return None
