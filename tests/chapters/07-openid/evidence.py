"""Chains of signing in: the button, the way there, and what came back."""

import re
from urllib.parse import parse_qs, urlsplit

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    TEMPLATES,
    opens,
)
from tests.chapters.logins import (
    logged_in,
    only_new,
    opens_or_redirects,
    writes,
)

ROUTES = r"authorize_redirect"
TOKEN = r"authorize_access_token"


def all_open(facts):
    """Links: no visit met an exception or an address that is not there."""
    for visit in facts.visits:
        if visit.status == 405:
            taken = facts.app.url_map.bind("localhost").allowed_methods
            methods = {*taken(visit.path)} - {"HEAD", "OPTIONS"}
            said = f"the view takes {' and '.join(sorted(methods))} only"
            place = facts.line_with(ROUTES)
            yield Link(f"{visit.method} {visit.path}", False, said, place)
        elif visit.error is not None or visit.status == 404:
            yield from opens(facts, visit)
        else:
            yield from opens_or_redirects(facts, visit)


def back(facts):
    """The last Visit that came back from a provider, or None."""
    found = [v for v in facts.visits if v.path.endswith("/callback")]
    return found[-1] if found else None


def away(facts):
    """The last Visit that was led to another site, or None."""
    for visit in reversed(facts.visits):
        where = visit.answer and visit.answer.location
        if visit.method == "POST" and where and "://" in where:
            return visit
    return None


@chain("button", "no provider")
def button(facts):
    """The settings arrived, and the login page draws a button for each."""
    yield from all_open(facts)
    named = facts.app.config.get("OPENID_PROVIDERS")
    if named is None:
        said = "app.config has no OPENID_PROVIDERS"
        yield Link("settings", False, said, facts.line_with("from_mapping"))
        return
    visit = facts.visits[-1]
    drawn = visit.soup.find_all(formaction=True)
    said = f"OPENID_PROVIDERS is {named!r}, and the page draws "
    said += f"{len(drawn)} buttons that lead elsewhere"
    place = facts.line_with("formaction", TEMPLATES)
    place = place or facts.template_place(visit, "<button")
    yield Link("button", False, said, place)


@chain("set out")
def set_out(facts):
    """The button is sent, and the browser led to the provider, well asked."""
    yield from all_open(facts)
    sent = away(facts)
    if sent is None:
        if not facts.visit(method="POST"):
            yield from button(facts)
            return
        said = "the view made no redirect to a provider"
        yield Link("away", False, said, facts.line_with(ROUTES))
        return
    yield from well_asked(facts, sent.answer.location)


def well_asked(facts, address):
    """Links: what a program asks for, in the address that it leads to."""
    asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
    place = facts.line_with(r"\bscope\b") or facts.line_with(r"\.register\(")
    if "openid" not in asked.get("scope", "").split():
        said = f"the scope is {asked.get('scope')!r}: without openid nobody "
        yield Link("scope", False, said + "says who comes", place)
    elif "code_challenge" not in asked:
        said = "code_challenge_method is not set: the code is worth a login "
        said += "to whoever reads it on the way"
        yield Link("PKCE", False, said, place)
    elif not asked.get("redirect_uri", "").startswith("http"):
        said = f"the address to come back to is {asked.get('redirect_uri')!r}"
        said += ": url_for needs _external=True"
        yield Link("address", False, said, facts.line_with(r"url_for\(.*back"))
    else:
        host = urlsplit(address).netloc
        issuers = facts.app.config.get("OPENID_PROVIDERS")
        said = f"the browser was led to {host}; this application was told of "
        said += f"{issuers!r}"
        place = facts.line_with(r"\bOAuth\(") or place
        yield Link("whose", False, said, place)


@chain("not named")
def not_named(facts):
    """A name that no setting has is no address of this site."""
    visit = facts.visits[-1]
    for each in facts.visits:
        if each.error is not None:
            yield from opens(facts, each)
    said = f"the view answers {visit.status} for a name that no setting has"
    yield Link("named", False, said, view_of(facts, visit))


@chain("come back")
def come_back(facts):
    """The code was exchanged, and the claims are there."""
    yield from all_open(facts)
    visit = back(facts)
    if visit is None:
        yield from set_out(facts)
        return
    yield from asked_the_provider(facts, visit)
    made = visit.last("message")
    said = "flash was not called"
    if made is not None:
        said = f"the message is “{made.message}”"
    place = made.place if made else facts.view_place(visit.path)
    yield Link("told", False, said, place or view_of(facts, visit))


