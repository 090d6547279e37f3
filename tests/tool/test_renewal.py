"""What is added to the pages of a running program, and to which."""

from flask import Flask
from werkzeug.test import Client

from course.student.renewal import LINE, SCRIPT_AT, renewing

WINDOW = {"Sec-Fetch-Dest": "document"}


def client():
    app = Flask(__name__)
    app.add_url_rule("/", "page", lambda: "<p>Hi</p>", methods=["GET", "POST"])
    app.add_url_rule("/text", "text", lambda: ("Hi", {"Content-Type": "a/b"}))
    return Client(renewing(app))


def test_a_page_in_a_window_learns_of_the_next_program():
    answer = client().get("/", headers=WINDOW)
    assert answer.data == b"<p>Hi</p>" + LINE
    assert answer.content_length == len(answer.data)
    assert b"EventSource" in client().get(SCRIPT_AT).data


def test_nothing_else_is_touched():
    """A page that was sent for would have to be sent for again."""
    assert client().get("/").data == b"<p>Hi</p>"
    assert client().post("/", headers=WINDOW).data == b"<p>Hi</p>"
    assert client().get("/text", headers=WINDOW).data == b"Hi"
    assert client().get("/none").status_code == 404
