"""Chains of logging out, of tokens, messages and the navigation."""

from course.evidence.chain import Link, chain
from tests.chapters.evidence import (
    TEMPLATES,
    not_there,
    opens,
    page,
)
from tests.chapters.logins import (
    after,
    log_in,
    opens_or_redirects,
    recognised,
    shown_next,
)


@chain("log out")
def log_out(facts):
    """The button's post reached the view, and nothing of the login is left."""
    sent = facts.visit("/logout")
    if sent is None:
        shown = facts.visits[-1] if facts.visits else None
        if shown is not None:
            yield from opens(facts, shown)
            said = "no form on the page posts to /logout"
            place = facts.line_with(r"logout", TEMPLATES)
            yield Link("button", False, said, place)
        return
    yield from opens(facts, sent)
    if not sent.of("log out"):
        said = "logout_user was not called"
        if place := facts.line_with(r"^\s+logout_user\s*$"):
            said += ": it needs its ()"
        place = place or facts.view_place("/logout")
        yield Link("logout_user", False, said, place)
        return
    yield Link("logout_user", True)
    if sent.session.get("_user_id"):
        said = "the id is still in the session after logging out"
        yield Link("session", False, said, sent.last("log out").place)
        return
    cleared = after(sent, sent.last("log out"), "clear")
    if cleared is not None and cleared.place.text:
        forgot = not any("remember_token=;" in c for c in sent.answer.cookies)
        if forgot and sent.asked.session:
            said = (
                "session.clear() comes after logout_user(), and throws away "
                "its note to remove the remember cookie"
            )
            yield Link("remember cookie", False, said, cleared.place)
            return
    left = {k for k in sent.session if not k.startswith("_")}
    kept = left - {"csrf_token"} & set(sent.asked.session)
    if kept:
        said = f"the session still has {', '.join(sorted(kept))}"
        yield Link("session", False, said, facts.view_place("/logout"))


@chain("message")
def message(facts):
    """A message is made, and the next page shows it once."""
    sent = facts.visit(method="POST") or facts.visits[-1]
    if sent.path == "/login" or not sent.last("redirect"):
        yield from log_in(facts) if facts.sent("password") else page(facts)
    made = sent.last("message")
    if made is None:
        said = "flash was not called"
        yield Link("message", False, said, facts.view_place(sent.path))
        return
    yield Link("message", True)
    if cleared := after(sent, made, "clear"):
        said = "the session was emptied after flash, which keeps its message "
        yield Link("kept", False, said + "in it", cleared.place)
        return
    yield from shown_next(facts, sent)


@chain("asked for the token")
def asked_for_the_token(facts):
    """A post without its token is refused, with a page that says why."""
    sent = facts.visit("/logout") or facts.visit(method="POST")
    taken = facts.methods(sent.path)
    if sent.path == "/logout" and "GET" in taken:
        said = f"the view takes {' and '.join(taken)}; only POST logs out"
        yield Link("by POST", False, said, facts.view_place("/logout"))
        return
    if sent.status == 404 or sent.error is not None:
        yield from opens(facts, sent)
        return
    early = facts.line_with(r"@.*before_\w*request|\.before_request\(")
    if sent.last("check token") is None and sent.status in (413, 415):
        said = f"the form was refused with {sent.status} before that"
        yield Link("token asked for", False, said, early)
        return
    if sent.last("check token") is None:
        said = "nothing asks for the token of a form without a FlaskForm"
        place = facts.called(r"CSRFProtect")
        if "csrf" in facts.app.extensions:
            place = facts.called("exempt") or facts.view_place(sent.path)
        else:
            said += ": CSRFProtect has no init_app(app)"
            place = place or facts.line_with("def create_app")
        yield Link("token asked for", False, said, place)
        return
    yield Link("token asked for", True)
    bare = not sent.soup.find("link", rel="stylesheet")
    if sent.status == 400 and bare:
        said = "no handler of CSRFError shows a page of this site"
        place = handler_place(facts)
        yield Link("explained", False, said, place)
        return
    if sent.status != 400:
        said = f"a refused form is answered with status {sent.status}"
        place = handler_place(facts)
        yield Link("explained", False, said, place)


def handler_place(facts):
    """The line that ties a function to errors, or a function left loose."""
    loose = r"^def \w+\(e(rr|rror)?\)"
    return facts.line_with(r"errorhandler\(") or facts.line_with(loose)


@chain("named above")
def named_above(facts):
    """The header says who is logged in."""
    yield from recognised(facts)
    visit = facts.visit(method="GET")
    yield from not_there(visit)
    asked = facts.asked_by(visit)
    place = facts.drawn_at(visit, "current_user") or (
        facts.drawn_at(visit, "<header|<body")
    )
    if "current_user" not in asked:
        said = "no template behind this page asks for current_user"
        yield Link("named", False, said, place)
    elif "username" not in asked:
        said = "the templates ask for current_user, never for its .username"
        yield Link("named", False, said, place)


@chain("navigation")
def navigation(facts):
    """Every page shows the way in to strangers, the way out to members."""
    for visit in facts.visits:
        yield from opens_or_redirects(facts, visit)
    for visit in facts.visits:
        inside = bool(visit.session.get("_user_id"))
        for event in visit.of("undefined"):
            if event.values["name"] == "current_user":
                yield from recognised(facts)
        if not visit.soup.find("main") and not visit.soup.find("h1"):
            continue
        out = visit.soup.find("form", action=lambda a: a and "logout" in a)
        way_in = visit.soup.find("a", href=lambda a: a and "/login" in a)
        wrong = None
        if inside and (way_in or not out):
            wrong = "a member's page has " + (
                "a link to log in" if way_in else "no button that logs out"
            )
        elif not inside and (out or not way_in):
            wrong = "a stranger's page has " + (
                "the button that logs out" if out else "no link to log in"
            )
        if wrong:
            place = facts.line_with(
                "is_authenticated|is_anonymous|login", "templates/base.html"
            )
            yield Link(f"on {visit.path}", False, wrong, place)
            return
    yield from named_above(facts)