def view_of(facts, visit):
    """The line of the view that answered a visit to an address with parts."""
    endpoint = visit.asked.endpoint
    view = facts.app.view_functions.get(endpoint)
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view and facts.places.place_of_function(view)


def asked_the_provider(facts, visit):
    """Links: what was raised while the provider was asked, if anything."""
    raised = visit.of("raise")
    if raised:
        first = raised[0]
        said, _ = facts.explained(first.error)
        yield Link("answer", False, said, first.place)
    elif facts.line_with(TOKEN) is None:
        said = "the view never asks for the token: authorize_access_token()"
        yield Link("token", False, said, view_of(facts, visit))


@chain("asked for", "refused")
def refused(facts):
    """Nothing that is wrong is believed, and it ends in one message."""
    for visit in facts.visits:
        if visit.error is not None:
            yield from opens(facts, visit)
    visit = back(facts)
    if visit is None:
        yield from set_out(facts)
        return
    wrong = re.search(r"wrong: (.*?)\.$|“(.*?)”", str(facts.error), re.M)
    wrong = next(filter(None, wrong.groups()), "") if wrong else ""
    if "silence" in str(facts.error) or "waited" in str(facts.error):
        said = "the program waited for as long as the provider was silent"
        place = facts.line_with("client_kwargs") or facts.line_with(TOKEN)
        yield Link("time limit", False, f"{said}: no default_timeout", place)
        return
    if "The reason" in str(facts.error) or "the log" in str(facts.error):
        yield from told_to_the_log(facts, visit)
        return
    made = visit.last("message")
    if visit.last("log in") or (made and made.category == "success"):
        said = "what came back was believed"
        said += f", although it was {wrong}" if wrong else ""
        place = facts.line_with(TOKEN) or view_of(facts, visit)
        yield Link("believed", False, said, place)
        return
    made = visit.of("message")
    said = f"{len(made)} messages were flashed, and the view led to "
    said += str(visit.answer.location)
    place = facts.line_with(r"errorhandler\(Refused|^ +except Exception")
    yield Link("one message", False, said, place or view_of(facts, visit))


def told_to_the_log(facts, visit):
    made = visit.last("message")
    said = f"the visitor is told “{made and made.message}”"
    yield Link("log", False, said, made and made.place)


@chain("sign in", "twice at once")
def sign_in(facts):
    """The identity was looked up or made, kept, and its user logged in."""
    yield from all_open(facts)
    visit = back(facts)
    if visit is None:
        yield from set_out(facts)
        return
    yield from asked_the_provider(facts, visit)
    yield from looked_up(facts, visit)
    if visit.last("log in") is None:
        said = "login_user was not called"
        made = visit.last("message")
        said += f"; the message is “{made.message}”" if made else ""
        place = made.place if made else view_of(facts, visit)
        yield Link("logged in", False, said, place)
        return
    yield from kept(facts, visit)
    yield from logged_in(facts, visit)
    yield from only_new(visit, visit.last("log in"))


def looked_up(facts, visit):
    """Links: the identity is looked up by both, who says so and whom."""
    asked = [e for e in visit.of("sql") if "SELECT" in e.statement]
    about = [e for e in asked if "identity" in e.statement.lower()]
    if asked and not about:
        said = "no identity was looked up; the table asked was another: "
        said += re.sub(
            r"(?s)SELECT .*? FROM", "SELECT … FROM", asked[0].statement
        )
        yield Link("identity", False, said[:120], asked[0].place)
        return
    for event in about:
        where = event.statement.partition("WHERE")[2]
        if "subject" in where and "issuer" not in where:
            said = "the identity is looked up by the subject alone, which "
            said += "two providers can both give"
            yield Link("issuer", False, said, event.place)
            return


def kept(facts, visit):
    inserts = [e for e in visit.of("sql") if e.statement.startswith("INSERT")]
    tables = {e.statement.split()[2].strip('"') for e in inserts}
    if tables == {"login"} and not any(
        v.of("sql")
        for v in facts.visits
        if v is not visit and v is back(facts)
    ):
        return
    if tables and "identity" not in tables and "user" in tables:
        said = "a user was written, and no identity"
        yield Link("identity kept", False, said, inserts[0].place)


