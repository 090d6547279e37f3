"""Exercise: another kind of message."""

import re

import pytest

from tests.chapters import style
from tests.chapters.expectation import expect
from tests.chapters.people import ANNA

KINDS = ["success", "warning", "danger"]
COLOUR = r"(?:border[\w-]*|color|background[\w-]*)\s*:\s*([^;}]+)"


@pytest.fixture
def messages(visitor):
    """What somebody reads who registers: role, classes, text of each."""
    page = visitor.register(ANNA.but(username=" Anna"))
    return [
        (tag["role"], classes_around(tag), tag.get_text(" ", strip=True))
        for tag in page.soup.find_all(role=["status", "alert"])
    ]


def classes_around(tag):
    around = [tag, *(p for p in tag.parents if p.find_parent("main"))]
    return {name for each in around for name in each.get("class", ())}


@pytest.mark.exercise("another-kind")
def test_a_new_member_is_told_the_name_that_they_have(messages):
    told = [text for _, kinds, text in messages if "info" in kinds]
    expect(
        told and re.search(r"\banna\b", told[0]),
        "Registered as “ Anna”, and read the messages of the kind info.",
        "; ".join(told) or f"none among {len(messages)}",
        "one, with the name anna in it",
    )


@pytest.mark.exercise("another-kind")
def test_it_stands_below_the_one_about_the_account(messages):
    kinds = [sorted({*KINDS, "info"} & kinds) for _, kinds, _ in messages]
    expect(
        kinds == [["success"], ["info"]],
        "Registered, and read of which kinds the messages are.",
        f"{kinds}",
        "success, then info",
    )


@pytest.mark.exercise("another-kind")
def test_it_interrupts_nobody(messages):
    roles = [role for role, kinds, _ in messages if "info" in kinds]
    expect(
        roles == ["status"],
        "Registered, and read the role of what is of the kind info.",
        f"{roles}",
        'role="status"',
    )


@pytest.mark.exercise("another-kind")
def test_the_kind_has_a_colour_that_no_other_kind_has(visitor):
    link = visitor.see("/login").soup.find("link", rel="stylesheet")
    css = style.without_comments(visitor.text_of(link["href"]))
    for theme, known in (("light", style.light), ("dark", style.dark)):
        found = {kind: colour_of(css, kind, known(css)) for kind in KINDS}
        own = colour_of(css, "info", known(css))
        expect(
            own and own not in found.values(),
            f"Looked in the style sheet for the colour of info, {theme}.",
            own or "there is none",
            f"one, and none of {', '.join(filter(None, found.values()))}",
        )
        paper = style.plain("var(--paper)", known(css))
        if paper and style.plain(own, {}):
            expect(
                style.contrast(own, paper) >= style.LEAST,
                f"Looked at the colour of info on the paper, {theme}.",
                f"{own} on {paper}: {style.contrast(own, paper):.1f}",
                f"a contrast of {style.LEAST} or more",
            )


def colour_of(css, kind, known):
    """The last colour that a rule for a kind sets, or None."""
    rules = re.findall(rf"\.{kind}\b[^{{}}]*\{{([^}}]*)\}}", css)
    values = [v for rule in rules for v in re.findall(COLOUR, rule)]
    if not values:
        return None
    name = re.search(r"var\((--[\w-]+)\)", values[-1])
    return known.get(name[1], values[-1]) if name else values[-1].strip()
