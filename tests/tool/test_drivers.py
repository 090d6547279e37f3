"""The test drivers do what a person with a browser could do, and no more."""

import pytest

from tests.chapters.page import Page
from tests.chapters.people import SUSAN, identify

LOGIN = """
<form method="post">
  <input type="hidden" name="csrf_token" value="secret">
  {field}
  <input type="password" name="password">
  <input type="checkbox" name="remember_me">
  <button name="go" value="on">Log in</button>
</form>
"""


def page(field, html=LOGIN):
    return Page(html.replace("{field}", field), "http://localhost/login")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ('<input name="username">', {"username": "susan"}),
        ('<input name="who" type="text">', {"who": "susan"}),
        (
            '<input name="code"><input name="who" autocomplete="username">',
            {"who": "susan"},
        ),
        ('<input name="email" type="email">', {"email": SUSAN.email}),
    ],
)
def test_the_field_of_the_form_tells_what_a_person_types(field, typed):
    assert identify(page(field), SUSAN) == typed


def test_a_form_that_does_not_ask_who_logs_in_is_said_to_be_so():
    with pytest.raises(AssertionError, match="no field beside the password"):
        identify(page('<input type="text">'), SUSAN)


def test_a_browser_sends_what_a_form_holds_and_the_button_pressed():
    login = page('<textarea name="note">hello</textarea>')
    assert login.sent_by(login.form(), password="wrong") == {
        "csrf_token": "secret",
        "note": "hello",
        "password": "wrong",
        "go": "on",
    }


def test_a_field_that_the_form_has_not_cannot_be_typed_in():
    login = page("")
    with pytest.raises(AssertionError, match="the field `username`"):
        login.sent_by(login.form(), username="susan")


@pytest.mark.parametrize(
    "button", ["", '<button type="button">Log in</button>', "<b>Log in</b>"]
)
def test_a_form_without_a_button_cannot_be_sent(button):
    login = page(button, LOGIN.replace("<button", "{field}<b"))
    with pytest.raises(AssertionError, match="nobody can send it"):
        login.sent_by(login.form())


def test_what_stands_outside_of_a_form_can_belong_to_it():
    outside = '<form id="f"></form><button form="f">Log in</button>'
    login = page("", outside + '<input name="who" form="f" value="susan">')
    assert login.sent_by(login.soup.form) == {"who": "susan"}
