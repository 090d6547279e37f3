"""What must hold wherever the story stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chapters.site import expect
from tests.states.examples import examples

PASSWORD = "correct horse battery"


@pytest.mark.holds_from("a-first-page", every=True)
def test_the_program_starts_and_answers_its_front_page(visitor):
    visitor.see("/")


@pytest.mark.holds_from("a-first-page")
def test_a_page_that_does_not_exist_is_a_404(visitor):
    status = visitor.send("/no-such-page").status_code
    expect(status == 404, "Opened /no-such-page.", f"status {status}", "404")


ODD = [
    "\0",
    "a\0b",
    "x" * 70_000,
    "\r\n",
    "é",
    "\U0001f511",
    "' OR 1=1 --",
    "<script>",
    "{{ 7*7 }}",
    "%00",
    "%",
    "9" * 400,
    "-1",
    "None",
]
VALUES = st.sampled_from(ODD) | st.text(max_size=20)
FIELDS = st.sampled_from(
    [
        "username",
        "password",
        "password2",
        "email",
        "remember_me",
        "csrf_token",
        "next",
        "id",
        "submit",
    ]
) | st.text(max_size=8)
PAIRS = st.dictionaries(FIELDS, st.lists(VALUES, max_size=3), max_size=6)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Host",
            "Referer",
            "Origin",
            "User-Agent",
            "Accept-Language",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-CSRFToken",
            "Range",
            "If-None-Match",
            "Cookie",
            "Content-Type",
            "Content-Length",
        ]
    ),
    st.sampled_from(
        [
            "",
            "[::1",
            "a b",
            "//other.example",
            "%00",
            "é",
            "0",
            "-1",
            "session=x; remember_token=1|",
            "x" * 5000,
            "multipart/form-data",
            "application/json",
            "bytes=9-1",
        ]
    )
    | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    max_size=3,
)
METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"])


def paths_of(app):
    rules = [r.rule for r in app.url_map.iter_rules() if not r.arguments]
    return [*rules, "/static/style.css", "/static/../models.py", "//", "/%00"]


@pytest.mark.holds_from("a-first-page", only="snapshots")
def test_no_request_gives_a_500(site):
    if hasattr(site.app, "login_manager"):
        site.add_user("susan", password=PASSWORD)

    @given(st.data())
    @examples(150)
    def asked(data):
        visitor = site.visitor()
        for _ in range(data.draw(st.integers(1, 2))):
            method = data.draw(METHODS)
            path = data.draw(st.sampled_from(paths_of(site.app)))
            visitor.send(
                path,
                method,
                data.draw(PAIRS) if method in ("POST", "PUT") else None,
                query_string=data.draw(PAIRS),
                headers=data.draw(HEADERS),
            ).close()

    asked()


def good_form(visitor, path):
    """What a person would send with the form at path, the token included."""
    page = visitor.see(path)
    return {
        "csrf_token": page.form().find(attrs={"name": "csrf_token"})["value"],
        "username": "anna",
        "email": "anna@example.com",
        "password": PASSWORD,
        "password2": PASSWORD,
    }


@pytest.mark.holds_from("log-in", only="snapshots")
def test_no_login_that_carries_its_token_gives_a_500(site):
    send_odd_forms(site, "/login")


@pytest.mark.holds_from("no-two-alike", only="snapshots")
def test_no_registration_that_carries_its_token_gives_a_500(site):
    send_odd_forms(site, "/register")


def send_odd_forms(site, path):
    form = good_form(site.visitor(), path)

    @given(PAIRS, st.sets(st.sampled_from(sorted(form)), max_size=3))
    @examples(40)
    def sent(odd, left_out):
        visitor = site.visitor()
        typed = good_form(visitor, path) | odd
        for name in left_out - {"csrf_token"}:
            typed.pop(name, None)
        visitor.send(path, "POST", typed).close()

    sent()


COOKIES = ("session", "remember_token")


@pytest.mark.holds_from("log-in", only="snapshots")
@pytest.mark.parametrize("name", COOKIES)
def test_a_cookie_that_was_tampered_with_is_nobody(site, name):
    site.add_user("susan", password=PASSWORD)
    owner = site.visitor()
    owner.log_in("susan", PASSWORD, remember_me="y")
    real = owner.cookie(name).value

    @given(
        st.integers(0, len(real) - 1),
        st.sampled_from("A.|_-%é \0") | st.none(),
    )
    @examples(60)
    def tampered(place, letter):
        forged = real[:place]
        if letter is not None:
            forged += letter + real[place + 1 :]
        if forged.rstrip("=") == real or same_bytes(forged, real):
            return
        visitor = site.visitor()
        visitor.client.set_cookie(name, forged)
        visitor.must_be(None, f"Came with the {name} cookie {forged!r}.")

    tampered()


def same_bytes(forged, real):
    """Whether base64 reads both alike: a last letter can have spare bits."""
    from itsdangerous import base64_decode

    try:
        pieces = [base64_decode(t.rsplit(".", 1)[-1]) for t in (forged, real)]
    except Exception:
        return False
    return pieces[0] == pieces[1] and forged[:-1] == real[:-1]
