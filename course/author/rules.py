"""What is asked of a page, and of the places of all pages."""

import re

from ..errors import CourseError
from ..pages import read_page, title_of, without_fences

FOR_GIT = re.compile(
    r"^(?:diff --git .*|@@ -\d.*|--- .*(?=\n\+\+\+ .*\n@@ -))", re.MULTILINE
)
NOT_FOR_THE_BOOK = re.compile(r"^ {0,3}(?:%|\+\+\+).*", re.MULTILINE)
NO_TEXT = re.compile(
    r"^(?:diff .*\n[a-z ]+mode 1[26]0000|Binary files .* differ)$",
    re.MULTILINE,
)
TRY_IT = "## Try it"


def page_of(step):
    """The step's Page. Raises CourseError where it breaks a rule."""
    page = read_page(step.text)
    if not page.title:
        refuse(step, "has no title. Its first line is to be: # A title")
    check_prose(step, page)
    check_lines(
        step,
        FOR_GIT.search(without_fences(step.text, "diff")),
        "that git reads as a diff",
        "Put one blank before it, or before each line of its fence.",
    )
    check_lines(
        step,
        NOT_FOR_THE_BOOK.search(without_fences(step.text)),
        "that the book takes for no text",
        "Begin the line with another word.",
    )
    return page


def check_prose(step, page):
    for number, block in enumerate(page.blocks, 1):
        what = f"block {number}, on line {block.line},"
        if not block.words.removeprefix(f"# {page.title}").strip():
            refuse(step, f"{what} has no prose. Say before it what it is for.")
        if re.search(rf"^{TRY_IT}$", block.prose, re.MULTILINE):
            refuse(
                step,
                f"has a diff after {TRY_IT}: {what} belongs before it. In "
                "build/history, this\nmay be a step whose first commit is "
                "gone, the one with # and its title.",
            )
        if match := NO_TEXT.search(block.diff):
            refuse(
                step,
                f"would hold in {what} more than a page can show:\n"
                f"    {match[0]}\nA picture can be an SVG, or a data: "
                "address.",
            )
    for prose in [*(block.prose for block in page.blocks), page.after][1:]:
        if title_of(prose):
            refuse(step, f"has a second title, “{title_of(prose)}”. Use ##")


def check_lines(step, match, what, advice):
    if match:
        line = match.string.count("\n", 0, match.start()) + 1
        words = f"has prose on line {line} {what}:\n    {match[0].rstrip()}"
        refuse(step, f"{words}\n{advice}")


def check_places(course):
    """Raise CourseError where a step has not one number, or not one name."""
    for chapter in course.chapters:
        numbers = [step.state.step for step in chapter.steps]
        if numbers != list(range(1, len(numbers) + 1)):
            found = ", ".join(map(str, numbers)) or "none"
            raise CourseError(
                f"chapters/{chapter.folder.name}/steps has the pages {found}. "
                "Number them from 1,\nwithout a gap and each number once."
            )
    for state, step in course.steps.items():
        other = course.steps[course.slugs[step.slug]]
        if other.state != state:
            raise CourseError(
                f"two steps are called “{step.slug}”:\n    {step.shown}\n"
                f"    {other.shown}\nA step is known by that name. Rename one."
            )


def refuse(step, why):
    raise CourseError(f"{step.shown} {why}")
