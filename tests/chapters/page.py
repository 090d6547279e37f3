"""A page as a browser, a person or a screen reader finds it."""

import re
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from .expectation import expect


class Page:
    """What a visitor sees after a request and the redirects behind it."""

    def __init__(self, html, url, status=200):
        self.html = html
        self.url = url
        self.status = status

    @cached_property
    def soup(self):
        return BeautifulSoup(self.html, "html.parser")

    @property
    def path(self):
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def text(self):
        return self.soup.get_text(" ", strip=True)

    def form(self, field="password"):
        """The form that has a field of this name."""
        for form in self.soup.find_all("form"):
            if form.find(attrs={"name": field}):
                return form
        raise AssertionError(
            f"Looked on {self.path} for a form with a field `{field}`.\n"
            f"    came back: status {self.status}, “{self.text[:60]}”\n"
            "    expected:  such a form"
        )

    @property
    def forms(self):
        """Every form that is sent with POST."""
        found = self.soup.find_all("form")
        return [f for f in found if f.get("method", "get").lower() == "post"]

    def token(self):
        """The token of the page's form; an AssertionError without one."""
        value = self.field("csrf_token").get("value")
        expect(
            value,
            f"Looked for the token in the form of {self.path}.",
            "an empty one",
            "the value of csrf_token()",
        )
        return value

    def field(self, name):
        return self.form(name).find(attrs={"name": name})

    def identifying_field(self):
        """The field of the login form that says who someone is."""
        controls = self.controls_of(self.form())
        asked = [each for each in controls if each.get("name") and asks(each)]
        named = [f for f in asked if "username" in f.get("autocomplete", "")]
        expect(
            asked,
            f"Looked on {self.path} for the field that says who logs in.",
            "no field beside the password",
            "one, with a name",
        )
        return (named or asked)[0]

    def label_of(self, name):
        """The label of a field: tied by `for`, around it, or in it."""
        field = self.field(name)
        tied = self.soup.find("label", attrs={"for": field.get("id")})
        around = field.find_parent("label")
        return (field.get("id") and tied) or around or field.get("aria-label")

    def label_words(self, name):
        """The words of a field's label; empty where there are none."""
        label = self.label_of(name)
        return (getattr(label, "text", label) or "").strip()

    @property
    def message(self):
        """What the page announces, as a screen reader finds it."""
        return self.soup.find(role=["status", "alert"]) or self.soup.find(
            "output"
        )

    @property
    def main(self):
        """The page without what stands around it on every page."""
        return self.soup.find("main") or self.soup.body or self.soup

    @property
    def around(self):
        """The text that stands around the page, or all if nothing does."""
        whole = BeautifulSoup(self.html, "html.parser")
        if main := whole.find("main"):
            main.extract()
        return (whole.body or whole).get_text(" ", strip=True)

    def links_to(self, path):
        links = self.soup.find_all("a", href=True)
        found = (urljoin(self.url, each["href"]) for each in links)
        return [each for each in found if urlsplit(each).path == path]

    def target_of(self, form):
        """The address that a form is sent to."""
        return urljoin(self.url, form.get("action") or self.url)

    @property
    def way_out(self):
        """The form that logs out, or None."""
        for form in self.forms:
            if urlsplit(self.target_of(form)).path == "/logout":
                return form
        return None

    def error_of(self, name):
        """The error that is tied to a field, as a screen reader finds it."""
        field = self.field(name)
        ties = ("aria-describedby", "aria-errormessage")
        ids = " ".join(field.get(tie, "") for tie in ties).split()
        found = [self.soup.find(id=each) for each in ids]
        return " ".join(e.get_text(" ", strip=True) for e in found if e)

    def must_not_complain_as(self, refused, names):
        """It has none of the errors of the same form sent empty."""
        both = [(self.error_of(n), refused.error_of(n)) for n in names]
        errors = [b for b, after in both if b == after or not says(b)]
        expect(
            not any(errors),
            f"Opened {self.path}, and read what stands beside its fields.",
            f"“{next(filter(None, errors), '')}”, and nothing was sent yet",
            "no error: form.validate_on_submit() looks only at what was sent",
        )

    def sent_by(self, form, **typed):
        """What a browser sends of a form after a person has typed.

        Raises AssertionError where the form has no such field, or no button.
        """
        controls = self.controls_of(form)
        button = next(filter(sends, controls), None)
        expect(
            button,
            f"Looked for the button of the form on {self.path}.",
            "there is none: nobody can send it",
            "a <button> inside of the form",
        )
        sent = {
            each["name"]: value_of(each)
            for each in controls
            if each.get("name") and (sent_untouched(each) or each is button)
        }
        names = {each.get("name") for each in controls}
        for name in typed:
            expect(
                name in names,
                f"Looked in the form on {self.path} for the field `{name}`.",
                "there is none",
                f'a field with name="{name}"',
            )
        return sent | typed

    def must_be_whole(self):
        """Every element that needs an end has one, and words where it must."""
        odd = unbalanced(self.html)
        expect(
            not odd,
            f"Read the HTML of {self.path}.",
            f"{odd} without its other half",
            "every element opened once and closed once",
        )
        silent = [e for e in self.soup.find_all(SPOKEN) if not has_words(e)]
        expect(
            not silent,
            f"Read the headings, links and buttons of {self.path}.",
            f"{silent[:1]}, with nothing in it",
            "words in each: what should stand there did not arrive",
        )

    def controls_of(self, form):
        """The fields and buttons in a form, and those tied to it."""
        kinds = ["input", "textarea", "select", "button"]
        found = form.find_all(kinds)
        if name := form.get("id"):
            found += self.soup.find_all(kinds, attrs={"form": name})
        return found


