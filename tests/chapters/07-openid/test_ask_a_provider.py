"""Chapter 7: the way to a provider, and what comes back from it."""

import logging.handlers
from urllib.parse import urlsplit

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import SUSAN
from tests.chapters.signing_in import (
    ZOE,
    button,
    buttons,
    come_back,
    known,
    messages,
    must_be_refused,
    set_out,
    sign_in,
)


@pytest.fixture
def log(site):
    """What the program writes into its log."""
    kept = logging.handlers.BufferingHandler(1000)
    site.app.logger.addHandler(kept)
    yield kept
    site.app.logger.removeHandler(kept)


# Ask a provider


@pytest.mark.since("ask-a-provider", about="button")
def test_there_is_a_button_for_each_provider_that_the_settings_name(
    site_with, server
):
    site = site_with(server.provider("one"), server.provider("other"))
    page = site.visitor().see("/login")
    found = [len(buttons(page, name)) for name in ("one", "other")]
    expect(
        found == [1, 1],
        'Set OPENID_PROVIDERS to "one other", and opened /login.',
        f"{found} buttons with these names",
        "a button for each",
    )


@pytest.mark.holds_from("ask-a-provider", about="no provider")
def test_where_no_provider_is_named_the_login_is_what_it_was(site_with):
    site = site_with()
    site.add(SUSAN)
    page = site.visitor().see("/login")
    pressed = [b.get_text(strip=True) for b in page.main.find_all("button")]
    expect(
        not page.main.find_all(formaction=True),
        "Named no provider, and opened /login.",
        f"the buttons {pressed}",
        "the button to log in",
    )


@pytest.mark.since("ask-a-provider", about="set out")
def test_the_button_asks_the_provider_as_the_standard_says(visitor, provider):
    provider.read(set_out(visitor, provider))


@pytest.mark.since("ask-a-provider", about="set out")
def test_each_of_several_providers_is_asked_by_its_own_button(
    site_with, server
):
    both = server.provider("one"), server.provider("other")
    site = site_with(*both)
    for each in both:
        each.read(set_out(site.visitor(), each))


@pytest.mark.since("ask-a-provider", about="set out")
def test_two_programs_in_one_process_ask_their_own_provider(site_with, server):
    both = [server.provider("example", at) for at in ("one", "other")]
    sites = [site_with(each) for each in both]
    for site, each in zip(sites, both, strict=True):
        each.read(set_out(site.visitor(), each))


@pytest.mark.since("ask-a-provider", about="set out")
@pytest.mark.parametrize("name", ["state", "nonce", "code_challenge"])
def test_each_start_is_made_with_a_text_of_its_own(visitor, provider, name):
    made = [provider.read(set_out(visitor, provider)) for _ in range(2)]
    first, second = (asked[name] for asked in made)
    expect(
        first != second and len(first) >= 20,
        f"Set out twice, and compared the {name}.",
        f"{first} and {second}",
        "two long random texts",
    )


@pytest.mark.since("ask-a-provider", about="set out")
def test_the_address_to_come_back_to_is_the_one_that_was_registered(
    visitor, provider
):
    asked = provider.read(set_out(visitor, provider))
    wanted = "http://localhost/openid/example/callback"
    expect(
        asked["redirect_uri"] == wanted,
        "Read where the provider is asked to send people back.",
        asked["redirect_uri"],
        wanted,
    )


@pytest.mark.since("ask-a-provider", about="set out")
def test_only_a_press_of_the_button_sets_out(visitor, provider):
    """A picture on another page, or a form there, is no press of it."""
    page = visitor.see("/login")
    one = button(page, provider.name)
    target = one.get("formaction") or page.target_of(one.find_parent("form"))
    for method in ("GET", "POST"):
        response = visitor.send(target, method)
        where = response.headers.get("Location", "")
        expect(
            not where.startswith(provider.issuer),
            f"{method} {target}, from another site.",
            f"led to {where[:50]}",
            "no way there without the token of this site's form",
        )


@pytest.mark.holds_from("ask-a-provider", about="set out")
def test_enter_in_a_field_still_logs_in(site, visitor, provider):
    site.add(SUSAN)
    form = visitor.see("/login").form()
    first = form.find("button") or form.find("input", type="submit")
    expect(
        not first.get("formaction"),
        "Looked which button of the login is the first.",
        f"“{first.get_text(strip=True)}”",
        "the one that logs in: Enter in a field presses the first",
    )


