"""Pasted cookies are read or explained, and never a traceback."""

import base64
import json
import os
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import Flask, request
from flask_login.utils import encode_cookie
from hypothesis import example, given
from hypothesis import strategies as st
from itsdangerous import BadSignature

import course
from course.chapters import ROOT
from course.cli import main
from course.explore.cookies import (
    NotACookie,
    RememberCookie,
    SessionCookie,
    read,
    read_all,
    serializer,
)
from course.explore.pasting import waits

KEY = "a key for these tests"
APP = Flask(__name__)
APP.secret_key = KEY
SHORT = {"csrf_token": "0123"}
LONG = {
    "_user_id": "7",
    "_flashes": [("message", "hello ") for _ in range(40)],
}
REMEMBER = encode_cookie("7", KEY)


def made(session, key=KEY):
    """A session cookie as Flask makes it."""
    app = Flask(__name__)
    app.secret_key = key
    return app.session_interface.get_signing_serializer(app).dumps(session)


def unsigned(payload, timestamp="awFALg"):
    """A cookie with this payload, and a signature that nobody made."""
    return f"{payload}.{timestamp}.{'x' * 27}"


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def fault_of(text):
    with pytest.raises(NotACookie) as raised:
        read(text)
    return raised.value.message


class TestASessionCookieIsRead:
    def test_without_its_key(self):
        cookie = read(made(SHORT))
        assert isinstance(cookie, SessionCookie)
        assert cookie.session == SHORT
        assert json.loads(cookie.json) == SHORT
        assert cookie.holds is None

    def test_into_the_three_parts_that_it_has(self):
        text = made(SHORT)
        cookie = read(text)
        parts = [cookie.payload, cookie.timestamp, cookie.signature]
        assert ".".join(parts) == text

    def test_with_the_moment_at_which_it_was_signed(self):
        age = datetime.now(UTC) - read(made(SHORT)).signed_at
        assert timedelta(0) <= age < timedelta(minutes=5)

    def test_also_when_it_is_compressed(self):
        text = made(LONG)
        assert text.startswith("."), "long enough to be compressed"
        cookie = read(text)
        assert cookie.compressed
        assert cookie.session == LONG, "a tuple is a tuple again"

    def test_and_its_signature_holds_with_its_key_alone(self):
        assert read(made(SHORT), KEY).holds is True
        assert read(made(SHORT), "another key").holds is False

    def test_and_a_changed_payload_does_not_hold(self):
        _, *rest = made(SHORT).split(".")
        text = ".".join([encode(b'{"_user_id":"1"}'), *rest])
        assert read(text, KEY).holds is False

    def test_as_a_running_chapter_sends_it(self):
        client = course.load("2", {"SECRET_KEY": KEY}).test_client()
        client.get("/login")
        cookie = read(client.get_cookie("session").value, KEY)
        assert cookie.holds is True
        assert set(cookie.session) == {"csrf_token"}


class TestARememberCookieIsRead:
    def test_without_its_key(self):
        cookie = read(REMEMBER)
        assert isinstance(cookie, RememberCookie)
        assert cookie.user_id == "7"
        assert cookie.holds is None

    def test_and_its_signature_holds_with_its_key_alone(self):
        assert read(REMEMBER, KEY).holds is True
        assert read(REMEMBER, "another key").holds is False

    def test_with_an_id_that_has_a_bar_in_it(self):
        assert read(encode_cookie("a|b", KEY), KEY).user_id == "a|b"


def old_cookie(**ago):
    """A session cookie that was signed some time ago; days=-1: tomorrow."""
    then = datetime.now(UTC).timestamp() - timedelta(**ago).total_seconds()
    with patch("time.time", lambda: then):
        return made({"_user_id": "7"})