LAX = {  # a browser knows by itself where these end
    *("html", "head", "body", "p", "li", "dt", "dd", "rt", "rp", "option"),
    *("optgroup", "colgroup", "caption", "thead", "tbody", "tfoot", "tr"),
    *("td", "th", "area", "base", "br", "col", "embed", "hr", "img", "input"),
    *("link", "meta", "param", "source", "track", "wbr"),
}
SPOKEN = ["h1", "h2", "h3", "h4", "h5", "h6", "a", "button", "label"]
NOT_TAGS = r"(?s)<!--.*?-->|<(script|style|textarea|title)\b.*?</\1\s*>"
TAG = r"<(/?)([a-zA-Z][\w-]*)(?:\"[^\"]*\"|'[^']*'|[^\"'>])*?(/?)>"


def unbalanced(html):
    """The first tag that has no other half, or None."""
    opened = []
    for end, name, empty in re.findall(TAG, re.sub(NOT_TAGS, "", html)):
        name = name.lower()
        if name in LAX or empty:
            continue
        if not end:
            opened.append(name)
        elif opened[-1:] == [name]:
            opened.pop()
        else:
            return f"</{name}>"
    return f"<{opened[-1]}>" if opened else None


def has_words(element):
    drawn = element.find(["img", "svg"]) or element.get("aria-label")
    return drawn or element.get_text(strip=True)


def kind_of(control):
    """The type of a field or button, as a browser reads it."""
    usual = {"input": "text", "button": "submit"}
    return control.get("type", usual.get(control.name, control.name)).lower()


def sends(control):
    return kind_of(control) in ("submit", "image")


def asks(control):
    """Whether a person types in it what anybody may read."""
    kinds = ("hidden", "password", "textarea", "select")
    return sent_untouched(control) and kind_of(control) not in kinds


def sent_untouched(control):
    """Whether a browser sends a field that nobody typed in or ticked."""
    kinds = ("checkbox", "radio", "submit", "image", "button", "reset")
    return kind_of(control) not in kinds


def value_of(control):
    """What a field holds when its page is opened."""
    if control.name == "select":
        options = control.find_all("option")
        chosen = [o for o in options if o.has_attr("selected")] or options
        return value_of(chosen[0]) if chosen else ""
    return control.get("value", control.get_text())


def says(text):
    """Whether there is a word in a text; an empty one says enough."""
    return not text or re.search(r"\w", text)