@pytest.mark.since("ask-a-provider", about="set out")
def test_the_settings_are_read_from_the_environment(
    another, provider, tmp_path, monkeypatch
):
    for name, value in provider.settings.items():
        monkeypatch.setenv(name, value)
    site = another(f"sqlite:///{tmp_path / 'told.db'}")
    provider.read(set_out(site.visitor(), provider))


@pytest.mark.holds_from("ask-a-provider", about="page")
def test_the_program_names_what_it_signs_in_with(site):
    site.must_require("Authlib", if_imported="authlib")
    site.must_require("requests", if_imported="authlib")


# Come back


@pytest.mark.since(
    "come-back",
    until="the-first-sign-in",
    because="whoever comes back is logged in, and not told a number",
    about="come back",
)
def test_who_comes_back_is_told_whom_the_provider_knows(visitor, provider):
    page = sign_in(visitor, provider, ZOE)
    expect(
        any(ZOE.sub in text for text in messages(page)),
        f"Signed in as {ZOE.sub}, and read the next page.",
        f"{page.path}, with the messages {messages(page)}",
        "a message with that subject",
    )


@pytest.mark.since("come-back", about="come back")
def test_the_code_is_taken_to_the_provider(visitor, provider):
    sign_in(visitor, provider, ZOE)
    expect(
        provider.given == 1,
        "Came back with a code, and asked the provider who had come for it.",
        "nobody who had the secret of the program and the text of PKCE",
        "the program, for a token",
    )


@pytest.mark.holds_from("come-back", about="not named")
def test_a_provider_that_nobody_named_is_not_found(visitor):
    token = visitor.see("/login").token()
    for method, path, data in (
        ("POST", "/openid/nobody", {"csrf_token": token}),
        ("GET", "/openid/nobody/callback", None),
    ):
        response = visitor.send(path, method, data)
        expect(
            response.status_code == 404,
            f"{method} {path}",
            f"status {response.status_code}",
            "status 404: no setting has that name",
        )


ASKED_FOR = [
    "speaks for another",
    "made for another program, at our wish",
    "made for another program",
    "the nonce of somebody else",
    "signed with another key",
]


@pytest.mark.holds_from("come-back", about="asked for")
@pytest.mark.parametrize("wrong", ASKED_FOR)
def test_a_token_that_is_not_for_us_says_nothing(
    site, visitor, provider, wrong
):
    provider.wrong = wrong
    away = provider.allow(set_out(visitor, provider), **known(ZOE))
    visitor.client.get(away)
    page = visitor.see("/login") if visitor.who() is None else None
    expect(
        page and not any(ZOE.sub in text for text in messages(page)),
        f"Came back with a token that is “{wrong}”.",
        f"logged in as {visitor.who()}, or a message with the subject",
        "nothing of it is believed",
    )


# Whatever comes back


def refused(site, visitor, provider, wrong):
    """Sign in with a provider that does something wrong."""
    provider.wrong = wrong
    users = site.count()
    done = f"Signed in with a provider that did this wrong: {wrong}."
    away = set_out(visitor, provider)
    if away.startswith(provider.issuer):
        page = come_back(visitor, provider, ZOE, away)
    else:
        page = visitor.open(away)
    must_be_refused(site, visitor, page, done, users)
    return page


@pytest.mark.since("whatever-comes-back", about="refused")
def test_a_token_that_says_something_wrong_is_refused(site, provider):
    from tests.chapters.provider import CLAIMS

    for wrong in CLAIMS:
        refused(site, site.visitor(), provider, wrong)


@pytest.mark.since("whatever-comes-back", about="refused")
def test_a_token_that_nobody_signed_is_refused(site_with, server):
    from tests.chapters.provider import TOKENS

    provider = server.provider("example")
    for wrong in TOKENS:
        site = site_with(provider)
        refused(site, site.visitor(), provider, wrong)


@pytest.mark.since("whatever-comes-back", about="refused")
@pytest.mark.parametrize("place", ["metadata", "keys", "token"])
def test_an_answer_that_is_none_is_refused(site_with, server, place):
    from tests.chapters.provider import ANSWERS

    provider = server.provider("example")
    for wrong in (*ANSWERS, "hangs up"):
        site = site_with(provider)
        refused(site, site.visitor(), provider, f"{place}: {wrong}")


@pytest.mark.since("whatever-comes-back", about="refused")
@pytest.mark.parametrize("place", ["metadata", "keys", "token"])
def test_a_silent_provider_is_not_waited_for(site_with, server, place):
    provider = server.provider("example")
    site = site_with(provider, OPENID_TIMEOUT=0.1)
    refused(site, site.visitor(), provider, f"{place}: silence")
    expect(
        not provider.waited_for,
        "Set OPENID_TIMEOUT to 0.1, and signed in with a provider that "
        "says nothing.",
        "the program waited for longer than a second",
        "it hangs up when the time is over",
    )


