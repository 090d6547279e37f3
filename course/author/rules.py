"""What is asked of a page, and of the places of all pages."""

import re

from ..errors import CourseError
from ..pages import fences, parts_of, read_page, title_of
from ..patches import CRLF, has_crlf

DIFF_LIKE = re.compile(
    r"^(?:diff --git .*|@@ -\d.*|--- .*\n\+\+\+ .*\n@@ -)", re.MULTILINE
)
NO_FILE = re.compile(r"^[a-z ]+mode (?:120000|160000)$", re.MULTILINE)
NO_PROSE = re.compile(r" {0,3}(?:%|\+\+\+)")
TRY_IT = "## Try it"


def page_of(step):
    """The step's Page. Raises CourseError where it breaks a rule."""
    if has_crlf(step.page):
        refuse(step, f"cannot be read. {CRLF}")
    page = read_page(step.text)
    if not page.title:
        refuse(step, "has no title. Its first line is to be: # A title")
    check_prose(step, page)
    check_for_git(step)
    check_for_the_book(step)
    for block in page.blocks:
        if NO_FILE.search(block.diff):
            refuse(step, "holds a symbolic link or a repository. Use a file.")
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
    later = [block.prose for block in page.blocks[1:]]
    for prose in [*later, page.after] if page.blocks else later:
        if title_of(prose):
            refuse(step, f"has a second title, “{title_of(prose)}”. Use ##")


def check_for_git(step):
    """Raise CourseError where a line of prose looks to git like a diff."""
    line = 1
    for number, part in enumerate(parts_of(step.text)):
        prose = "".join(part)
        if number % 2 == 0 and (match := DIFF_LIKE.search(prose)):
            line += prose.count("\n", 0, match.start())
            refuse(
                step,
                f"has prose on line {line} that git reads as a diff:\n"
                f"    {match[0].splitlines()[0].rstrip()}\n"
                "Put one blank before it, or before each line of its fence.",
            )
        line += len(part)


def check_for_the_book(step):
    """Raise CourseError for a line that the book would leave out."""
    inside = set()
    for _, token in fences(step.text):
        inside |= {*range(*token.map)}
    for number, line in enumerate(step.text.split("\n")):
        if number not in inside and NO_PROSE.match(line):
            refuse(
                step,
                f"has on line {number + 1} what the book takes for no text:\n"
                f"    {line}\nBegin the line with another word.",
            )


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
    seen = {}
    for step in course.steps.values():
        other = seen.setdefault(step.slug, step)
        if other is not step:
            raise CourseError(
                f"two steps are called “{step.slug}”:\n    {other.shown}\n"
                f"    {step.shown}\nA step is known by that name. Rename one."
            )


def refuse(step, why):
    raise CourseError(f"{step.shown} {why}")
