"""Where a link in a page leads, and a picture or file of a state is shown."""

import json
import re
from html import unescape
from itertools import pairwise

from ..asides import aloud
from ..pages import PICTURE
from .diffs import anchor_of

IMAGE = """\
```{{image}} {}
:alt: {}
:class: only-{}
:width: {}
```

"""


def linked(course, text):
    """The text with its pictures, and links to the front page and notebooks.

    A link to a notebook that does not exist yet becomes plain text.
    """
    text = PICTURE.sub(in_both_themes, aloud(text))
    text = re.sub(r"\]\((\.\./)+README\.md\)", "](/index.md)", text)
    return re.sub(
        r"\[([^]]+)\]\(((?:\.\./)+)(notebooks/[^)#]+)\)",
        lambda m: m[0] if (course.root / m[3]).exists() else m[1],
        text,
    )


def in_both_themes(match):
    """A picture as two: one for the light, one for the dark."""
    dark, alt, width, light = match.groups()
    words = json.dumps(" ".join(unescape(alt).split()), ensure_ascii=False)
    width = f"{width}px" if width else "auto"
    pictures = (light, "light"), (dark, "dark")
    return "".join(IMAGE.format(p, words, s, width) for p, s in pictures)


def relinked(text, folder):
    """The Markdown of a page in that folder, read from the book's top."""
    return re.sub(r"\]\((?!\w+:|#|/)", f"]({folder}", text)


def places_of_files(states):
    """For each state, by file, the place in `program/` that shows it.

    A file is shown where it last changed, and linked to from there on.
    """
    places, now = {}, {}
    for before, state in pairwise(states.course.states):
        trees, there = states.trees, states.folder(state)
        page = f"{dashed(state)}.html#"
        changed = states.changed_files(trees[before], trees[state])
        now = now | {path: page + anchor_of(path) for path in changed}
        now = {p: at for p, at in now.items() if (there / p).is_file()}
        places[state] = now
    return places


def dashed(state):
    return str(state).replace(".", "-")
