"""What the checks ask of a page, and the trees that its blocks make."""

import re

from ..errors import CourseError
from ..git import GitError, git
from ..pages import read_page, slug_of, title_of

DIFF_LIKE = re.compile(
    r"^(?:diff --git .*|@@ -\d.*|--- .*\n\+\+\+ .*\n@@ -)", re.MULTILINE
)


def page_of(step):
    """The step's Page. Raises CourseError where it breaks a rule."""
    try:
        text = step.page.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        refuse(step, f"is not UTF-8 at its byte {error.start}.")
    page = read_page(text)
    check_title(step, page)
    check_prose(step, page)
    return page


def check_title(step, page):
    if not page.title:
        refuse(step, "has no title. Its first line is to be: # A title")
    name = f"{step.state.step}-{slug_of(page.title)}.md"
    if step.page.name != name:
        refuse(step, f"is titled “{page.title}”. Rename it to {name}")


def check_prose(step, page):
    for number, block in enumerate(page.blocks, 1):
        prose = block.prose
        if number == 1:
            prose = prose.removeprefix(f"# {page.title}")
        if not prose.strip():
            refuse(
                step,
                f"block {number}, on line {block.line}, has no prose. "
                "Say before it what it is for.",
            )
    later = [block.prose for block in page.blocks[1:]]
    for prose in [*later, page.after] if page.blocks else later:
        if title_of(prose):
            refuse(step, f"has a second title, “{title_of(prose)}”. Use ##")


def check_numbers(course):
    """Raise CourseError where the steps of a chapter are not 1, 2, 3, …"""
    for chapter in course.chapters:
        numbers = [step.state.step for step in chapter.steps]
        if numbers != list(range(1, len(numbers) + 1)):
            found = ", ".join(map(str, numbers)) or "none"
            raise CourseError(
                f"chapters/{chapter.folder.name}/steps has the pages {found}. "
                "Number them from 1,\nwithout a gap and each number once."
            )


def refuse(step, why):
    raise CourseError(f"{shown(step)} {why}")


def shown(step):
    """A page as it is named to a person, from `chapters` on."""
    return "/".join(step.page.parts[-4:])


def block_trees(step, page, tree, **kept):
    """The tree after each block of a page, from the one before it on.

    Raises CourseError which says which block git refuses, on which line.
    """
    git("read-tree", tree, **kept)
    trees = []
    for number, block in enumerate(page.blocks, 1):
        try:
            git("apply", "--cached", stdin=on_its_lines(block), **kept)
        except GitError as error:
            refuse(
                step,
                f"does not apply: block {number}, which starts on line "
                f"{block.line}. git said:\n{error.indented}",
            )
        trees.append(git("write-tree", **kept).strip())
    return trees


def on_its_lines(block):
    """The diff, as far down as in its page: git counts the lines it names."""
    return ("\n" * (block.line - 1) + block.diff).encode()


def check_whole_pages(states, pages, trees):
    """Raise CourseError where git reads prose as a part of the patch.

    `pages` and `trees`, by state, are the Page and what its blocks make. A
    page that git reads as it stands, prose and all, has to make the same.
    """
    steps = states.course.steps
    try:
        whole = states.trees
    except CourseError:
        for state, step in steps.items():
            refuse_diff_like(step, pages[state])
        raise
    for state, step in steps.items():
        if whole[state] != trees[state]:
            refuse_diff_like(step, pages[state])
            refuse(
                step,
                "says one thing to a reader and another to git: its blocks, "
                "applied at once,\ngive other files than one by one. Either a "
                "fence is indented, or a file comes and\ngoes in one step: "
                "make that two steps.",
            )


def refuse_diff_like(step, page):
    """Raise CourseError where a line of prose looks to git like a diff."""
    text = step.page.read_bytes().decode("utf-8")
    ours = {
        block.line + n
        for block in page.blocks
        for n in range(block.diff.count("\n"))
    }
    for match in DIFF_LIKE.finditer(text):
        number = text.count("\n", 0, match.start()) + 1
        if number not in ours:
            refuse(
                step,
                f"has prose on line {number} that git reads as a diff:\n"
                f"    {match[0].splitlines()[0].rstrip()}\n"
                "Put one blank before it, or before each line of its fence.",
            )
