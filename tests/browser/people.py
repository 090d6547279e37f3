"""What people do with the forms of a page in a real browser."""

from tests.chapters.page import Page
from tests.chapters.people import credentials


def log_in(page, person, **typed):
    """Fill in the login form that is open, and press its button."""
    seen = Page(page.content(), page.url)
    send(page, credentials(seen, person) | typed)


def register(page, person):
    """Fill in the registration form that is open, and press its button."""
    send(page, person.registration)


def send(page, typed):
    form = page.locator("form:has([type=password])")
    for name, text in typed.items():
        form.locator(f"[name={name}]").fill(text)
    form.get_by_role("button").first.click()
