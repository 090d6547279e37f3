"""Visits to a chapter's program: people, and browsers without a window."""

from functools import cache

from bs4 import BeautifulSoup
from werkzeug.security import generate_password_hash

import course

from ..program import PEOPLE, user_of
from .cookies import read

known_hash = cache(generate_password_hash)  # one each is enough for playing


def open_site(state, config=None):
    """A state's program of its own, with the people in it."""
    app = course.load(state, config)
    User, session = user_of(app), app.extensions["sqlalchemy"].session
    with app.app_context():
        for person in PEOPLE:
            stored = known_hash(person.password)
            names = {"username": person.username, "email": person.email}
            session.add(User(**names, password_hash=stored))
        session.commit()
    return app


def token_in(page):
    """The token in the first form of a page."""
    soup = BeautifulSoup(page.text, "html.parser")
    return soup.find("input", {"name": "csrf_token"})["value"]


def errors_in(page):
    """The messages that a page shows beside its fields."""
    found = BeautifulSoup(page.text, "html.parser")(class_="error")
    return [each.text for each in found if each.text]


def log_in(browser, person, at="/login", query_string=None, **more):
    """Fill in the login form and send it, as a person does."""
    form = {"username": person.username, "password": person.password}
    page = browser.get(at, query_string=query_string)
    form |= {"csrf_token": token_in(page)} | more
    return browser.post(at, query_string=query_string, data=form)


def log_out(browser):
    """Press the button that logs out."""
    token = token_in(browser.get("/"))
    return browser.post("/logout", data={"csrf_token": token})


def session_cookie(browser):
    """The session cookie that a browser keeps, as text."""
    return browser.get_cookie("session").value


def session_of(browser):
    """What the session that a browser keeps says."""
    return read(session_cookie(browser)).session


def who(app, cookie, agent=None):
    """Whom a program takes a visitor for who sends this session; or None."""
    visitor = app.test_client()
    visitor.set_cookie("session", cookie)
    return who_is(visitor.get("/", headers=headers(agent)))


def who_is(page):
    """The name in a page's greeting; None for a page without."""
    if page.status_code != 200:
        return None
    heading = BeautifulSoup(page.text, "html.parser").h1.text
    return heading.removeprefix("Hi, ").removesuffix("!")


def headers(agent):
    return {"User-Agent": agent} if agent else {}
