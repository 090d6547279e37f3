"""New steps and chapters, as far as the tool can write them."""

import re

from ..chapters import Course
from ..errors import CourseError
from ..pages import slug_of
from ..states import States
from .history import commits_of
from .placement import at_work, put_in_place, standing
from .references import follow
from .repository import Repository
from .snapshots import check_snapshots
from .stage import page_changes
from .summary import what_moved

PAGE = """\
# {title}

Say here what is wrong or missing, and which mistake this step avoids.
"""
LESSON = """\
# Chapter {number}: {name}

Say here what the chapter is for.

## Run it

```console
$ make chapter {number}
```

Say here what to try in the browser.

## The steps

1. [{title}](steps/1-{slug}.md): what it brings.

## What you may read elsewhere

| they say | today | the step |
| --- | --- | --- |

## Exercises

1. **A task.** What is there to do, and how does one see that it is done?

## Read next
"""
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
        check_course(course, scratch)
        seen = standing(course.root)
        for step in course.steps.values():
            place = step.state.step
            if step.state.chapter == chapter.number and place >= number:
                place += 1
            folder = (
                scratch / "new" / step.page.parent.relative_to(course.root)
            )
            write(folder / f"{place}-{step.slug}.md", step.text)
        steps = scratch / "new" / "chapters" / chapter.folder.name / "steps"
        write(steps / f"{number}-{slug}.md", PAGE.format(title=title))
        new = Course(scratch / "new")
        changes, _ = follow(course, new)
        changes |= page_changes(course, new)
        moved = what_moved(course, changes)
        put_in_place(course.root, changes, seen)
    return f"{moved}\n{what_next(new, slug)}"


def new_chapter(course, name, title):
    """Make a chapter of one step, which changes nothing yet."""
    with at_work(course) as (course, scratch):
        last = course.chapters[-1] if course.chapters else None
        number = last.number + 1 if last else 1
        if not re.fullmatch(rf"{number:02}-[a-z0-9]+(-[a-z0-9]+)*", name):
            raise CourseError(
                f"“{name}” cannot be the next chapter. Its name is a number "
                f"and a word or two, as in\n    make new-chapter "
                f"{number:02}-name"
            )
        slug = check_title(course, title)
        check_course(course, scratch)
        new = scratch / "new" / "chapters" / name
        states = States(course)
        states.write_files(states.trees[course.states[-1]], new)
        words = name[3:].replace("-", " ").capitalize()
        lesson = {"number": number, "name": words, "title": title}
        write(new / "README.md", LESSON.format(slug=slug, **lesson))
        write(new / "steps" / f"1-{slug}.md", PAGE.format(title=title))
        files = [path for path in new.rglob("*") if path.is_file()]
        root = scratch / "new"
        changes = {p.relative_to(root).as_posix(): p for p in files}
        put_in_place(course.root, changes, {})
        said = what_next(Course(root), slug)
    return (
        f"chapters/{name} is there, with the program of chapter "
        f"{number - 1}. {said}\n"
        f'More steps: make new-step {number}.2 "A title"'
    )


def what_next(course, slug):
    step = course.steps[course.slugs[slug]]
    return NEXT.format(
        page=step.shown,
        folder=step.page.parent.parent.name,
        state=step.state,
        slug=slug,
    )


def check_course(course, scratch):
    """Raise CourseError where the pages, as they stand, break a rule."""
    commits_of(course, Repository(scratch / "history"))
    check_snapshots(course)


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
    if not slug:
        raise CourseError(
            "a step needs a title with a letter or a digit, as in\n"
            '    make new-step 2.3 "A title"'
        )
    if slug in course.slugs:
        raise CourseError(
            f"there is a step “{slug}” already, {course.slugs[slug]}. A step "
            "is known by that\nname: give this one another title."
        )
    return slug


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
