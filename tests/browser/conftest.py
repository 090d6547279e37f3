"""A state served to a real browser."""

import threading

import pytest
from werkzeug.serving import make_server

from ..built import book, slides  # noqa: F401


@pytest.fixture
def address(site):
    """The state under test, served on this machine."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
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
