"""Chains of the account: its list of logins, asking again, passwords."""

import re
from unicodedata import normalize

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    TEMPLATES,
    not_there,
    opens,
    undefined,
    where_of,
)
from tests.chapters.forms import filled_in
from tests.chapters.logins import (
    after_all,
    form_says_yes,
    loader_place,
    log_in,
    writes,
)


@chain("list")
def listed(facts):
    """The row knows the browser, and the page shows what the row knows."""
    yield from log_in(facts)
    visit = facts.visit("/account")
    if visit is None:
        return
    yield from opens(facts, visit)
    made = [e for v in facts.visits for e in writes(v, "INSERT INTO login")]
    agents = [value for e in made for value in e.parameters if value]
    if made and not any("/" in str(value) for value in agents):
        said = "no name of a browser is in the row of the login"
        yield Link("browser", False, said, made[-1].place)
        return
    yield from not_there(visit)
    if lacks := undefined(visit, "logins"):
        said = "the template uses `logins`, and nobody gave it that"
        yield Link("handed over", False, said, lacks.place)
        return
    reads = [e for e in visit.of("sql") if "FROM login" in e.statement]
    if len(reads) < 2:
        said = "the page asked for no list of logins"
        yield Link("asked for", False, said, facts.view_place("/account"))
        return
    if "WHERE" not in reads[-1].statement:
        said = "the list is of everybody: the statement has no WHERE"
        yield Link("own", False, said, reads[-1].place)


@chain("old rows")
def old_rows(facts):
    """A login deletes what is over."""
    sent = facts.sent("password")
    gone = writes(sent, "DELETE FROM login") if sent else []
    if sent and not gone:
        said = "the login deleted no row"
        yield Link("deleted", False, said, facts.called(r"login_user\("))


@chain("ended there")
def ended_there(facts):
    """The form reaches the view, which deletes what was chosen."""
    yield from failed_pages(facts)
    sent = facts.visit("/account", "POST")
    if sent is None:
        yield from opens(facts, facts.visits[-1])
        return
    yield from opens(facts, sent)
    token = sent.last("check token")
    if sent.status == 400 and token and token.error:
        place = facts.line_with('name="end"', TEMPLATES)
        said = f"the token was refused: {token.error}"
        yield Link("token", False, said, place)
        return
    gone = writes(sent, "DELETE FROM login")
    if not gone:
        said = "POST /account deleted no row"
        yield Link("deleted", False, said, sent_to(facts, "/account", "POST"))
        return
    if "nobody is logged in" in str(facts.error).partition("expected")[0]:
        words = " ".join(gone[-1].statement.split())
        said = f"it ended the login of {list(gone[-1].parameters)}: {words}"
        yield Link("chosen", False, said, gone[-1].place)
        return
    if sent.last("message") is None:
        said = "flash was not called"
        place = sent_to(facts, "/account", "POST")
        yield Link("message", False, said, place)


def failed_pages(facts):
    for visit in facts.visits:
        if visit.error is not None:
            yield from opens(facts, visit)


def sent_to(facts, path, method):
    """The view behind an address and a method."""
    for rule in facts.app.url_map.iter_rules():
        if rule.rule == path and method in rule.methods:
            view = facts.app.view_functions[rule.endpoint]
            while hasattr(view, "__wrapped__"):
                view = view.__wrapped__
            return facts.places.place_of_function(view)
    return None


@chain("asked again")
def asked_again(facts):
    """The password starts a login anew, in place of the one before."""
    yield from failed_pages(facts)
    sent = facts.visit("/confirm", "POST")
    if sent is None:
        visit = facts.visit("/confirm") or facts.visits[-1]
        yield from opens(facts, visit)
        return
    yield from filled_in(facts, "password")
    yield from checked(facts, sent)
    yield from anew(facts, sent)


def checked(facts, sent):
    """Links: the stored hash was asked about what was typed."""
    if not sent.of("check hash"):
        said = f"{sent.path} took what was typed, and checked no hash"
        form = sent.last("check form")
        place = form and facts.class_of(form.given["self"])
        yield Link("password", False, said, place)


