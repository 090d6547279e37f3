"""What the pictures of the steps show, played without a browser."""

import hashlib
import re
import tomllib
from datetime import UTC, datetime
from urllib.parse import urljoin

from bs4 import BeautifulSoup

from ..loading import package_of

SCENES = "scenes.toml"
EVENING = datetime(2026, 11, 21, 18, tzinfo=UTC)  # what a clock says here
RANDOM = re.compile(r"[\w.$-]{40,}")  # a form's token, a salt and its hash
ENTERED = "input[name]:not([type=checkbox])"


def folder_of(course):
    return course.root / "chapters" / "pictures"


def scenes_of(course, kind):
    """The moves of each of the `pictures` or `drawings`, by slug."""
    path = folder_of(course) / SCENES
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return tomllib.loads(text).get(kind, {})


class Scene:
    """Somebody at the program of a step, who makes moves.

    `answer` is the page that came last.
    """

    def __init__(self, course, slug):
        package = package_of(course, course.slugs[slug])
        self.app = course.program.rehearsed(package)
        self.client = self.app.test_client()
        self.answer = None

    def play(self, moves):
        import time_machine

        with time_machine.travel(EVENING, tick=False):
            for move in moves:
                self.move(**move)
        return self

    def move(self, drawn=False, **what):
        ((name, value),) = what.items()
        getattr(self, name)(value)

    def session(self, values):
        with self.client.session_transaction() as session:
            session.update(values)

    def browser(self, name):
        self.client = self.app.test_client()
        self.client.environ_base["HTTP_USER_AGENT"] = name

    def open(self, path):
        self.answer = self.client.get(path, follow_redirects=True)

    def post(self, path, data=()):
        self.answer = self.client.post(
            path, data=dict(data), follow_redirects=True
        )

    def press(self, path):
        at = f'form[action="{path}"], form:has([formaction="{path}"])'
        self.send(at, {}, path)

    def type(self, fields):
        typed = {
            name: "a" * text if isinstance(text, int) else text
            for name, text in fields.items()
        }
        self.send(f"form:has([name={min(typed)}])", typed)

    def send(self, which, typed, to=None):
        form = self.soup.select_one(which)
        filled = {
            each["name"]: each.get("value", "")
            for each in form.select(ENTERED)
        }
        to = to or form.get("action")
        url = urljoin(self.answer.request.url, to)
        self.post(url, filled | typed)

    @property
    def soup(self):
        return BeautifulSoup(self.answer.text, "html.parser")

    @property
    def digest(self):
        """A digest of what a browser shows: the page and its styles."""
        links = self.soup.select("link[rel=stylesheet]")
        styles = [self.client.get(link["href"]).text for link in links]
        page = RANDOM.sub("…", self.answer.text)
        seen = "\0".join([page, *styles])
        return hashlib.sha256(seen.encode()).hexdigest()
