"""New steps and chapters, as far as the tool can write them."""

import re
import tempfile
from pathlib import Path

from ..chapters import Course
from ..errors import CourseError
from ..pages import slug_of
from ..states import States
from .snapshots import check_snapshots
from .transaction import mend, replaced

PAGE = """\
# {title}

Say here what is wrong or missing, and which mistake this step avoids.
"""
LESSON = """\
# {title}

Say here what the chapter is for, how to run it, and what to try.

## Steps

1. [{step}](steps/{page})
"""


def new_step(course, text, title):
    """Make the page of a step, before the one of that number if there is one.

    Returns what to do next. Raises CourseError where no step can be.
    """
    chapter, number = place_of(course, text)
    slug = check_title(title)
    page = f"{number}-{slug}.md"
    here = f"chapters/{chapter.folder.name}/steps"
    texts = {page: PAGE.format(title=title)}
    gone = {step.page.name: None for step in chapter.steps[number - 1 :]}
    for step in chapter.steps[number - 1 :]:
        _, rest = step.page.name.split("-", 1)
        text = step.page.read_text(encoding="utf-8")
        texts[f"{step.state.step + 1}-{rest}"] = text
    with tempfile.TemporaryDirectory() as scratch:
        made = {n: write(Path(scratch) / n, t) for n, t in texts.items()}
        put(course, {f"{here}/{n}": p for n, p in (gone | made).items()})
    return "\n".join(
        [
            f"{here}/{page} is there. Now",
            "  1. write its prose,",
            f"  2. edit the program in chapters/{chapter.folder.name},",
            f"  3. make amend {chapter.number}.{number}",
            "  4. end the page with ## Try it.",
            *renumbered(chapter, number),
        ]
    )


def renumbered(chapter, number):
    """What to look after, where later steps have moved up."""
    last = len(chapter.steps)
    if number > last:
        return []
    moved = f"{chapter.number}.{number}"
    if number < last:
        moved += f" to {chapter.number}.{last}"
    return [
        f"Each step from {moved} is one further now. Tests, lessons and links "
        "name steps\nby number: look for them."
    ]


def new_chapter(course, name, title):
    """Make a chapter of one step, which changes nothing yet."""
    last = course.chapters[-1] if course.chapters else None
    number = last.number + 1 if last else 1
    if not re.fullmatch(rf"{number:02}-[a-z0-9]+(-[a-z0-9]+)*", name):
        raise CourseError(
            f"“{name}” cannot be the next chapter. Its name is a number and a "
            f"word or two, as in\n    make new-chapter {number:02}-name"
        )
    page = f"1-{check_title(title)}.md"
    words = name[3:].replace("-", " ").capitalize()
    lesson = LESSON.format(title=words, step=title, page=page)
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch) / "new"
        states = States(course)
        states.write_files(states.trees[course.states[-1]], new)
        write(new / "README.md", lesson)
        write(new / "steps" / page, PAGE.format(title=title))
        files = [path for path in new.rglob("*") if path.is_file()]
        here = f"chapters/{name}"
        put(
            course,
            {f"{here}/{p.relative_to(new).as_posix()}": p for p in files},
        )
    return (
        f"{here} is there, with the program of chapter {number - 1}. Now\n"
        f"  1. write the prose of {here}/steps/{page},\n"
        f"  2. edit the program in {here},\n"
        f"  3. make amend {number}.1\n"
        "  4. end the page with ## Try it.\n"
        f'More steps: make new-step {number}.2 "A title"'
    )


def place_of(course, text):
    """The chapter and the number of the step that is to be made."""
    match = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})", text)
    if not match:
        raise CourseError(
            f"“{text}” is not a step. A step is named as in\n"
            '    make new-step 2.3 "A title"'
        )
    chapter, number = course.chapter(int(match[1])), int(match[2])
    most = len(chapter.steps) + 1
    if not 1 <= number <= most:
        raise CourseError(
            f"chapter {chapter.number} has {most - 1} steps, so a new one is "
            f"{chapter.number}.1 to {chapter.number}.{most}."
        )
    return chapter, number


def check_title(title):
    """The slug of a title. Raises CourseError where it has none."""
    slug = slug_of(title)
    if not slug:
        raise CourseError(
            "a step needs a title with a letter or a digit, as in\n"
            '    make new-step 2.3 "A title"'
        )
    return slug


def put(course, changes):
    """Put the files there, unless the pages would not compose any more."""
    mend(course.root)
    check_snapshots(course)
    (course.root / "build").mkdir(exist_ok=True)
    with replaced(course.root, changes):
        check_snapshots(Course(course.root))


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