class TestItsAgeIsShown:
    @pytest.mark.parametrize(
        ("ago", "said"),
        [
            ({"seconds": 5}, "5 seconds ago"),
            ({"minutes": 3, "seconds": 30}, "3 minutes ago"),
            ({"hours": 1, "minutes": 5}, "1 hour ago"),
            ({"days": 40}, "40 days ago"),
            ({"days": 20 * 366}, "20 years ago"),
            ({"days": -10 * 366}, "in 10 years"),
        ],
    )
    def test_in_words(self, ago, said):
        words = str(read(old_cookie(**ago), KEY))
        seconds = {"5 seconds ago": ("5 seconds ago", "6 seconds ago")}
        assert any(x in words for x in seconds.get(said, (said,))), words

    def test_and_whether_flask_takes_it_as_flask_does(self):
        flasks = APP.session_interface.get_signing_serializer(APP)
        limit = int(APP.permanent_session_lifetime.total_seconds())
        for days in (0, 30, 31.1, 40, 7320, -1, -3660):
            text = old_cookie(days=days)
            taken = True
            try:
                flasks.loads(text, max_age=limit)
            except BadSignature:
                taken = False
            cookie = read(text, KEY)
            assert cookie.in_time is taken, f"signed {days} days ago"
            said = "A program takes it" if taken else "No program takes it"
            assert said in str(cookie)
            assert said.split()[-2] in cookie._repr_html_()

    def test_and_none_takes_what_was_signed_with_another_key(self):
        assert "does not take it" in str(read(made(SHORT), "another key"))

    def test_a_remember_cookie_has_none(self):
        assert "however old" in str(read(REMEMBER, KEY))


# What is around the cookies of a browser that has Jupyter open as well.
HEADER = (
    'username-127-0-0-1-8899="2|1:0|10:17|23:u|44:MmU=|9f2c"; '
    "_xsrf=2|ab|cd|17; theme=dark; remember_token={remember}; "
    "session={session}"
)


@pytest.mark.parametrize(
    "form",
    [
        HEADER,
        "Cookie: " + HEADER,
        "GET / HTTP/1.1\nHost: 127.0.0.1:5000\nCookie: " + HEADER,
        "curl 'http://127.0.0.1:5000/' \\\n  -H 'Accept: text/html' \\\n"
        "  -b 'theme=dark; remember_token={remember}; session={session}'",
        "curl 'http://x/' -H 'Cookie: remember_token={remember}; "
        "session={session}' --compressed",
        'curl ^"http://x/^" ^\r\n -H ^"Cookie: remember_token={remember}; '
        'session={session}^"',
        "remember_token\t{remember}\t127.0.0.1\t/\t2027\t142\t✓\n"
        "session\t{session}\t127.0.0.1\t/\tSession\t187\t✓\t\tLax",
        "# Netscape HTTP Cookie File\n\n"
        "127.0.0.1\tFALSE\t/\tFALSE\t0\tremember_token\t{remember}\n"
        "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t{session}",
        '$session.Cookies.Add((New-Object System.Net.Cookie("remember_token", '
        '"{remember}", "/", "x")))\n$session.Cookies.Add((New-Object '
        'System.Net.Cookie("session", "{session}", "/", "127.0.0.1")))',
        '"headers": "cookie": "remember_token={remember}; session={session}"',
        'remember_token:"{remember}"\nsession:"{session}"',
        "remember_token: {remember}\nsession: {session}",
        "Set-Cookie: remember_token={remember}; Path=/\n"
        "Set-Cookie: session={session}; HttpOnly; SameSite=Lax",
    ],
    ids=[
        *("header", "named", "request", "curl -b", "curl -H", "curl.exe"),
        *("row", "file", "powershell", "fetch", "firefox", "colon"),
        "set-cookie",
    ],
)
def test_every_cookie_of_flasks_is_found_in_what_people_copy(form):
    text = form.format(remember=REMEMBER, session=made(SHORT))
    found = {each.name: each for each in read_all(text, KEY)}
    assert list(found) == ["remember_token", "session"]
    assert found["session"].session == SHORT
    assert found["remember_token"].user_id == "7"
    assert all(each.holds for each in found.values())


