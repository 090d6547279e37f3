"""What the book and the slides are made from."""

import hashlib
from pathlib import Path

from ..states import States

TOOL = Path(__file__).parents[1]
MADE = {"__pycache__", "instance"}


def digest_of_book(course):
    """A digest of all that the book is made from."""
    folders = [course.root / "chapters", course.root / "notebooks"]
    return digest(*shared(course), *tests_about(course, None), *folders)


def digest_of_slides(course, chapter):
    """The same for a chapter's slides: of the others, only their programs."""
    before, _ = course.span(chapter.number)
    files = [*shared(course), *tests_about(course, chapter), chapter.folder]
    return digest(*files) + States(course).trees[before]


def digest_of_tests(course):
    """The same for what the tests say of the steps."""
    return digest(*shared(course), *tests_about(course, None))


def tests_about(course, chapter):
    """The tests of a course, or those that a chapter's slides tell of.

    These name one of its steps; where it has a refactoring, they are all.
    """
    files = sorted((course.root / "tests" / "chapters").rglob("test_*.py"))
    steps = chapter.steps if chapter else []
    if not chapter or any(step.is_refactoring for step in steps):
        return files
    names = [f'"{step.slug}"' for step in steps]
    texts = ((path, path.read_text(encoding="utf-8")) for path in files)
    return [path for path, text in texts if any(x in text for x in names)]


def shared(course):
    drivers = sorted((course.root / "tests" / "chapters").glob("*.py"))
    names = ["tests/conftest.py", "requirements/book.txt", "program.py"]
    return [TOOL, *drivers, *(course.root / name for name in names)]


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


def read(stamp):
    """What a stamp says, or None where there is none."""
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else None
