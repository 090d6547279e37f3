"""What an author says aside, in a comment of a page.

`<!-- look: … -->` before a diff is the first hint for that block, and
`<!-- why: … -->` after the last one says why the course does it this way.
They are told to who asks, and left out where a page is shown.
"""

import re

ASIDE = re.compile(r"\n*<!-- (look|why): (.+?)\s*-->", re.DOTALL)


def aside(kind, text):
    """What a text says aside, in one line; empty where it says nothing."""
    said = (words for name, words in ASIDE.findall(text) if name == kind)
    return " ".join(" ".join(said).split())


def aloud(text):
    """A text without what is said aside."""
    return ASIDE.sub("", text).lstrip("\n")
