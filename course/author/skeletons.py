"""New steps and chapters, as far as the tool can write them."""

import re
from pathlib import Path

from ..chapters import Course
from ..errors import CourseError
from ..pages import slug_of
from ..states import States
from .copies import Copy, what_moved
from .history import commits_of
from .placement import at_work
from .references import follow
from .repository import Repository
from .snapshots import check_snapshots

PAGE = """\
# {title}

Say here what is wrong or missing, and which mistake this step avoids.
"""
LESSON = Path(__file__).with_name("lesson.md")
NEXT = """\
Now
  1. write the prose of {page},
  2. edit the program in chapters/{folder},
  3. make amend {state}
  4. name the step in chapters/{folder}/README.md, and say in
     tests/chapters/{folder} what it must do: since("{slug}").
A step that changes no behaviour has no test of its own. Its prose begins with
**A refactoring step.**"""


def new_step(course, text, title):
    """Make the page of a step, before the one of that number if there is one.

    Returns what was rewritten, and what to do next. Raises CourseError where
    no step can be.
    """
    with at_work(course) as (course, scratch):
        chapter, number = place_of(course, text)
        slug = check_title(course, title)
        copy = checked_copy(course, scratch)
        steps = copy.root / "chapters" / chapter.folder.name / "steps"
        for step in reversed(chapter.steps[number - 1 :]):
            later = f"{step.state.step + 1}-{step.slug}.md"
            (steps / step.page.name).rename(steps / later)
        write(steps / f"{number}-{slug}.md", PAGE.format(title=title))
        follow(course, Course(copy.root))
        moved = what_moved(copy)
        copy.put_in_place()
    return f"{moved}\n{what_next(course, slug)}"


def new_chapter(course, name, title):
    """Make a chapter of one step, which changes nothing yet."""
    with at_work(course) as (course, scratch):
        number = max((c.number for c in course.chapters), default=0) + 1
        if not re.fullmatch(rf"{number:02}-[a-z0-9]+(-[a-z0-9]+)*", name):
            raise CourseError(
                f"“{name}” cannot be the next chapter. Its name is a number "
                f"and a word or two, as in\n    make new-chapter "
                f"{number:02}-name"
            )
        slug = check_title(course, title)
        copy = checked_copy(course, scratch)
        new, states = copy.root / "chapters" / name, States(course)
        states.write_files(states.trees[course.states[-1]], new)
        words = name[3:].replace("-", " ").capitalize()
        lesson = LESSON.read_text(encoding="utf-8").format(
            number=number, name=words, title=title, slug=slug
        )
        write(new / "README.md", lesson)
        write(new / "steps" / f"1-{slug}.md", PAGE.format(title=title))
        copy.put_in_place()
    return (
        f"chapters/{name} is there, with the program of chapter "
        f"{number - 1}. {what_next(course, slug)}\n"
        f'More steps: make new-step {number}.2 "A title"'
    )


def what_next(course, slug):
    course = Course(course.root)
    step = course.steps[course.slugs[slug]]
    return NEXT.format(
        page=step.shown,
        folder=step.page.parent.parent.name,
        state=step.state,
        slug=slug,
    )


def checked_copy(course, scratch):
    """A Copy. Raises CourseError where the pages break a rule already."""
    commits_of(States(course), Repository(scratch / "history"))
    check_snapshots(course)
    return Copy(course, scratch)


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


def check_title(course, title):
    """The slug of a title. Raises CourseError where it cannot be one."""
    slug = slug_of(title)
    if not slug or slug in course.slugs:
        raise CourseError(
            f"“{title}” cannot be a title: it has no letter or digit, or "
            "there is a step\nof that name already. Try: make chapters"
        )
    return slug


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
