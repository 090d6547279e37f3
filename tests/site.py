"""A program under test, and the people who visit it.

What goes wrong is told as a learner needs it: what was done, what came
back, what was expected.
"""

import traceback
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import got_request_exception

HOST = "http://localhost"


def expect(truth, done, came_back, expected):
    """Raise an AssertionError in a learner's words unless truth holds."""
    if not truth:
        raise AssertionError(
            f"{done}\n    came back: {came_back}\n    expected:  {expected}"
        )


class Site:
    """One application made by a program's factory.

    Errors become the page that a visitor would see; `last_error` keeps the
    place that the last one came from.
    """

    def __init__(self, package, database=None, **config):
        self.package = package
        self.last_error = None
        settings = {"TESTING": True, "PROPAGATE_EXCEPTIONS": False}
        if database:
            settings["SQLALCHEMY_DATABASE_URI"] = database
        self.app = package.create_app(settings | config)
        got_request_exception.connect(self.note_error, self.app)

    def close(self):
        if "sqlalchemy" in self.app.extensions:
            with self.app.app_context():
                self.db.engine.dispose()

    def note_error(self, sender, exception, **extra):
        frames = traceback.extract_tb(exception.__traceback__)
        ours = [f for f in frames if "/microblog/" in f.filename] or frames
        place = f"{ours[-1].filename}, line {ours[-1].lineno}"
        self.last_error = f"{type(exception).__name__}: {exception} ({place})"

    def part(self, module, name):
        """A name from one of the program's modules."""
        found = getattr(getattr(self.package, module, None), name, None)
        expect(
            found is not None,
            f"Looked for `{name}` in microblog/{module}.py.",
            "there is none",
            f"the {name} that the step describes",
        )
        return found

    @property
    def db(self):
        return self.part("models", "db")

    @property
    def User(self):
        return self.part("models", "User")

    @contextmanager
    def session(self):
        """A database session, inside an application context."""
        with self.app.app_context():
            yield self.db.session

    def add_user(self, username="susan", password=None, email=None):
        """Put a user into the table; return its id."""
        user = self.User(
            username=username, email=email or f"{username}@example.com"
        )
        if password is not None:
            setter = getattr(user, "set_password", None)
            expect(
                setter,
                "Looked for a way to give a user a password.",
                "User has no method set_password",
                "user.set_password(password), which keeps the hash",
            )
            setter(password)
        with self.session() as session:
            session.add(user)
            session.commit()
            return user.id

    def count_users(self, **values):
        with self.session() as session:
            return session.query(self.User).filter_by(**values).count()

    def visitor(self):
        return Visitor(self)


class Page:
    """What a visitor sees after a request and the redirects behind it."""

    def __init__(self, response, url):
        self.status = response.status_code
        self.url = url
        self.soup = BeautifulSoup(
            response.get_data(as_text=True), "html.parser"
        )
        self.headers = response.headers

    @property
    def path(self):
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def text(self):
        return self.soup.get_text(" ", strip=True)

    def form(self, field="password"):
        """The form that has a field of this name."""
        for form in self.soup.find_all("form"):
            if form.find(attrs={"name": field}):
                return form
        raise AssertionError(
            f"Looked on {self.path} for a form with a field `{field}`.\n"
            f"    came back: status {self.status}, “{self.text[:60]}”\n"
            "    expected:  such a form"
        )

    def token(self):
        """The token of the page's form; an AssertionError without one."""
        value = self.field("csrf_token").get("value")
        expect(
            value,
            f"Looked for the token in the form of {self.path}.",
            "an empty one",
            "the value of csrf_token()",
        )
        return value

    def field(self, name):
        return self.form(name).find(attrs={"name": name})

    def error_of(self, name):
        """The error that is tied to a field, as a screen reader finds it."""
        ids = self.field(name).get("aria-describedby", "").split()
        found = [self.soup.find(id=each) for each in ids]
        return " ".join(e.get_text(" ", strip=True) for e in found if e)


class Visitor:
    """Someone with a browser: opens pages, fills in forms, keeps cookies."""

    def __init__(self, site):
        self.site = site
        self.client = site.app.test_client()
        self.page = None

    def send(self, path, method="GET", data=None, **options):
        """One request, no redirect followed; a 500 is an AssertionError."""
        response = self.client.open(path, method=method, data=data, **options)
        expect(
            response.status_code != 500,
            f"{method} {path} {dict(data) if data else ''}".strip(),
            f"500, an error page. The program raised {self.site.last_error}",
            "a page for people",
        )
        return response

    def open(self, path, method="GET", data=None):
        """Go to a page as a browser does, redirects followed."""
        url = urljoin(HOST + "/", path)
        response = self.send(path, method, data)
        for _ in range(5):
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            url = urljoin(url, response.headers["Location"])
            response = self.send(url)
        self.page = Page(response, url)
        return self.page

    def see(self, path):
        """Open a page that has to be there."""
        page = self.open(path)
        expect(
            page.status == 200,
            f"Opened {path}.",
            f"status {page.status}",
            "the page, status 200",
        )
        return page

    def fill(self, page, field="password", **typed):
        """Fill in the form that has a field, and send it."""
        form = page.form(field)
        inputs = form.find_all(["input", "textarea"])
        kept = {
            each["name"]: each.get("value", "")
            for each in inputs
            if each.get("name") and each.get("type") != "checkbox"
        }
        target = urljoin(page.url, form.get("action") or page.url)
        return self.open(
            target, form.get("method", "get").upper(), kept | typed
        )

    def log_in(self, username="susan", password="", at="/login", **more):
        page = self.see(at)
        typed = {"username": username, "password": password}
        return self.fill(page, **typed, **more)

    def log_out(self):
        """Press the button that logs out, on the page that is open."""
        for form in self.page.soup.find_all("form", method="post"):
            if form.get("action", "").endswith("/logout"):
                hidden = form.find_all("input")
                data = {i["name"]: i.get("value", "") for i in hidden}
                return self.open(form["action"], "POST", data)
        raise AssertionError(
            f"Looked on {self.page.path} for the button that logs out.\n"
            "    came back: no form that posts to /logout\n"
            "    expected:  one, on every page of a logged-in user"
        )

    def who(self):
        """The username that the program takes this visitor for, or None."""
        expect(
            hasattr(self.site.app, "login_manager"),
            "Asked the program who is visiting.",
            "it has no login manager",
            "LoginManager, with init_app(app) called in create_app",
        )
        from flask_login import current_user

        with self.client:
            self.send("/")
            user = current_user
            return user.username if user.is_authenticated else None

    def must_be(self, name, done):
        came = self.who()
        expect(
            came == name,
            done,
            f"logged in as {came}" if came else "nobody is logged in",
            f"logged in as {name}" if name else "nobody is logged in",
        )

    def cookie(self, name):
        return self.client.get_cookie(name)

    def plant(self, **values):
        """Write into the session, as the program itself could."""
        with self.client.session_transaction() as session:
            session.update(values)
