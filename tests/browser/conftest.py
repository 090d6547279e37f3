"""A state served to a real browser."""

import pytest

from course.serving import served

from ..built import book, slides  # noqa: F401


@pytest.fixture
def address(site):
    """The state under test, served on this machine."""
    with served(site.app) as address:
        yield address


@pytest.fixture
def page(browser, address):
    """A fresh window on the state's front page's address; errors are kept."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
