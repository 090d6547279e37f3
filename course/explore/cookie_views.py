"""A cookie taken apart, for a terminal and for a notebook."""

from typing import NamedTuple

from jinja2 import Environment

# Okabe and Ito's colours, chosen so that they differ in grey as well:
# https://jfly.uni-koeln.de/color/
INK, PAPER = "#000000", "#ffffff"
BLUE, ORANGE, YELLOW = "#0072b2", "#e69f00", "#f0e442"

MEANINGS = {
    "_user_id": "who is logged in (Flask-Login)",
    "_fresh": "true: logged in with a password, not remembered",
    "_id": "a hash of the visitor's address and browser (Flask-Login)",
    "_remember": "a note to set or clear the remember cookie",
    "_flashes": "messages that the next page shows",
    "csrf_token": "what the tokens in forms are made from (Flask-WTF)",
}


class Part(NamedTuple):
    """One part of a cookie: its text, and what it decodes to."""

    name: str
    text: str
    meaning: str
    content: str = ""
    colour: str = BLUE
    ink: str = PAPER


def parts(cookie):
    """The Parts of a SessionCookie or RememberCookie, in order."""
    made_by = f"{verdict(cookie.holds)}"
    if hasattr(cookie, "user_id"):
        return [
            Part("user id", cookie.user_id, "who; there is no time in it"),
            Part("signature", cookie.signature, made_by, "", ORANGE, INK),
        ]
    packed = ", unpacked with zlib" if cookie.compressed else ""
    when = f"{cookie.signed_at:%Y-%m-%d %H:%M:%S} UTC, when it was signed"
    return [
        Part("payload", cookie.payload, f"base64{packed}", cookie.json),
        Part("timestamp", cookie.timestamp, when, "", YELLOW, INK),
        Part("signature", cookie.signature, made_by, "", ORANGE, INK),
    ]


def verdict(holds):
    if holds is None:
        return "not checked: no key was given"
    if holds:
        return "made with this key: it holds"
    return "not made with this key, or the cookie was changed"


def kind(cookie):
    if hasattr(cookie, "user_id"):
        return "A Flask-Login remember cookie"
    return "A Flask session cookie"


def notes(cookie):
    """What the keys of a session are there for, by key."""
    session = getattr(cookie, "session", {})
    return {key: MEANINGS[key] for key in session if key in MEANINGS}


def plain(cookie):
    """The cookie in lines of text, safe to print on any terminal."""
    lines = [f"{kind(cookie)}. Anyone can read it; it is signed.", ""]
    for part in parts(cookie):
        lines += [f"  {part.name:<10} {part.text}"]
        lines += [f"             {part.meaning}"]
        lines += [f"             {part.content}"] if part.content else []
    found = notes(cookie)
    lines += ["", "In the session:"] if found else []
    lines += [f"  {key:<12} {note}" for key, note in found.items()]
    return "\n".join(printable(line) for line in lines)


def printable(line):
    """Without characters that a terminal would obey and not show."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode()
        for c in line
    )


PICTURE = Environment(autoescape=True).from_string("""\
<table style="text-align: left">
<caption>{{ kind }}, taken apart</caption>
<tr><td colspan="3" style="text-align: left; word-break: break-all">
{%- for part in parts -%}
{{ part.before }}<code style="background: {{ part.colour }};
 color: {{ part.ink }}">{{ part.text }}</code>
{%- endfor -%}
</td></tr>
{% for part in parts %}
<tr><th scope="row" style="background: {{ part.colour }};
 color: {{ part.ink }}; text-align: left">{{ part.name }}</th>
<td style="text-align: left">{{ part.meaning }}</td>
<td style="text-align: left; word-break: break-all">
{%- if part.content %}<code>{{ part.content }}</code>{% endif -%}
</td></tr>
{% endfor %}
{% for key, note in notes.items() %}
<tr><th scope="row" style="text-align: left"><code>{{ key }}</code></th>
<td colspan="2" style="text-align: left">{{ note }}</td></tr>
{% endfor %}
</table>
""")


def html(cookie):
    """The cookie as a table in three colours, every value escaped."""
    dot = "|" if hasattr(cookie, "user_id") else "."
    rows = [part._asdict() | {"before": dot} for part in parts(cookie)]
    rows[0]["before"] = ""
    return PICTURE.render(kind=kind(cookie), parts=rows, notes=notes(cookie))
