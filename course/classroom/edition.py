"""The course as students get it: without answers, and up to a step."""

import re
import shutil
from pathlib import Path

from ..chapters import Course
from ..errors import CourseError
from ..states import States

HAS = [
    *(".devcontainer", ".gitattributes", ".gitignore"),
    *("LICENSE", "LICENSE-TEXT", "Makefile", "README.md"),
    *("chapters", "course", "notebooks", "other-site", "program.py"),
    *("pyproject.toml", "requirements", "tests"),
]
TESTS = {"__init__.py", "conftest.py", "sampling.py", "chapters"}
PAGES = {"README.md", "steps", "exercises", "requirements.txt"}
LEFT_OUT = shutil.ignore_patterns(
    *("instance", "__pycache__", ".*_checkpoints"),
    *("mistakes", "variants", "survivors.txt"),
)
ANSWER = re.compile(
    r"(?s)(<summary>(?:One worked way|An answer)[^<]*</summary>\n\n)"
    r".*?(</details>)"
)
INSTEAD = r"\1Your teacher has it.\n\n\2"
LOADS = re.compile(r'\bload\(\\?"(\d+)')
LINK = re.compile(r"(?<!!)\[([^][]+)\]\(([^()\s#:]+)(?:#[^()\s]*)?\)")


def student_edition(course, folder, until=None):
    """Write the course for students into a new folder; say what it holds.

    With `until`, a state, nothing beyond it. Raises CourseError where the
    folder holds something already.
    """
    root = Path(folder)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise CourseError(
            f"{root} is there, and is not empty. Nothing was written.\n"
            "Try another name"
        )
    root.mkdir(parents=True, exist_ok=True)
    copy(course.root, root)
    end = until or course.states[-1]
    leave_out_later(course, end, root)
    for page in sorted((root / "chapters").glob("*/exercises/*.md")):
        rewrite(page, lambda text, page: ANSWER.sub(INSTEAD, text))
    for page in [root / "README.md", *(root / "chapters").rglob("*.md")]:
        rewrite(page, without_dead_links)
    return said(Course(root), root)


def copy(source, root):
    """Copy what students get, without the programs at the chapters' ends."""
    for name in HAS:
        if (source / name).is_dir():
            shutil.copytree(source / name, root / name, ignore=LEFT_OUT)
        elif (source / name).exists():
            shutil.copyfile(source / name, root / name)
    for chapter in (root / "chapters").glob("[0-9][0-9]-*"):
        keep(chapter, PAGES)
    if (root / "tests").is_dir():
        keep(root / "tests", TESTS)


def keep(folder, names):
    for path in folder.iterdir():
        if path.name not in names:
            remove(path)


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def leave_out_later(course, end, root):
    """Remove what comes after a state, and note the slugs of its steps."""
    tests = root / "tests" / "chapters"
    for chapter in course.chapters:
        own = root / "chapters" / chapter.folder.name
        if chapter.number > end.chapter:
            remove(own)
            remove(tests / chapter.folder.name)
        elif end < chapter.last and chapter.number == end.chapter:
            remove(own / "exercises")
            remove(tests / chapter.folder.name / "exercises")
            put_requirements(course, end, own)
    for notebook in (root / "notebooks").glob("*.ipynb"):
        asked = LOADS.findall(notebook.read_text(encoding="utf-8"))
        if max(map(int, asked), default=0) > end.chapter:
            remove(notebook)
    later = [step for state, step in course.steps.items() if state > end]
    for step in later:
        remove(root / step.page.relative_to(course.root))
    if later:
        slugs = "".join(f"{step.slug}\n" for step in later)
        (root / "chapters" / "later.txt").write_text(slugs, encoding="utf-8")


def put_requirements(course, state, folder):
    """What the program needs after a state in the middle of a chapter."""
    needed = States(course).folder(state) / "requirements.txt"
    remove(folder / "requirements.txt")
    if needed.is_file():
        shutil.copyfile(needed, folder / "requirements.txt")


def rewrite(page, change):
    if page.is_file():
        text = page.read_text(encoding="utf-8")
        page.write_text(change(text, page), encoding="utf-8", newline="\n")


def without_dead_links(text, page):
    """The words alone of a link to a page that the edition does not have."""

    def words(match):
        there = (page.parent / match[2]).exists()
        return match[0] if there else match[1]

    return LINK.sub(words, text)


def said(course, root):
    last = course.states[-1]
    return (
        f"The students' edition is in {root}: {len(course.chapters)} chapters"
        f", up to step {last}.\n"
        "Left out: worked answers, the programs at the ends of chapters, what "
        "comes later,\nmistakes and right programs that the tests know, and "
        "what is written for teachers.\n"
        f"Try it: cd {root}, then make start 1"
    )
