"""Chains of what a form says to whoever fills it in."""

from course.evidence.chain import CHAINS, Link, chain
from tests.chapters.evidence import (
    TEMPLATES,
    opens,
    undefined,
)
from tests.chapters.forms import (
    error_beside,
    form_of,
    has_form,
)
from tests.chapters.logins import (
    log_in,
)


@chain("refused login")
def refused_login(facts):
    """A wrong login lets nobody in, and says so beside the field."""
    yield from CHAINS["stay out"](facts)
    sent = facts.sent("password")
    if sent is None:
        yield from log_in(facts)
        return
    yield from opens(facts, sent)
    yield from password_hidden(facts, sent)
    for name in ("username", "password"):
        if not sent.was_sent.get(name):
            yield from error_beside(facts, sent, name)
            return
    yield from error_beside(facts, sent, "password")


def password_hidden(facts, visit):
    """Links: the page shows dots where a password is typed."""
    form = form_of(visit)
    for tag in visit.soup.find_all("input", attrs={"name": HIDDEN}):
        if (kind := tag.get("type", "text")) != "password":
            said = f'the page has {tag["name"]} in an input of type="{kind}"'
            place = form and facts.part_of(type(form), tag["name"])
            place = place or facts.drawn_at(visit, "<input[^>]*password")
            yield Link("hidden", False, said, place)
            return


HIDDEN = ["password", "password2"]


@chain("only opened")
def only_opened(facts):
    """Nobody is blamed for a form that was not sent yet."""
    visit = facts.visit(method="GET")
    yield from opens(facts, visit)
    form = form_of(visit)
    yield from has_form(facts, visit, "password")
    for event in visit.of("check form"):
        if event.given["self"] is form:
            said = "the form was validated when the page was opened with GET"
            yield Link("not asked yet", False, said, event.place)
            return
    drawn = facts.line_with(r"\{\{[^}\[]*errors *\}\}", TEMPLATES)
    if drawn:
        said = "errors is a list: an empty one is printed as ()"
        yield Link("no error", False, said, drawn)


@chain("refused registration")
def refused_registration(facts):
    """What was typed comes again, but for the passwords."""
    sent = facts.sent("password2")
    if sent is None:
        yield from CHAINS["register"](facts)
        return
    yield from opens(facts, sent)
    yield from error_beside(facts, sent, "password2")
    yield from password_hidden(facts, sent)
    for name in ("username", "email"):
        tag = sent.soup.find(attrs={"name": name})
        if tag and not tag.get("value"):
            said = f"the page has {tag}: what was typed is not in it"
            place = facts.drawn_at(sent, rf"{name}|field\(")
            yield Link("kept", False, said, place)
            return


@chain("field of the form")
def field_of_the_form(facts):
    """Each field is named for people and for password managers."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    wanted = {"username": "username", "password": "current-password"}
    for name, value in wanted.items():
        found = visit.soup.find(attrs={"name": name})
        if found is None:
            yield from has_form(facts, visit, name)
            return
        is_value = found.get("autocomplete", "")
        if not is_value.startswith(value):
            said = f"the field {name} has autocomplete={is_value!r}"
            shown = form_of(visit)
            place = shown and facts.part_of(type(shown), name)
            place = place or facts.drawn_at(visit, rf"<input[^>]*{name}")
            yield Link("autocomplete", False, said, place)
            return
    for name in (*wanted, "remember_me"):
        found = visit.soup.find(attrs={"name": name})
        shown = form_of(visit)
        label = shown[name].label.text if shown and name in shown else "text"
        if not isinstance(label, str) or not label.strip():
            said = f"the label of {name} is {label!r:.60}: the first argument "
            place = facts.part_of(type(shown), name)
            yield Link("label", False, said + "is the label", place)
            return
        if found is None:
            yield from has_form(facts, visit, name)
            return
        named = visit.soup.find("label", attrs={"for": found.get("id")})
        if not (named and found.get("id")) and not found.find_parent("label"):
            said = f"no label is tied to the field {name}"
            place = facts.line_with("<label|label", TEMPLATES)
            yield Link("label", False, said, place)
            return


@chain("form variable")
def form_variable(facts):
    visit = facts.visits[-1]
    if event := undefined(visit, "form"):
        said = "the template uses `form`, and the view gave it no such name"
        yield Link("form handed on", False, said, event.place)


@chain("cursor")
def cursor(facts):
    """One field of the form has the attribute autofocus, the right one."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    yield from has_form(facts, visit, "password")
    waits = [tag.get("name") for tag in visit.soup.find_all(autofocus=True)]
    said = "no field has the attribute autofocus"
    if waits:
        said = f"{' and '.join(waits)} has the attribute autofocus"
    place = facts.line_with("autofocus", TEMPLATES)
    place = place or facts.template_place(visit, "<form")
    yield Link("cursor", False, said, place)


@chain("form shown")
def form_shown(facts):
    """The login page is there, with a form that a browser can send."""
    visit = facts.visits[-1]
    yield from opens(facts, visit)
    yield from has_form(facts, visit, "password")
    form = visit.form()
    place = facts.template_place(visit, "<form")
    if form.get("method", "get").lower() != "post":
        said = 'the form has no method="post", and a browser sends it with GET'
        yield Link("by POST", False, said, place)
        return
    kind = form.find(attrs={"name": "password"}).get("type", "text")
    if kind != "password":
        said = f'the field password has type="{kind}"'
        place = facts.line_with("^ +password *=")
        yield Link("hidden", False, said, place)
        return
    yield from has_form(facts, visit, "remember_me")
