"""A real browser, and a state served to it.

Uses the Chromium or Chrome of the system. Where there is none, the tests of
this folder are skipped; with BROWSER=required they fail instead.
"""

import os
import threading

import pytest
from werkzeug.serving import make_server

from course.browser import find_browser, open_browser

from ..built import book, slides  # noqa: F401


@pytest.fixture(scope="session")
def browser():
    path = find_browser()
    if path is None:
        if os.environ.get("BROWSER") == "required":
            pytest.fail("BROWSER=required, and no Chromium or Chrome is here")
        pytest.skip("needs Chromium or Chrome, and none was found")
    with open_browser(path) as browser:
        yield browser


@pytest.fixture
def address(site):
    """The state under test, served on this machine."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser, address):
    """A fresh window on the state's front page's address; errors are kept."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
