"""What a stylesheet does in the light and in the dark, as far as it is plain.

Only colours that are written as #rgb or #rrggbb, and variables that hold
them, are looked at; of all others nothing is said.
"""

import re

LEAST = 3  # contrast, of 21; less than 4.5 is hard to read for many
BREAKS = r"overflow(-wrap|-x)?|word-break|word-wrap|line-break|text-overflow"


def unreadable(css):
    """Yield each theme that is hard to read, in words, with its line."""
    css = without_comments(css)
    for theme, found in (("light", light(css)), ("dark", dark(css))):
        ink, paper = colours_of_the_body(css, found)
        if ink and paper and contrast(ink, paper) < LEAST:
            yield (
                f"in the {theme}, {ink} stands on {paper}: contrast "
                f"{contrast(ink, paper):.1f}",
                line_of(css, DARK if theme == "dark" else r"\bbody\b"),
            )


def unbroken(css):
    """Yield that no long word breaks, in words, with the nearest line."""
    css = without_comments(css)
    if not re.search(rf"[{{;\s]({BREAKS})\s*:", css):
        near = [r"\b(overflow|word)-", r"\btd\b", r"\bbody\b"]
        line = next(filter(None, (line_of(css, each) for each in near)), 1)
        yield "no style lets a long word break or scroll", line


def without_comments(css):
    """The same lines, with nothing in their comments."""
    comment = re.compile(r"/\*.*?\*/", re.S)
    return comment.sub(lambda found: "\n" * found[0].count("\n"), css)


DARK = r"@media[^{]*prefers-color-scheme:\s*dark[^{]*\{"


def dark(css):
    """The variables as they are in the dark."""
    blocks = re.findall(DARK + r"((?:[^{}]*\{[^{}]*\})*)", css)
    return light(css) | variables(" ".join(blocks))


def light(css):
    return variables(re.sub(DARK + r"(?:[^{}]*\{[^{}]*\})*\s*\}", "", css))


def variables(css):
    return dict(re.findall(r"(--[\w-]+)\s*:\s*([^;}]+?)\s*[;}]", css))


def colours_of_the_body(css, found):
    """The colour of the text and of the page; None where it is not plain."""
    body = re.search(r"(?:^|\})\s*body\s*\{([^}]*)\}", css)
    text = body[1] if body else ""
    styles = dict(re.findall(r"([\w-]+)\s*:\s*([^;}]+)", text))
    behind = styles.get("background-color") or styles.get("background")
    return tuple(plain(each, found) for each in (styles.get("color"), behind))


def plain(colour, found):
    name = re.fullmatch(r"\s*var\((--[\w-]+)\)\s*", colour or "")
    colour = (found.get(name[1]) if name else colour) or ""
    return colour.strip() if re.fullmatch(HEX, colour.strip()) else None


HEX = r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"


def contrast(one, other):
    """How far two colours are apart: w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (
        linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part):
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def line_of(css, pattern):
    found = re.search(pattern, css)
    return css[: found.start()].count("\n") + 1 if found else None
