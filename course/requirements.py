"""What a command needs: its group, and what the chapters it is about list.

Uses only the standard library: it runs before anything is installed.
"""

import re
import tomllib

GROUPS = {
    "course": "chapters chapter shell reset diff history adopt "
    "new-step new-chapter refit set-up student-edition",
    "check": "start check hand-in hint compare catch-up restore progress run",
    "class": "class",
    "desk": "learn",
    "cookie": "cookie",
    "other-site": "other-site",
    "notebooks": "lab notebooks",
    "book": "book walk",
    "test": "test amend bench pictures",
    "latest": "latest",
    "lock": "lock",
}
GROUP_OF = {each: g for g, line in GROUPS.items() for each in line.split()}
EVERY = ["book", "class", "notebooks", "test"]  # they run all programs
NAMED = [
    *("chapter", "shell", "reset", "other-site"),
    *GROUPS["check"].split(),
    *GROUPS["desk"].split(),
]
OWN = ["check", "desk"]  # these run the programs in work/

PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)(==[^\\\n]*)(?:.*\n .*)*", re.M)
VIA = re.compile(r"# via (.*)")
NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")


class Unknown(Exception):
    """A requirement that is not locked, in words for the author."""


def needed(root, course, words):
    """The pins that a command line needs, as {name: text of the lock}.

    A group that is called as a chapter's folder is what runs beside it.
    `root` has the lock and the groups, `course` the chapters and `work/`.
    Raises Unknown where something is required that is not locked.
    """
    lock = locked(root)
    text = (root / "pyproject.toml").read_text("utf-8")
    groups = tomllib.loads(text)["dependency-groups"]
    used = ("course", GROUP_OF.get(words[0], "course"))
    wanted = names_of(x for name in used for x in lines_of(name, groups))
    for chapter in chapters_of(course, words):
        path = chapter / "requirements.txt"
        listed = names_of(path.read_text("utf-8").splitlines())
        if missing := sorted(listed - set(lock)):
            raise Unknown(
                f"{path} lists `{missing[0]}`, which is not locked yet.\n"
                "Try: make lock"
            )
        wanted |= listed | names_of(lines_of(chapter.name, groups))
    return closure(wanted, lock)


def lines_of(name, groups):
    """What a group of pyproject.toml lists, other groups included."""
    for line in groups.get(name, ()):
        if isinstance(line, str):
            yield line
        else:
            yield from lines_of(line["include-group"], groups)


def chapters_of(course, words):
    """The folders of the chapters whose programs a command runs.

    The first steps of a chapter may still need what the one before it has.
    """
    command, *words = words
    group = GROUP_OF.get(command)
    folders = sorted((course / "chapters").glob("[0-9][0-9]-*"))
    chosen = set()
    for before, folder in zip([None, *folders], folders, strict=False):
        own = group in OWN or (command in NAMED and not words)
        started = own and (course / "work" / folder.name).exists()
        started = started or (group == "desk" and before is None)
        named = command in NAMED and names(words, folder)
        if group in EVERY or started or named:
            chosen |= {folder, before or folder}
    listed = (f for f in folders if (f / "requirements.txt").is_file())
    return [folder for folder in listed if folder in chosen]


def names(words, folder):
    """Whether one of the words is `2`, `2.3` or a slug of that chapter."""
    number = int(folder.name[:2])
    pages = (folder / "steps").glob("*.md")
    slugs = {page.stem.partition("-")[2] for page in pages}
    matches = (re.fullmatch(r"0*(\d{1,2})(\.\d+)?", word) for word in words)
    numbers = {int(match[1]) for match in matches if match}
    return number in numbers or not slugs.isdisjoint(words)


def names_of(lines):
    """The names in lines of requirements, as a lock spells them."""
    found = (NAME.match(line) for line in lines)
    return {re.sub(r"[-_.]+", "-", m[1]).lower() for m in found if m}


def locked(root):
    """Every name in the lock, with its text: several pins where it forks."""
    pins = {}
    text = (root / "requirements" / "lock.txt").read_text("utf-8")
    for match in PIN.finditer(text):
        pins[match[1]] = pins.get(match[1], "") + match[0] + "\n"
    return pins


def closure(wanted, lock):
    """The pins of names and of all that they bring, `# via` tells which."""
    brought = {}
    for name, text in lock.items():
        for via in VIA.findall(text):
            for other in via.split(", "):
                brought.setdefault(other, set()).add(name)
    found, left = set(), set(wanted)
    while left:
        found |= left
        left = set().union(*(brought.get(n, ()) for n in left)) - found
    return {name: lock[name] for name in sorted(found)}
