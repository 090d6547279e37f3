"""Someone with a browser, who visits a site."""

from urllib.parse import urljoin

from .expectation import expect
from .page import Page
from .people import credentials, recognised

HOST = "http://localhost"


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
            f"{method} {path} {typed(data)}".strip(),
            f"500, an error page. The program raised {self.site.last_error}",
            "a page for people",
            self.site.cause,
        )
        return response

    def look(self, path):
        """What one request comes back with, whatever it is."""
        with self.client.open(path) as response:
            return response.get_data(as_text=True)

    def text_of(self, path):
        """What a file of the site says."""
        with self.send(path) as response:
            return response.get_data(as_text=True)

    def open(self, path, method="GET", data=None):
        """Go to a page as a browser does, redirects followed."""
        url = urljoin(HOST + "/", path)
        response = self.send(path, method, data)
        for _ in range(5):
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            url = urljoin(url, response.headers["Location"])
            response = self.send(url)
        html = response.get_data(as_text=True)
        self.page = Page(html, url, response.status_code)
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
        """Fill in the form that has a field, and press its button."""
        form = page.form(field)
        expect(
            form in page.forms,
            f"Looked how the form of {page.path} is sent.",
            "with GET: what is typed would stand in the address",
            '<form method="post">',
        )
        came = self.press(page, form, **typed)
        expect(
            came.status != 405,
            f"Sent the form of {page.path}.",
            "status 405: the view does not take POST",
            'a view with methods=["GET", "POST"]',
        )
        return came

    def press(self, page, form, **typed):
        """Press the button of a form, after typing into its fields."""
        data = page.sent_by(form, **typed)
        return self.open(page.target_of(form), "POST", data)

    def log_in(self, person, at="/login", **typed):
        """Log in on the page at a path, or on a page that is open."""
        page = at if isinstance(at, Page) else self.see(at)
        return self.fill(page, **credentials(page, person) | typed)

    def answer_to_login(self, person, at="/login", **typed):
        """The response to a login, no redirect followed."""
        page = self.see(at)
        form, usual = page.form(), credentials(page, person)
        data = page.sent_by(form, **usual | typed)
        return self.send(page.target_of(form), "POST", data)

    def register(self, person, at="/register", **typed):
        """Register on the page at a path."""
        usual = person.registration
        return self.fill(self.see(at), "password2", **usual | typed)

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
        page = self.press(self.page, form)
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
        """Whom the program takes this visitor for, or None."""
        expect(
            hasattr(self.site.app, "login_manager"),
            "Asked the program who is visiting.",
            "it has no login manager",
            "LoginManager, with init_app(app) called in create_app",
        )
        from flask_login import current_user

        with self.client:
            self.send("/")
            return recognised(current_user)

    def must_be(self, person, done):
        """Whom the program takes this visitor for; None is nobody."""
        came, name = self.who(), person and person.username
        expect(
            came == name,
            done,
            f"logged in as {came}" if came else "nobody is logged in",
            f"logged in as {name}" if name else "nobody is logged in",
        )

    def cookie(self, name):
        return self.client.get_cookie(name)

    @property
    def session(self):
        """What the session holds now."""
        with self.client.session_transaction() as session:
            return dict(session)

    def plant(self, **values):
        """Write into the session, as the program itself could."""
        with self.client.session_transaction() as session:
            session.update(values)


def typed(data):
    """What somebody typed, without the token that the form sent along."""
    if isinstance(data, bytes):
        return data[:80]
    return {k: v for k, v in (data or {}).items() if k != "csrf_token"} or ""