@chain("not taken over", "vouched for")
def vouched_for(facts):
    """Only a new address that is vouched for makes an account."""
    yield from all_open(facts)
    visit = back(facts)
    if visit is None or visit.last("log in") is None:
        yield from sign_in(facts)
        return
    call = visit.last("log in")
    user = call.given.get("user")
    said = f"login_user was called with {user!r}: "
    said += f"{getattr(user, 'email', None)!r} was taken from the claims"
    place = facts.line_with(r"email_verified") or facts.line_with(r"email=")
    yield Link("vouched for", False, said, place or call.place)


@chain("name")
def name(facts):
    """The name of a new account is as the rules have it."""
    yield from sign_in_without_name(facts)
    visit = back(facts)
    call = visit and visit.last("log in")
    if call is not None:
        user = call.given.get("user")
        given = getattr(user, "username", None)
        said = f"the new account is called {given!r}"
        place = (
            facts.line_with(r"free_name\(|\bUser\(\s*username=") or call.place
        )
        yield Link("name", False, said, place)


def sign_in_without_name(facts):
    yield from all_open(facts)
    visit = back(facts)
    if visit is None:
        yield from set_out(facts)
    elif visit.last("log in") is None:
        yield from sign_in(facts)


@chain("there and back")
def there_and_back(facts):
    """What was asked for before the way there is there after it."""
    sent = away(facts)
    kept = dict(sent.session) if sent else {}
    names = sorted(n for n in kept if not n.startswith("_"))
    states = [n for n in kept if n.startswith("_state_")]
    if len(states) > 1:
        said = f"the session holds {len(states)} states, of tries before"
        yield Link("one try", False, said, facts.line_with(ROUTES))
        return
    yield from sign_in_without_name(facts)
    visit = back(facts)
    if visit is None:
        return
    call = visit.last("log in")
    if (
        call is not None
        and not call.given.get("remember")
        and ("remember_me" in sent.was_sent)
    ):
        said = "login_user was called with remember="
        said += f"{call.given.get('remember')!r}; the box was ticked"
        yield Link("remembered", False, said, call.place)
        return
    went = visit.last("redirect")
    said = f"the session held {', '.join(names)} on the way; the view led to "
    said += str(visit.answer and visit.answer.location)
    yield Link("led on", False, said, went.place if went else None)


@chain("connect", "disconnect", "confirm")
def of_a_member(facts):
    """A member's own identities: connected, disconnected, asked to confirm."""
    yield from all_open(facts)
    posts = [v for v in facts.visits if v.path.endswith("/disconnect")]
    deletes = posts and writes(posts[-1], "DELETE FROM identity")
    if posts and not deletes and "expected:  nobody" in str(facts.error):
        made = posts[-1].last("message")
        said = f"{posts[-1].path} deleted no row"
        said += f", and said “{made.message}”" if made else ""
        yield Link("identity", False, said, made and made.place)
        return
    changed = [
        e
        for e in facts.record.of("sql")
        if "identity" in e.statement.lower()
        and e.statement.split()[0] in ("INSERT", "DELETE", "UPDATE")
    ]
    visit = facts.visits[-1]
    if changed:
        event = changed[-1]
        said = f"{event.statement.split()[0]} was the last that was done to "
        said += "the table of identities: "
        said += f"“{' '.join(event.statement.split())}”"
        yield Link("identity", False, said, event.place)
        return
    came = back(facts)
    if came is not None and came.of("raise"):
        yield from asked_the_provider(facts, came)
    said = "nothing was written to the table of identities"
    yield Link("identity", False, said, view_of(facts, visit))


@chain("fresh")
def fresh(facts):
    """What is sensitive asks for a fresh login, before and after."""
    yield from all_open(facts)
    changed = [
        e
        for e in facts.record.of("sql")
        if "identity" in e.statement.lower()
        and e.statement.split()[0] in ("INSERT", "DELETE")
    ]
    if changed:
        said = f"{changed[-1].statement.split()[0]} was done with a login "
        said += "that is not fresh"
        yield Link("fresh", False, said, changed[-1].place)
        return
    sent = away(facts)
    if sent is not None:
        said = "the browser was led to the provider with a login that is not "
        said += "fresh"
        yield Link("fresh", False, said, facts.line_with(ROUTES))
