"""What the book and the slides are made from, so that it is done once."""

import hashlib
from pathlib import Path

from ..states import States

TOOL = Path(__file__).parents[1]
MADE = {"__pycache__", "instance"}


def kept_up(made, digest, build):
    """Build what is not there, or was made from something else."""
    stamp = made.with_name(f"{made.name}.stamp")
    if not made.exists() or read(stamp) != digest:
        made.parent.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        build()
        stamp.write_text(digest, encoding="utf-8")


def read(path):
    """What a file says, or None where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else None


def digest_of(course, chapter=None):
    """A digest of all that the book, or a chapter's slides, are made from.

    Of the other chapters, slides are made from the programs alone.
    """
    files = [TOOL, *sorted((course.root / "tests/chapters").glob("*.py"))]
    for name in ("tests/conftest.py", "requirements/book.txt", "program.py"):
        files.append(course.root / name)
    files += tests_about(course, chapter)
    if chapter is None:
        names = ("chapters", "notebooks", "tests/standards.toml")
        names += ("README.md", "LICENSE-TEXT", "course/pictures")
        return digest(*files, *(course.root / name for name in names))
    before, _ = course.span(chapter.number)
    files += filter(None, [course.glossary])
    plan = course.root / "teaching" / f"{chapter.folder.name}.md"
    scenes = course.root / "chapters" / "pictures" / "scenes.toml"
    files += [path for path in (plan, scenes) if path.is_file()]
    files += sorted(course.root.glob("other-site/attacks.py"))
    return digest(*files, chapter.folder) + States(course).trees[before]


def tests_about(course, chapter):
    """The tests of a course, or those that a chapter's slides tell of.

    These name one of its steps; where it has a refactoring, they are all.
    """
    files = sorted((course.root / "tests" / "chapters").rglob("test_*.py"))
    steps = chapter.steps if chapter else []
    if not chapter or any(step.is_refactoring for step in steps):
        return files
    names = [f'"{step.slug}"' for step in steps]
    return [path for path in files if any(x in read(path) for x in names)]


def digest(*places):
    """A digest of these files, and of those in these folders."""
    found = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            made = MADE.intersection(path.relative_to(place).parts)
            if path.is_file() and not made:
                found.update(f"{path.as_posix()}\0".encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