def anew(facts, sent):
    """Links: the old row went, a new one came, remembered as before."""
    place = facts.view_place(sent.path)
    if not writes(sent, "DELETE FROM login"):
        said = f"{sent.path} deleted no row: the login of before goes on"
        yield Link("old login", False, said, place)
        return
    call = sent.last("log in")
    if call is None:
        said = "login_user was not called"
        yield Link("new login", False, said, place)
        return
    ticked = any("remember_me" in visit.was_sent for visit in facts.visits)
    if ticked != bool(call.given.get("remember")):
        word = "was" if ticked else "was not"
        said = f"“Remember me” {word} ticked, and login_user was called with "
        said += f"remember={call.given.get('remember')}"
        yield Link("remember", False, said, call.place)


@chain("fresh")
def fresh(facts):
    """A login that is not fresh is sent to /confirm, and comes back."""
    yield from failed_pages(facts)
    sent = facts.visit("/account", "POST")
    if sent is None:
        yield from ended_there(facts)
        return
    manager = facts.app.login_manager
    if sent.last("not fresh") and not manager.refresh_view:
        said = "login_manager.refresh_view is not set, so that it is a 401"
        place = facts.line_with(r"LoginManager\(")
        yield Link("refresh_view", False, said, place)
        return
    wanted = str(facts.error).partition("expected:")[2]
    asks = re.search("asks for the password|logged in as", wanted)
    if asks and not sent.last("not fresh"):
        said = "nothing asked whether the login is fresh"
        place = sent_to(facts, "/account", "POST")
        if sent.session.get("_fresh"):
            said = "_fresh is True in the session: to Flask-Login, the "
            said += "password was typed a moment ago"
            place = loader_place(facts)
        yield Link("fresh", False, said, place)
        return
    yield from asked_again(facts)


@chain("new password")
def new_password(facts):
    """The old password is checked, the new one kept, and all else ended."""
    yield from failed_pages(facts)
    sent = facts.visit("/account/password", "POST")
    if sent is None:
        visit = facts.visit("/account/password") or facts.visits[-1]
        yield from opens(facts, visit)
        return
    yield from filled_in(facts, "old_password")
    yield from checked(facts, sent)
    place = facts.view_place("/account/password")
    check = sent.last("check hash")
    if check and not check.answer:
        said = "the old password was wrong, and the new one was kept"
        yield Link("old password", False, said, place)
        return
    kept = writes(sent, "UPDATE user")
    if not kept or after_all(sent, kept[-1], "commit") is None:
        said = "the new hash was never committed"
        yield Link("kept", False, said, place)
        return
    gone = [e.statement for e in writes(sent, "DELETE FROM login")]
    if gone and not any("user_id" in s and "<" not in s for s in gone):
        said = "one login was ended, and no other"
        yield Link("all ended", False, said, place)
        return
    yield from anew(facts, sent)


@chain("better hash")
def better_hash(facts):
    """At a right password an older hash gives way to one of today."""
    yield from failed_pages(facts)
    sent = facts.sent("password")
    made = sent and sent.last("make hash")
    check = sent and sent.last("check hash")
    if check and check.answer:
        yield from form_says_yes(facts, sent)
    if made is None:
        said = "no password was hashed in the last login"
        place = facts.line_with("def authenticate")
        yield from as_typed(facts)
        yield Link("hashed", False, said, place)
        return
    wrote = writes(sent, "UPDATE user")
    if not wrote:
        said = f"a hash was made with {made.given.get('method')!r}, and none "
        said += "was written"
        yield Link("written", False, said, made.place)
    elif check and not check.answer:
        said = "the password was wrong, and a hash of it was written"
        yield Link("right first", False, said, wrote[-1].place)
    elif "password_hash" not in where_of(wrote[-1]):
        said = "the hash was written whatever stood there meanwhile: "
        said += where_of(wrote[-1])
        yield Link("unless changed", False, said, wrote[-1].place)
    else:
        yield from as_typed(facts)
        said = f"a hash of {made.given['password']!r} was written"
        yield Link("written", False, said, wrote[-1].place)


def as_typed(facts):
    """Links: what was hashed was in its normal form."""
    for made in facts.record.of("make hash"):
        text = made.given["password"]
        if normalize("NFC", text) != text:
            said = f"{text!r} was hashed as it was typed, and is checked in "
            yield Link("normal", False, said + "its normal form", made.place)
            return