@pytest.mark.parametrize(
    "form", ["`{}`", "“{}”", "'{}'", "{},", "\ufeff{}", "Bearer {}"]
)
def test_what_an_editor_or_a_chat_puts_around_it_is_dropped(form):
    assert read(form.format(made(SHORT)), KEY).holds


def test_a_terminal_may_have_broken_it_into_lines():
    text = made(LONG)
    assert read(f"{text[:30]}\n{text[30:60]}\r\n  {text[60:]}", KEY).holds


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "  {}\n",
        '"{}"',
        "session={}",
        "Cookie: session={}",
        "Cookie: session={}; remember_token=7|0",
        "Set-Cookie: session={}; HttpOnly; Path=/; SameSite=Lax",
        "set-cookie: my_session={}; Secure",
    ],
)
def test_it_may_be_copied_with_all_that_stands_around_it(form):
    assert read(form.format(made(SHORT))).session == SHORT


def test_a_remember_cookie_may_be_written_with_percent_signs():
    assert read(REMEMBER.replace("|", "%7C"), KEY).holds is True


class TestWhatIsNoSuchCookieIsExplained:
    @pytest.mark.parametrize(
        "text", ["", "   ", "\n", '""', "session=", "session=;"]
    )
    def test_when_there_is_nothing(self, text):
        assert "empty" in fault_of(text)

    @pytest.mark.parametrize(
        ("copied", "said"),
        [
            (lambda x: x[:-5], "3 parts, 22 characters in the last"),
            (lambda x: x + "A", "3 parts, 28 characters in the last"),
            (lambda x: x[:12], "1 part,"),
            (lambda x: x.rsplit(".", 1)[0], "2 parts,"),
            (lambda x: f"eyJhé{x}", "'\\xe9' at character 5"),
        ],
        ids=["short", "long", "one part", "two parts", "odd letter"],
    )
    def test_when_it_was_not_copied_as_it_is(self, copied, said):
        fault = fault_of(copied(made(SHORT)))
        assert said in fault
        assert "cut off" in fault

    @pytest.mark.parametrize(
        ("payload", "time"),
        [
            (encode(b"not json"), "awFALg"),
            (encode(b"[1, 2]"), "awFALg"),
            ("." + encode(b"{}"), "awFALg"),
            ("." + encode(zlib.compress(b'{"a": "b"}')[:-9]), "awFALg"),
            ("." + encode(zlib.compress(b'{"a":' * 100_000)), "awFALg"),
            (encode(b"{}"), "f" * 20),
        ],
        ids=["text", "list", "plain", "cut off", "large", "no time"],
    )
    def test_when_its_parts_do_not_decode(self, payload, time):
        fault = fault_of(unsigned(payload, time))
        assert "no JSON of a session, or the second no time" in fault

    def test_when_it_is_a_json_web_token(self):
        head = encode(b'{"alg":"HS256","typ":"JWT"}')
        assert "JSON Web Token" in fault_of(f"{head}.e30.{'x' * 43}")

    def test_also_without_its_type_and_it_says_what_it_says(self):
        head, says = encode(b'{"alg":"ES256"}'), encode(b'{"sub":"u1"}')
        for form in ("{}", "Authorization: Bearer {}", "id_token={}"):
            fault = fault_of(form.format(f"{head}.{says}.{'x' * 86}"))
            assert "JSON Web Token, signed with 'ES256'" in fault
            assert '"sub": "u1"' in fault

    @pytest.mark.parametrize(
        ("text", "whose"),
        [
            ("sessionid=" + "a1" * 16, "Django"),
            ("csrftoken=" + "aB" * 16, "Django's for its forms"),
            ("PHPSESSID=n2k8r5v1q0b7c3d4e6f9g0h1i2", "PHP"),
            (f"sessionid=.{'eJw' * 9}:1tQ2ab:{'x' * 43}", "Django"),
            ("connect.sid=s%3Aabcdef.ghijkl", "Express"),
            (f"_app_session=QmFzZTY0%3D%3D--{'0' * 40}", "Rails"),
            ("_app_session=ab%2Bc--de%2Ff--gh%3D%3D", "Rails"),
            (f"session=eyJhIjogMX0=.awFALg.{'x' * 27}", "Starlette"),
            ("laravel_session=eyJpdiI6ImFiYyJ9", "Laravel"),
            (".AspNetCore.Cookies=CfDJ8abc-_d", "ASP.NET"),
        ],
    )
    def test_when_it_is_of_another_framework(self, text, whose):
        assert whose in fault_of(text)

    def test_when_a_remember_cookie_was_cut_off(self):
        assert "there are 100 characters" in fault_of(REMEMBER[:102])


