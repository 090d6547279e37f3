"""What must hold wherever the story stands."""

from functools import partial
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chapters.expectation import expect
from tests.chapters.page import asks, kind_of
from tests.chapters.people import ANNA, SUSAN
from tests.states.examples import examples


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


def member_of(site):
    """A visitor who is logged in as SUSAN."""
    visitor = site.visitor()
    visitor.log_in(SUSAN)
    return visitor


def forms_of(visitor):
    """The forms that a visitor is shown, by the path that they are sent to.

    Of each, the path of its page, and what ANNA would send.
    """
    forms = {}
    for path in paths_of(visitor.site.app):
        page = visitor.open(path)
        for form in page.forms:
            sent_to = urlsplit(page.target_of(form)).path
            forms.setdefault(sent_to, (path, typed_in(page, form)))
    return forms


def typed_in(page, form):
    """What ANNA would send of a form, by field."""
    typed = {}
    for control in page.controls_of(form):
        kind, name = kind_of(control), control.get("name")
        if kind == "password":
            typed[name] = ANNA.password
        elif kind == "checkbox":
            typed[name] = "y"
        elif asks(control):
            typed[name] = ANNA.email if kind == "email" else ANNA.username
    return page.sent_by(form, **typed)


def odd_data(fields):
    """What a hand-made request could hold for these fields and others."""
    names = st.sampled_from(["next", "id", "csrf_token", *fields])
    values = st.lists(VALUES, max_size=3)
    return st.dictionaries(names | st.text(max_size=8), values, max_size=6)


@pytest.mark.holds_from("a-first-page", only="snapshots")
def test_no_request_gives_a_500(site):
    if hasattr(site.app, "login_manager"):
        site.add(SUSAN)
    forms = forms_of(site.visitor()).values()
    fields = {name for path, typed in forms for name in typed}
    pairs = odd_data(sorted(fields))

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
                data.draw(pairs) if method in ("POST", "PUT") else None,
                query_string=data.draw(pairs),
                headers=data.draw(HEADERS),
            ).close()

    asked()


@pytest.mark.holds_from("log-in", only="snapshots")
def test_no_form_that_carries_its_token_gives_a_500(site):
    site.add(SUSAN)
    for visitor in (site.visitor, partial(member_of, site)):
        forms = forms_of(visitor())
        assert forms, "no page of this program has a form"
        for sent_to, (path, typed) in forms.items():
            send_odd_forms(visitor, path, sent_to, typed)


def send_odd_forms(visitor, path, sent_to, typed):
    """Send a form with its token, and what nobody would type."""
    names = sorted(set(typed) - {"csrf_token"})

    @given(odd_data(names), st.sets(st.sampled_from(["id", *names])))
    @examples(40)
    def sent(odd, left_out):
        sender = visitor()
        token = {"csrf_token": sender.see(path).token()}
        kept = {n: typed[n] for n in names if n not in left_out}
        sender.send(sent_to, "POST", token | kept | odd).close()

    sent()


COOKIES = ("session", "remember_token")


@pytest.mark.holds_from("log-in", only="snapshots")
@pytest.mark.parametrize("name", COOKIES)
def test_a_cookie_that_was_tampered_with_is_nobody(site, name):
    site.add(SUSAN)
    owner = site.visitor()
    owner.log_in(SUSAN, remember_me="y")
    real = owner.cookie(name).value

    @given(
        st.integers(0, len(real) - 1),
        st.sampled_from("A.|_-% \0") | st.none(),
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
