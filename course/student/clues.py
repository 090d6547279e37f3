"""What is told of a block: what to look for, the place, and the shape."""

import keyword
import re

from ..asides import aloud, aside
from ..check.blame import added_in
from ..glossary import rewritten
from ..pages import PICTURE

QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
CALL = re.compile(r"(?<!def )(?<!class )\b([a-zA-Z]\w+)\(")
IMPORTED = re.compile(r"^from \S+ import (\w+)|^    (\w+),$")
TAG = re.compile(r"\{% (?!end)(\w+)|<([a-z]\w*)")
MOST_NAMES = 6


def look_for(block, step):
    """What to look for, in the author's words, or the page's first ones."""
    if said := aside("look", block.prose):
        return said
    prose = re.sub(r"^# .*", "", PICTURE.sub("", aloud(block.words)))
    plain = rewritten(prose, step.text, lambda words, _: words)
    first = plain.strip().partition("\n\n")[0]
    return " ".join(first.split())


def place_of(block):
    """The files of a block, where in them it stands, and what it uses."""
    for file in block.files:
        part = block.diff.partition(f" b/{file}\n")[2]
        part = part.partition("\ndiff --git ")[0]
        within = re.findall(r"^@@ .+ @@ (.+)", part, re.M)
        where = f", near `{within[0].rstrip(':')}`" if within else ""
        if part.startswith("new file"):
            where = ", a new file"
        yield f"In `{file}`{where}."
        if names := names_in([*added_in(block.diff, file)], file):
            yield f"It uses {', '.join(names)}."


def names_in(lines, file):
    """What is called, imported or opened in some lines, in order."""
    pattern = TAG if file.endswith(".html") else CALL
    found = []
    for line in lines:
        match = IMPORTED.match(line)
        found += [*filter(None, match.groups())] if match else []
        for names in pattern.findall(QUOTED.sub('""', line)):
            found += [names] if isinstance(names, str) else shown(*names)
    known = [n for n in dict.fromkeys(found) if not keyword.iskeyword(n)]
    return [f"`{name}`" for name in known[:MOST_NAMES]]


def shown(tag, element):
    return [f"{{% {tag} %}}" if tag else f"<{element}>"]


def shape_of(block):
    """The block's lines with everything left out that is to be found."""
    for file in block.files:
        outline = markup if file.endswith(".html") else code
        lines = [outline(line) for line in added_in(block.diff, file)]
        yield f"{file}:"
        before = None
        for line in lines:
            if line.strip() != "…" or line != before:
                yield f"    {line}"
            before = line


PYTHON = [
    (r"(def .+|class .+|else:|try:|import .+|[)\]}].*)", r"\1"),
    (r"(from \S+ import ).+", r"\1…"),
    (r"(if|elif|while|with|for|except)\b.*:", r"\1 …:"),
    (r"(return|raise)\b.*", r"\1 …"),
    (r"(@[\w.]+|[\w.]+\(\))", r"\1"),
    (r"(@[\w.]+)\(.*", r"\1(…)"),
    (r"(\w+): [^=]+=.*", r"\1: … = …"),
    (r"([\w.\"'\[\]]+) = .*[(\[{]", r"\1 = …("),
    (r"([\w.\"'\[\]]+) = .*", r"\1 = …"),
    (r"([\w.]+)\(.*", r"\1(…)"),
    (r"(\w[\w.-]*)[~=<>]=.*", r"\1~=…"),
]


def code(line):
    """`    user = find(name)` as `    user = …`."""
    bare = line.strip()
    for pattern, said in PYTHON:
        if re.fullmatch(pattern, bare):
            bare = re.sub(pattern, said, bare)
            break
    else:
        bare = "…"
    return line[: len(line) - len(line.lstrip())] + bare


def markup(line):
    """`<p>Hello, {{ name }}</p>` as `<p>…</p>`."""
    line = re.sub(r"\{\{.*?\}\}", "{{ … }}", line)
    line = re.sub(r"\{% (\w+) .*? %\}", r"{% \1 … %}", line)
    line = re.sub(r"<([a-z]\w*)\s[^>]*>", r"<\1 …>", line)
    return re.sub(r"(?<=[>}])[^<>{}]*\w[^<>{}]*(?=[<{])", "…", line)
