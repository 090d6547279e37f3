"""A program under test, and the people who visit it.

What goes wrong is told as a learner needs it: what was done, what came
back, what was expected.
"""

import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask, got_request_exception

from course.places import told

HOST = "http://localhost"


def expect(truth, done, came_back, expected, cause=None):
    """Raise an AssertionError in a learner's words unless truth holds."""
    if not truth:
        raise AssertionError(
            f"{done}\n    came back: {came_back}\n    expected:  {expected}"
        ) from cause


class DoesNotStart(AssertionError):
    """The program cannot be imported, or its factory makes nothing."""


@contextmanager
def starting(root):
    """Tell what a program raises while it starts as a learner needs it."""
    try:
        yield
    except AssertionError:
        raise
    except (Exception, SystemExit) as error:
        raise DoesNotStart(
            "Imported microblog and called create_app().\n"
            f"    came back: {told(error, root)}\n"
            "    expected:  an application"
        ) from error


class Site:
    """One application made by a program's factory.

    Errors become the page that a visitor would see; `last_error` keeps the
    place that the last one came from.
    """

    def __init__(self, package, database=None, **config):
        self.package = package
        self.last_error = self.cause = None
        settings = {"TESTING": True, "PROPAGATE_EXCEPTIONS": False}
        if database:
            settings["SQLALCHEMY_DATABASE_URI"] = database
        self.app = self.started(settings | config)
        got_request_exception.connect(self.note_error, self.app)

    @property
    def root(self):
        """The folder that holds the package."""
        return Path(self.package.__file__).parent.parent

    def started(self, settings):
        factory = getattr(self.package, "create_app", None)
        expect(
            factory,
            "Looked for `create_app` in microblog/__init__.py.",
            "there is none",
            "the factory: def create_app(config=None)",
        )
        with starting(self.root):
            app = factory(settings)
        expect(
            isinstance(app, Flask),
            "Called create_app().",
            f"{app!r}",
            "the application: the factory ends with `return app`",
        )
        return app

    def close(self):
        if "sqlalchemy" in self.app.extensions:
            with self.app.app_context():
                self.db.engine.dispose()

    def note_error(self, sender, exception, **extra):
        self.cause = exception
        self.last_error = told(exception, self.root)

    def part(self, module, name):
        """A name from one of the program's modules, wherever it is."""
        package = self.package.__name__
        modules = [m for m in sys.modules if m.startswith(f"{package}.")]
        for each in [f"{package}.{module}", *modules, package]:
            found = getattr(sys.modules.get(each), name, None)
            if found is not None:
                return found
        raise AssertionError(
            f"Looked for `{name}` in microblog/{module}.py.\n"
            "    came back: there is none\n"
            f"    expected:  the {name} that the step describes"
        )

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
            self.method(user, "set_password")(password)
        with self.session() as session:
            session.add(user)
            session.commit()
            return user.id

    def method(self, user, name):
        found = getattr(user, name, None)
        expect(
            found,
            f"Looked for User.{name}.",
            "there is none",
            f"a method of the class User: user.{name}(password)",
        )
        return found

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

    def label_of(self, name):
        """The label of a field: tied by `for`, around it, or in it."""
        field = self.field(name)
        tied = self.soup.find("label", attrs={"for": field.get("id")})
        around = field.find_parent("label")
        return (field.get("id") and tied) or around or field.get("aria-label")

    @property
    def message(self):
        """What the page announces, as a screen reader finds it."""
        return self.soup.find(role=["status", "alert"]) or self.soup.find(
            "output"
        )

    @property
    def main(self):
        """The page without what stands around it on every page."""
        return self.soup.find("main") or self.soup.body or self.soup

    def links_to(self, path):
        links = self.soup.find_all("a", href=True)
        found = (urljoin(self.url, each["href"]) for each in links)
        return [each for each in found if urlsplit(each).path == path]

    @property
    def way_out(self):
        """The form that logs out, or None."""
        for form in self.soup.find_all("form"):
            target = urljoin(self.url, form.get("action") or self.url)
            posts = form.get("method", "get").lower() == "post"
            if posts and urlsplit(target).path == "/logout":
                return form
        return None

    def error_of(self, name):
        """The error that is tied to a field, as a screen reader finds it."""
        field = self.field(name)
        ties = ("aria-describedby", "aria-errormessage")
        ids = " ".join(field.get(tie, "") for tie in ties).split()
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
            self.site.cause,
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
        expect(
            form.get("method", "get").lower() == "post",
            f"Looked how the form of {page.path} is sent.",
            "with GET: what is typed would stand in the address",
            '<form method="post">',
        )
        target = urljoin(page.url, form.get("action") or page.url)
        came = self.open(target, "POST", sent_by(form) | typed)
        expect(
            came.status != 405,
            f"Sent the form of {page.path}.",
            "status 405: the view does not take POST",
            'a view with methods=["GET", "POST"]',
        )
        return came

    def log_in(self, username="susan", password="", at="/login", **more):
        page = self.see(at)
        typed = {"username": username, "password": password}
        return self.fill(page, **typed, **more)

    def log_out(self):
        """Press the button that logs out, on the page that is open."""
        if self.page.status != 200:
            self.see("/")
        form = self.page.way_out
        expect(
            form,
            f"Looked on {self.page.path} for the button that logs out.",
            "no form that posts to /logout",
            "one, on every page of a logged-in user",
        )
        page = self.open("/logout", "POST", sent_by(form))
        expect(
            page.status != 400,
            "Pressed the button that logs out.",
            f"status 400, “{page.text[:60]}”",
            "logged out; the form needs its token, "
            '<input type="hidden" name="csrf_token" '
            'value="{{ csrf_token() }}">',
        )
        return page

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


def sent_by(form):
    """What a browser sends of a form in which nobody typed or ticked."""
    return {
        each["name"]: each.get("value", "")
        for each in form.find_all(["input", "textarea"])
        if each.get("name") and each.get("type") not in ("checkbox", "submit")
    }