class TestAPayloadThatWouldUnpackToTooMuch:
    """A few kilobytes can stand for gigabytes: none of it is unpacked."""

    def bomb(self, size):
        text = b'{"a":"' + b"a" * (size - 8) + b'"}'
        return unsigned("." + encode(zlib.compress(text)))

    def test_is_refused_above_one_mebibyte(self):
        assert "more than 1 MiB" in fault_of(self.bomb(2**20 + 1))
        assert "more than 1 MiB" in fault_of(self.bomb(50 * 2**20))

    def test_is_read_up_to_one_mebibyte(self):
        assert len(read(self.bomb(2**20)).json) == 2**20


@given(st.text())
@example("0=\x80")  # no header could hold it
def test_whatever_is_pasted_gets_a_cookie_or_an_explanation(text):
    explained_or_read(text)


@given(st.integers(0, 200), st.characters(), st.sampled_from([SHORT, LONG]))
def test_so_does_a_cookie_with_one_character_changed(at, other, session):
    text = made(session)
    at %= len(text)
    explained_or_read(text[:at] + other + text[at + 1 :])


@given(st.binary() | st.just(b"{}"), st.booleans(), st.binary(max_size=12))
def test_so_does_any_payload_and_any_time(payload, compress, time):
    start = (
        "." + encode(zlib.compress(payload)) if compress else encode(payload)
    )
    explained_or_read(f"{start}.{encode(time)}.{'x' * 27}")


def explained_or_read(text):
    """Read it, and show it in both ways; only a NotACookie may be raised."""
    try:
        cookie = read(text, KEY)
    except NotACookie:
        return
    assert all(c.isprintable() or c == "\n" for c in str(cookie))
    assert "<table" in cookie._repr_html_()


class TestItIsShown:
    def test_in_a_terminal(self):
        text = str(read(made({"_user_id": "7"}), KEY))
        assert "A Flask session cookie" in text
        assert '"_user_id": "7"' in text
        assert "made with this key: it holds" in text
        assert "who is logged in" in text

    def test_with_letters_of_every_language_on_lines_of_their_own(self):
        text = str(read(made({"_user_id": "7", "_flashes": ["Grüße"]})))
        assert '"Grüße"' in text
        assert '\n               "_user_id"' in text

    def test_with_what_fresh_means_here(self):
        assert "true: a password" in str(read(made({"_fresh": True})))
        assert "false: nobody" in str(read(made({"_fresh": False})))

    def test_in_a_notebook_in_three_colours(self):
        html = read(made(SHORT))._repr_html_()
        codes = BeautifulSoup(html, "html.parser").tr.find_all("code")
        styles = {code["style"] for code in codes}
        assert len(codes) == len(styles) == 3, "payload, time, signature"

    def test_without_running_what_it_holds(self):
        for cookie in (
            read(made({"a": "<script>alert(1)</script>"})),
            read(encode_cookie("<script>", KEY)),
        ):
            assert "<script>" not in cookie._repr_html_()

    def test_without_obeying_what_it_holds(self):
        assert "\x1b" not in str(read(encode_cookie("\x1b[2J", KEY)))
        assert "\x9b" not in str(
            read(unsigned(encode('{"a":"\x9b2J"}'.encode())))
        )


