"""However an address is typed, it is read alike wherever it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.chapters.expectation import expect
from tests.states.examples import examples

PIECES = [
    *("anna", "ANNA", "@", ".", "+", "-", " ", "\t", "\0", "\u3000"),
    *("example.com", "bücher.de", "xn--bcher-kva.de", "XN--", "straße.de"),
    *("ü", "u\u0308", "Å", "\u212b", "ß", "ẞ", "İ", "ı", "ſ", "ς", "Σ"),
    *("＠", "。", "ａ", "\u200d", "\u2100", "ﬁ", "\U0001f511", "א", "١"),
]
TYPED = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
TYPED |= st.tuples(TYPED, st.sampled_from(["@example.com", "@bücher.de"])).map(
    "".join
)


def read_by(site, form, field, typed):
    """What a form makes of a text that was typed into a field."""
    form_class = site.part("users.forms", form)
    sent = MultiDict({field: typed})
    with site.app.test_request_context(method="POST", data=sent):
        return form_class(formdata=sent, meta={"csrf": False})[field].data


@pytest.mark.holds_from("one-address-one-account", only="snapshots")
def test_the_login_reads_an_address_as_the_registration_does(site):
    @given(TYPED)
    @examples(200)
    def alike(typed):
        kept = read_by(site, "RegistrationForm", "email", typed)
        asked = read_by(site, "LoginForm", "username", typed)
        again = read_by(site, "LoginForm", "username", kept)
        expect(
            kept == asked == again,
            f"Typed {typed!a} as an address.",
            f"{kept!a} at registration, {asked!a} at the login, {again!a} "
            "where the former is typed there",
            "one shape",
        )

    alike()
