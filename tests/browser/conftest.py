"""A state served to a real browser."""

import pytest

from course import matrix
from course.serving import served

from ..built import book, slides  # noqa: F401
from ..sampling import EVERYTHING


def pytest_collection_modifyitems(items):
    """A journey is made where it turns green and at the end, or with ALL=1
    in every state that the matrix names.
    """
    if not EVERYTHING:
        items[:] = [item for item in items if not is_passed_over(item)]


def is_passed_over(item):
    own = item.path.parent.name == "browser" and matrix.speaks_of_a_state(item)
    return own and matrix.is_between(item)


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
