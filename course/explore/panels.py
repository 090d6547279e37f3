"""Live cookies: one to edit, and a copy in another browser."""

import json

import ipywidgets
from itsdangerous import base64_encode
from markupsafe import Markup

from ..program import PEOPLE
from .cookie_views import BLUE, INK, ORANGE, PAPER
from .cookies import NotACookie, read, serializer
from .live import WIDE, Live
from .showing import Table
from .visits import headers, log_in, open_site, session_cookie, who, who_is

BADGE = Markup('<b style="background: {}; color: {}; padding: 1px 6px">{}</b>')
FITS = BADGE.format(BLUE, PAPER, "✓ it fits")
FAILS = BADGE.format(ORANGE, INK, "✗ it does not fit")
NOBODY = "nobody, and sends you to the login page"
SAME, OTHER = "the browser that logged in", "another browser"
AGENTS = {SAME: "a browser of susan's", OTHER: "a browser of a thief's"}


def edited(app, cookie, payload, key="", letter=0):
    """A cookie after an edit: whether its signature fits, and who it is.

    `payload` is the JSON in it. With a `key` it is signed anew; without one
    it keeps its old signature. `letter` counts one to change; 0 is none.
    """
    old = read(cookie)
    start = old.payload
    if payload != old.json:
        start = base64_encode(payload).decode()
    value = f"{start}.{old.timestamp}.{old.signature}"
    if key:
        signer = serializer(key).make_signer()
        signed = value.rpartition(".")[0]
        value = f"{signed}.{signer.get_signature(signed).decode()}"
    value = changed(value, letter)
    try:
        fits = read(value, app.config["SECRET_KEY"]).holds
        said = [["signature", FITS if fits else FAILS]]
    except NotACookie as error:
        said = [["signature", FAILS], ["why", error.message.split("\n")[0]]]
    sees = who(app, value) or NOBODY
    rows = [["cookie", value], *said, ["the program sees", sees]]
    return Table("The cookie as it is now", ["", ""], rows)


def resealed(cookie, session):
    """A cookie with another session in it, and its old signature."""
    old = read(cookie)
    start = base64_encode(json.dumps(session)).decode()
    return f"{start}.{old.timestamp}.{old.signature}"


def accepted(app, value):
    """Whether the signature of a session cookie fits a program's key."""
    try:
        return bool(read(value, app.config["SECRET_KEY"]).holds)
    except NotACookie:
        return False


def changed(value, at):
    """A text with its letter number `at` changed; 0 changes none."""
    if not at:
        return value
    other = "A" if value[at - 1] != "A" else "B"
    return value[: at - 1] + other + value[at:]


def cookie_editor(app, cookie):
    """A cookie to edit, live: its payload, a key, one of its letters."""
    wide = {"layout": ipywidgets.Layout(width="95%"), "style": WIDE}

    def draw(payload, key, letter):
        return edited(app, cookie, payload, key, letter)

    return Live(
        draw,
        payload=ipywidgets.Textarea(
            read(cookie).json, description="payload", rows=4, **wide
        ),
        key=ipywidgets.Text(
            description="sign it with the key",
            placeholder="empty: the old signature stays",
            **wide,
        ),
        letter=ipywidgets.IntSlider(
            0,
            max=len(cookie) - 1,
            description="change letter number",
            continuous_update=False,
            **wide,
        ),
    )


def copied(protection, place):
    """A copy of susan's session, sent from a place: what comes of it.

    `protection` is Flask-Login's SESSION_PROTECTION.
    """
    app = open_site("2", {"SESSION_PROTECTION": protection})
    susans, thiefs = app.test_client(), app.test_client()
    susans.environ_base["HTTP_USER_AGENT"] = AGENTS[SAME]
    log_in(susans, PEOPLE[0])
    thiefs.set_cookie("session", session_cookie(susans))
    page = thiefs.get("/", headers=headers(AGENTS[place]))
    session = read(session_cookie(thiefs)).session
    return page.status_code, who_is(page), session.get("_fresh")


def copied_cookie():
    """A copied cookie, live: the protection, and where it is sent from."""

    def draw(protection, place):
        status, name, fresh = copied(protection, place)
        rows = [
            ["status", status],
            ["the program sees", name or NOBODY],
            ["_fresh", "not in the session" if fresh is None else fresh],
        ]
        return Table("A copy of susan's cookie", ["", ""], rows)

    choices = [("basic", "basic"), ("strong", "strong"), ("None", None)]
    return Live(
        draw,
        protection=ipywidgets.Dropdown(
            options=choices, description="SESSION_PROTECTION", style=WIDE
        ),
        place=ipywidgets.Dropdown(
            options=[OTHER, SAME], description="sent from", style=WIDE
        ),
    )
