"""Sign-ins at a provider that runs beside a notebook, one move at a time."""

from functools import cache
from urllib.parse import parse_qsl, urlsplit

import requests

from ..provider import HOST, free_port, settings, started, wait_for
from .visits import open_site, session_of, token_in

NAME = "example"
MALLORY = {
    "email": "mallory@example.com",
    "email_verified": True,
    "nickname": "mallory",
}
running = []  # a provider ends with its input, which ends with this process


@cache
def beside():
    """What a program is told of a provider that runs until the kernel ends.

    It knows the people of `course.provider`, and Mallory. Raises CourseError
    where it does not start.
    """
    port = free_port()
    running.append(started(port))
    wait_for(running[-1], port)
    issuer = f"http://{HOST}:{port}"
    requests.put(f"{issuer}/users/mallory", json=MALLORY).raise_for_status()
    return settings(issuer)


def open_with_provider(state):
    """A state's program of its own, told of the provider beside it."""
    app = open_site(state, beside())
    app.logger.disabled = True  # what it refuses is shown, not logged
    return app


def set_out(browser):
    """Press the button that leads to the provider; the address there."""
    token = token_in(browser.get("/login"))
    form = {"csrf_token": token}
    return browser.post(f"/openid/{NAME}", data=form).location


def kept_in(browser):
    """What a program keeps of a start, in the session of that browser."""
    session = session_of(browser)
    (start,) = (v for k, v in session.items() if k.startswith("_state_"))
    return start["data"]


def said_in(address):
    """The names and values behind the question mark of an address."""
    return dict(parse_qsl(urlsplit(address).query))


def say_yes(address, subject):
    """Say yes at the provider's page; the address that leads back."""
    form = {"sub": subject}
    answer = requests.post(address, data=form, allow_redirects=False)
    return answer.headers["Location"]


def ask(address, form=None):
    """What the provider answers, in JSON, to a program's own request."""
    method = "GET" if form is None else "POST"
    answer = requests.request(method, address, data=form)
    answer.raise_for_status()
    return answer.json()


def client_of(app):
    """The part of a program that speaks with the provider: Authlib's."""
    return app.extensions["authlib.integrations.flask_client"].example


def id_token_for(app, subject):
    """The ID token that a program is given when somebody says yes."""
    back = say_yes(set_out(app.test_client()), subject)
    redirect_uri = back.partition("?")[0]
    with app.test_request_context():
        token = client_of(app).fetch_access_token(
            code=said_in(back)["code"], redirect_uri=redirect_uri
        )
    return token["id_token"]
