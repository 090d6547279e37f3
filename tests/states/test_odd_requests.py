"""Whatever a program sends, no answer is a 500.

The requests are made by hand, without the help of a client that would refuse
to send them. With ALL=1 there are 20,000 for each state.
"""

import json
import os
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import create_environ, run_wsgi_app

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN
from tests.states.examples import examples

NUMBER = 20_000 if os.environ.get("ALL") else 120
NAMES = ["username", "password", "email", "password2", "remember_me"]
NAMES += ["csrf_token", "x-csrf_token", "next", "", "é"]
TEXTS = st.sampled_from(
    ["", " ", "a", "\0", "é", "\U0001f511", "x" * 5000, "[", "//", "%"]
)
TEXTS |= st.text(max_size=12)
ADDRESSES = st.sampled_from(
    [
        *("localhost", "localhost:abc", "localhost:99999", "xn--a", "[", ""),
        *("[::1", "[::1]", "a..b", "." * 300, "a b", "é", "-", "a@b", "a,b"),
        *("xn--a.example", "a\u2100b", "localhost:", ":80", "1.2.3.4:"),
    ]
)


@st.composite
def multipart(draw):
    """A body in parts: with names and without, files and texts."""
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([*NAMES, None]))
        file = draw(st.sampled_from([None, "", "a.txt", "é", '"']))
        line = "Content-Disposition: form-data"
        line += "" if name is None else f'; name="{name}"'
        line += "" if file is None else f'; filename="{file}"'
        kind = draw(st.sampled_from(["", "\r\nContent-Type: text/plain"]))
        parts.append(f"--b\r\n{line}{kind}\r\n\r\n{draw(TEXTS)}\r\n")
    end = draw(st.sampled_from(["--b--\r\n", "--b", "", "--c--"]))
    boundary = draw(st.sampled_from(["; boundary=b", "", "; boundary="]))
    body = ("".join(parts) + end).encode("utf-8", "surrogatepass")
    return "multipart/form-data" + boundary, body


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=5,
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), max_size=6)
FORM = "application/x-www-form-urlencoded"
KINDS = st.sampled_from(
    [
        *("", FORM, "text/plain", "application/json", "multipart/form-data"),
        *(f"{FORM}; charset=utf-7", f"{FORM}; charset=none", "é", ";", "a/b"),
    ]
)
BODIES = (
    multipart()
    | st.tuples(st.just("application/json"), JSON.map(json.dumps))
    | st.tuples(st.just(FORM), PAIRS.map(urlencode))
    | st.tuples(KINDS, st.binary(max_size=40))
    | st.tuples(KINDS, st.just("too long"))
)


@st.composite
def headers(draw):
    """Of some headers, what no browser says."""
    said = {}
    for name in draw(st.sets(st.sampled_from(["HOST", "REFERER", "ORIGIN"]))):
        address = draw(ADDRESSES)
        if name != "HOST":
            address = draw(st.sampled_from(["", "https://"])) + address
        said[f"HTTP_{name}"] = in_latin(address)
    if draw(st.booleans()):
        cookie = draw(st.sampled_from(["session", "remember_token", ""]))
        value = draw(TEXTS | st.sampled_from(["1|", "|", "1|é", "e30.a.b"]))
        said["HTTP_COOKIE"] = in_latin(f"{cookie}={value}")
    if draw(st.booleans()):
        said["CONTENT_LENGTH"] = draw(
            st.sampled_from(["", "0", "-1", "x", "9" * 30])
        )
    return said


def in_latin(text):
    """A text as WSGI hands it over: its bytes, each as a character."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


@pytest.mark.holds_from("odd-requests", only="snapshots")
def test_no_request_that_a_program_sends_gives_a_500(site):
    site.add(SUSAN)
    stranger, member = site.visitor(), site.visitor()
    member.log_in(SUSAN)
    senders = [
        (token_of(stranger, "/login"), cookie_of(stranger)),
        (token_of(member, "/"), cookie_of(member)),
        (None, None),
    ]
    rules = [r.rule for r in site.app.url_map.iter_rules() if not r.arguments]
    paths = [*rules, "/static/style.css", "/nothing-here", "//", "/%00"]

    @given(
        st.sampled_from(senders),
        st.sampled_from(paths),
        st.sampled_from(["POST", "POST", "POST", "GET", "PUT", "HEAD"]),
        st.sampled_from(["http", "https"]),
        BODIES,
        headers(),
    )
    @examples(NUMBER)
    def asked(sender, path, method, scheme, sent, said):
        kind, body = sent
        token, cookie = sender
        body = body.encode() if isinstance(body, str) else body
        body *= 20_000 if body == b"too long" else 1
        if token and kind == FORM:
            body += f"&csrf_token={token}".encode()
        environ = create_environ(
            path, f"{scheme}://localhost", method=method, data=body
        )
        environ["CONTENT_TYPE"] = in_latin(kind)
        environ |= {"HTTP_REFERER": "https://localhost/"}
        environ |= {"HTTP_X_CSRFTOKEN": token} if token else {}
        environ |= {"HTTP_COOKIE": cookie} if cookie else {}
        status = status_of(site, environ | said)
        expect(
            not status.startswith("500"),
            f"{method} {scheme}://…{path} with {kind}, {body[:60]}, {said}",
            f"{status}: {site.last_error}",
            "an answer that is no 500",
        )

    asked()


def status_of(site, environ):
    rest, status, _ = run_wsgi_app(site.app, environ)
    for _ in rest:
        pass
    if hasattr(rest, "close"):
        rest.close()
    return status


def token_of(visitor, path):
    """The token of the first form of a page."""
    page = visitor.see(path)
    return page.soup.find(attrs={"name": "csrf_token"})["value"]


def cookie_of(visitor):
    return f"session={visitor.cookie('session').value}"