class TestMakeCookie:
    def call(self, *arguments, typed=None):
        return CliRunner().invoke(main, ["cookie", *arguments], input=typed)

    def test_asks_for_a_cookie_and_a_key(self):
        done = self.call(typed=f"{made(SHORT)}\n{KEY}\n")
        assert done.exit_code == 0
        assert "Paste a cookie" in done.output
        assert "it holds" in done.output

    def test_shows_every_cookie_of_a_header(self):
        text = HEADER.format(remember=REMEMBER, session=made(SHORT))
        said = self.call(text, "--key", KEY).output
        assert "remember cookie, `remember_token`" in said
        assert "session cookie, `session`" in said
        assert said.count("it holds") == 2

    @pytest.mark.parametrize(("end", "quote"), [("\\", "'"), ("^", '^"')])
    def test_reads_all_lines_of_what_is_pasted(self, end, quote):
        """Chrome and Safari copy a cURL line as many."""
        lines = f"curl {quote}http://x/{quote} {end}\n  -H {quote}a: b{quote}"
        sent = f"-b {quote}session={made(SHORT)}{quote}"
        done = self.call(typed=f"{lines} {end}\n  {sent}\n{KEY}\n")
        assert done.exit_code == 0, done.output
        assert "it holds" in done.output

    @pytest.mark.parametrize(
        "request_of",
        [
            "$session = New-Object Session\n$session.Cookies.Add((New-Object "
            'System.Net.Cookie("session", "{}", "/", "x")))\n'
            "Invoke-WebRequest -Uri x `\n-WebSession $session\n",
            'fetch("http://x/", {{\n  "headers": {{\n'
            '    "cookie": "session={}"\n  }}\n}});\n',
        ],
    )
    def test_reads_other_requests_to_their_end(self, request_of):
        typed = request_of.format(made(SHORT)) + f"{KEY}\n"
        done = self.call(typed=typed)
        assert done.exit_code == 0, done.output
        assert "it holds" in done.output

    @pytest.mark.skipif(os.name == "nt", reason="no terminals of that kind")
    def test_knows_what_waits_in_a_terminal(self):
        inside, outside = os.openpty()
        with open(inside, "wb", 0) as hand, open(outside) as terminal:
            assert not waits(terminal)
            hand.write(b"what was pasted\n")
            assert waits(terminal)

    def test_says_which_of_two_with_one_name_counts(self):
        two = f"session={made(SHORT)}; session={made(LONG)}"
        with APP.test_request_context(headers={"Cookie": two}):
            assert request.cookies["session"] == made(SHORT)
        assert "Flask takes the first" in self.call(two, "--key", KEY).output

    def test_says_at_once_that_there_is_no_cookie(self):
        done = self.call(typed="\n")
        assert done.exit_code == 2
        assert "empty" in done.output
        assert "SECRET_KEY" not in done.output, "no key is asked for"

    def test_needs_no_key(self):
        done = self.call(typed=f"{made(SHORT)}\n\n")
        assert done.exit_code == 0
        assert "no key was given" in done.output
        assert "0123" in done.output

    def test_takes_both_as_arguments(self):
        done = self.call(made(SHORT), "--key", "another key")
        assert done.exit_code == 0
        assert "not made with this key" in done.output

    @pytest.mark.parametrize("text", ["garbage", "a.b.c", "1|2", "\x00", " "])
    def test_says_what_is_wrong_and_stops_with_status_2(self, text):
        done = self.call(text)
        assert done.exit_code == 2
        assert done.output.strip()
        assert "Traceback" not in done.output

    def test_works_from_the_command_line(self):
        done = subprocess.run(
            [sys.executable, "-m", "course", "cookie"],
            input=f"{made(SHORT)}\n\n",
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        assert "A Flask session cookie" in done.stdout


def test_the_serializer_is_flasks_own():
    ours, flasks = serializer(KEY), APP.session_interface
    assert ours.loads(made(SHORT)) == SHORT
    assert flasks.get_signing_serializer(APP).loads(ours.dumps(LONG)) == LONG
