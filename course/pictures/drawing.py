"""What travels between browser, program and database, drawn from a record.

Notebook 03 follows a login in the same record.
"""

from pathlib import Path
from textwrap import wrap
from urllib.parse import unquote

from markupsafe import Markup, escape

from ..evidence.record import recording
from ..evidence.story import BROWSER, DATABASE, HASHER, LOGIN, story

LANES = {BROWSER: 0, DATABASE: 2}  # all others are the program
HEADS = [("Browser", 52), ("Program", 220), ("Database", 388)]
WIDE, LINE, CHARACTERS = 440, 18, 29
NAMES = ("ink", "paper", "line", "arrow")
COLOURS = {
    "light": ("#1d2430", "#fbfaf7", "#8a8f98", "#0b5cad"),
    "dark": ("#e8e6e1", "#15181d", "#8a8f98", "#8cc2ff"),
}
NAMED = {
    "user_logged_in": "login_user",
    "user_logged_out": "logout_user",
    "user_unauthorized": "login_required: nobody",
}
NO_NEWS = ("make a token", "flash ")
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"
 width="{wide}" height="{high}" font-family="system-ui, sans-serif"
 font-size="14" fill="{ink}" stroke-width="1.5">
<title>{title}</title>
<desc>{words}</desc>
<rect width="{wide}" height="{high}" rx="6" fill="{paper}"/>
{parts}
</svg>
"""
HEAD = """\
<path d="M{x} 34V{end}" stroke="{line}" stroke-dasharray="2 4"/>
<text x="{x}" y="24" text-anchor="middle" font-weight="bold">{name}</text>"""
NOTE = '<circle cx="{x}" cy="{dot}" r="4" fill="{arrow}"/>'
ARROW = """\
<path d="M{x} {y}H{to}m{back} -4l{tip} 4l{back} 4" fill="none" \
stroke="{arrow}"/>"""
TEXT = """\
<text x="{x}" y="{y}" text-anchor="{anchor}" stroke="{paper}" \
stroke-width="5" paint-order="stroke">{text}</text>"""


def messages(scene, moves):
    """(from, to, lines) for all that is told of the moves that are drawn."""
    found = []
    for move in moves:
        with recording(Path(scene.app.root_path).parent) as record:
            scene.move(**move)
        for event in story(record) if move.get("drawn") else []:
            ends = [LANES.get(n, 1) for n in (event.source, event.target)]
            if lines := lines_of(event):
                found.append((*ends, lines))
    return found


def lines_of(event):
    """What is written at an arrow, or beside a dot.

    Nothing, for what stays in the program and is no news.
    """
    text, detail = event.text, event.detail
    if text.startswith(NO_NEWS):
        return []
    for value in detail.get("parameters", ()):
        text = text.replace("?", repr(value), 1)
    if event.source != BROWSER and event.target == BROWSER:
        text = text.removesuffix(", with Set-Cookie")
    if event.source in (LOGIN, HASHER) and text not in NAMED:
        text = f"gives {text}"
    refused = ": refused" if detail.get("error") else ""
    lines = wrapped(unquote(NAMED.get(text, text)) + refused)
    if session := detail.get("session"):
        user = session.get("_user_id")
        lines.append("Cookie: session" + (f" (user {user})" if user else ""))
    if form := detail.get("form"):
        lines += wrapped("Form: " + ", ".join(form))
    sent = dict.fromkeys(c.partition("=")[0] for c in detail.get("sent", ()))
    return lines + [f"Set-Cookie: {name}" for name in sent]


def wrapped(text):
    lines = text.replace(" WHERE ", "\nWHERE ").splitlines()
    return [part for line in lines for part in wrap(line, CHARACTERS)]


def draw(title, told, scheme):
    """The SVG of messages, in the light or in the dark."""
    colours = dict(zip(NAMES, COLOURS[scheme], strict=True))
    parts, y = [], 34
    for start, end, lines in told:
        here, there = HEADS[start][1], HEADS[end][1]
        note, first = start == end, y + LINE + 6
        place = {
            "x": here + 12 if note else (here + there) // 2,
            "anchor": "start" if note else "middle",
        }
        for number, line in enumerate(lines):
            at = first + number * LINE
            parts.append(part(TEXT, colours, **place, y=at, text=line))
        y = first + (len(lines) - 1) * LINE + (2 if note else 8)
        if note:
            parts.append(part(NOTE, colours, x=here, dot=first - 4))
        else:
            way = 7 if there > here else -7
            ends = {"to": there, "tip": way, "back": -way}
            parts.append(part(ARROW, colours, x=here, y=y, **ends))
    used = HEADS[: max(max(ends[:2]) for ends in told) + 1]
    heads = [part(HEAD, colours, name=n, x=x, end=y + 14) for n, x in used]
    words = " ".join(escape(say(*message)) for message in told)
    size = {
        "wide": WIDE,
        "high": y + 24,
        "words": words,
        "title": escape(title),
    }
    return SVG.format(**size, **colours, parts="\n".join(heads + parts))


def part(form, colours, **values):
    return Markup(form).format(**colours, **values)


def say(start, end, lines):
    """A message in words."""
    who, whom, what = HEADS[start][0], HEADS[end][0], ", ".join(lines)
    return f"{who}: {what}." if who == whom else f"{who} to {whom}: {what}."
