"""A program of the course that runs on this machine, and nothing else."""

import re
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.parse import unquote, urlencode
from urllib.request import (
    HTTPCookieProcessor,
    HTTPErrorProcessor,
    ProxyHandler,
    Request,
    build_opener,
)

from bs4 import BeautifulSoup

from ..serving import HOST, MARK

ADDRESS = re.compile(
    r"(?:http://)?(?:localhost|127\.0\.0\.1):(\d{1,5})"
    r"((?:/live/\d+\.\d+)?)/?"  # where the slides have it
)
LARGEST = 1024 * 1024


class Refused(Exception):
    """An address that is not attacked, and why, in words."""


class Untouched(HTTPErrorProcessor):
    """Every answer as it came: no redirect is followed, none is an error."""

    def http_response(self, request, response):
        return response


class Answer:
    """What came back: a status, headers, and a page."""

    def __init__(self, response, prefix=""):
        self.status, self.headers = response.status, response.headers
        self.reason = response.reason
        self.text = response.read(LARGEST).decode("utf-8", "replace")
        self.page = BeautifulSoup(self.text, "html.parser")
        self.location = self.headers.get("Location", "").removeprefix(prefix)
        self.is_redirect = 300 <= self.status < 400

    def __str__(self):
        to = f", on to {self.location}" if self.location else ""
        return f"{self.status} {self.reason}{to}"

    @property
    def words(self):
        """What a person reads on the page."""
        body = self.page.body or self.page
        return " ".join(body.get_text(" ").split())

    def filled(self, **typed):
        """The page's form with a password, its fields filled in by type."""
        fields = self.page.select("form:has([type=password]) input[name]")
        return {
            field["name"]: typed.get(
                field.get("type", "text"), field.get("value", "")
            )
            for field in fields
            if field.get("type") != "checkbox"
        }


class Program:
    """A program, asked as anyone can ask it who has no account there.

    `log` has every request and its answer; `here` is the other site's own
    host and port. Raises Refused for what is not a program of the course.
    """

    def __init__(self, address, here=""):
        found = ADDRESS.fullmatch(address.strip())
        if not found or f"127.0.0.1:{found[1]}" == here:
            raise Refused(
                "It attacks programs of the course on this machine, and "
                "nothing else: localhost and a port, such as localhost:5000."
            )
        self.prefix, self.here = found[2], here
        self.address = f"http://{HOST}:{int(found[1])}{self.prefix}"
        self.forget()
        self.log = []
        if self.get("/").headers.get(MARK[0]) != MARK[1]:
            raise Refused(
                f"What answers at {self.address} is not a program that "
                "make run or make chapter has started."
            )
        self.log = []

    def forget(self):
        """Come back as somebody who was never here, without a cookie."""
        self.cookies = CookieJar()
        kept = HTTPCookieProcessor(self.cookies)
        self.opener = build_opener(ProxyHandler({}), kept, Untouched())

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)

    def post(self, path, form):
        return self.ask("POST", path, urlencode(form).encode(), {})

    def ask(self, method, path, data, headers):
        request = Request(self.address + path, data, headers, method=method)
        try:
            with self.opener.open(request, timeout=10) as response:
                answer = Answer(response, self.prefix)
        except (OSError, HTTPException, ValueError):
            raise Refused(
                f"Nothing answers at {self.address}. Start your program with "
                "make run, in a terminal of its own."
            ) from None
        asked = [f"{method} {unquote(path)}", *headers.values()]
        self.log.append((", with ".join(asked), str(answer)))
        return answer