@pytest.mark.since("whatever-comes-back", about="refused")
def test_a_provider_that_is_down_is_refused(site_with, server):
    provider = server.provider("example")
    provider.issuer = "http://127.0.0.1:1/example"
    site = site_with(provider)
    refused(site, site.visitor(), provider, "it is down")


AWAY = {
    "pressed Deny": "error=access_denied&state={state}",
    "pressed Deny, and lost the state": "error=access_denied",
    "changed the state": "code={code}&state=changed",
    "left the state out": "code={code}",
    "left the code out": "state={state}",
    "made up a code": "code=made-up&state={state}",
    "came without anything": "",
}


@pytest.mark.since("whatever-comes-back", about="refused")
@pytest.mark.parametrize("what", AWAY)
def test_who_comes_back_otherwise_is_refused(site, visitor, provider, what):
    back = provider.allow(set_out(visitor, provider), **known(ZOE))
    whole = dict(pair.split("=") for pair in urlsplit(back).query.split("&"))
    query = AWAY[what].format(**whole)
    page = visitor.open(f"{back.split('?')[0]}?{query}")
    must_be_refused(site, visitor, page, f"Set out, and {what}.", 0)


@pytest.mark.since("whatever-comes-back", about="refused")
def test_an_address_to_come_back_to_is_nobody_elses(site, provider):
    mallory, victim = site.visitor(), site.visitor()
    away = provider.allow(set_out(mallory, provider), **known(ZOE))
    page = victim.open(away)
    done = "Opened in another browser what Mallory was sent back to."
    must_be_refused(site, victim, page, done, 0)


@pytest.mark.since("whatever-comes-back", about="refused")
def test_what_one_provider_said_is_not_taken_for_anothers(site_with, server):
    one, other = server.provider("one"), server.provider("other")
    site = site_with(one, other)
    visitor = site.visitor()
    away = one.allow(set_out(visitor, one), **known(ZOE))
    page = visitor.open(away.replace("/openid/one/", "/openid/other/"))
    done = "Set out to one provider, and came back as if from the other."
    must_be_refused(site, visitor, page, done, 0)


@pytest.mark.since("whatever-comes-back", about="refused")
def test_an_address_to_come_back_to_works_once(site, visitor, provider):
    away = provider.allow(set_out(visitor, provider), **known(ZOE))
    visitor.open(away)
    again = visitor.client.get(away)
    expect(
        again.status_code in (302, 303),
        "Came back, and reloaded the address with the code in it.",
        f"status {again.status_code}",
        "led on to another page",
    )


@pytest.mark.holds_from("whatever-comes-back", about="refused")
def test_what_was_wrong_is_for_the_log_and_not_for_the_visitor(
    site, visitor, provider, log
):
    page = refused(site, visitor, provider, "made by somebody else")
    shown = page.text.lower()
    said = [record.getMessage() for record in log.buffer]
    expect(
        any("iss" in text for text in said) and "claim" not in shown,
        "Came back with a token of another issuer, and read the log.",
        f"the log: {said}",
        "the reason in the log, and not on the page",
    )


@pytest.mark.holds_from("whatever-comes-back", about="refused")
def test_whoever_could_not_sign_in_can_still_log_in(site, visitor, provider):
    site.add(SUSAN)
    refused(site, visitor, provider, "token: a page")
    visitor.log_in(SUSAN)
    visitor.must_be(SUSAN, "Could not sign in, and typed the password.")


ODD = [
    "state=%00&code=%00",
    "state=" + "s" * 3000,
    "code[]=1&state[]=2",
    "error=" + "e" * 3000,
    "error=&error_description=%ff%fe",
    "iss=https://other.example&code=1&state=%E2%80%A8",
    "next=//other.example&openid=1",
]


@pytest.mark.holds_from("the-last-way-in", about="refused")
def test_no_odd_request_about_a_provider_is_an_error_page(site, provider):
    site.add(SUSAN)
    stranger, member = site.visitor(), site.visitor()
    member.log_in(SUSAN)
    for visitor in (stranger, member):
        page = visitor.see("/login" if visitor is stranger else "/account")
        token = page.soup.find(attrs={"name": "csrf_token"})["value"]
        for query in ODD:
            for path in ("", "/callback", "/disconnect", "/%00", "//"):
                at = f"/openid/example{path}?{query}"
                for method in ("GET", "POST", "HEAD"):
                    data = {"csrf_token": token, "connect": query}
                    visitor.send(at, method, data if method == "POST" else {})
