"""What the checks ask of a page, and the trees that its blocks make."""

import re
from itertools import zip_longest

from ..errors import CourseError
from ..git import GitError, git
from ..pages import fences, read_page, title_of
from ..patches import CRLF, advice, has_crlf

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
    check_every_line(step)
    for block in page.blocks:
        if NO_FILE.search(block.diff):
            refuse(step, "holds a symbolic link or a repository. Use a file.")
    return page


def check_prose(step, page):
    for number, block in enumerate(page.blocks, 1):
        what = f"block {number}, on line {block.line},"
        if not block.prose.removeprefix(f"# {page.title}").strip():
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


def check_every_line(step):
    """Raise CourseError for a line that is no prose to the book."""
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


def block_trees(course, step, page, tree, **kept):
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
                f"{block.line}. git said:\n{error.indented}\n"
                f"{advice(course, step)}",
            )
        trees.append(git("write-tree", **kept).strip())
    return trees


def on_its_lines(block):
    """The diff, as far down as in its page: git counts the lines it names."""
    return ("\n" * (block.line - 1) + block.diff).encode()


def check_diffs(repository, steps):
    """Raise CourseError where a block is not git's own diff of its trees.

    Git passes over a line that is no diff, and it would be lost. `steps` has
    each step, with its page and the trees before and after its blocks.
    """
    blocks = [
        (step, block, f"{old} {new}\n")
        for step, page, trees in steps
        for block, old, new in zip(page.blocks, trees, trees[1:], strict=False)
    ]
    diffs = repository.diffs("".join(trees for *_, trees in blocks))
    for (step, block, _), diff in zip(blocks, diffs, strict=True):
        ours, gits = placeless(block.diff), placeless(diff)
        if ours != gits:
            same = [a == b for a, b in zip_longest(ours, gits)].index(False)
            words = (n for n in range(same, len(ours)) if ours[n])
            number = next(words, same)
            line = "".join(ours[number : number + 1])
            refuse_line(step, block.line + number, line)


def placeless(diff):
    """The lines of a diff, without what follows from its place."""
    return re.sub(r"^@@ -.*", "@@", diff, flags=re.MULTILINE).split("\n")


def refuse_line(step, number, line):
    refuse(
        step,
        f"has on line {number} what is no part of git's diff of this block:\n"
        f"    {line}\nIs a closing ``` missing above it? Words belong outside "
        "of a fence, and diffs\nare git's to write: edit the snapshot, then "
        f"type make amend {step.state}.",
    )


def check_whole_pages(states, pages, trees):
    """Raise CourseError where git reads prose as a part of the patch.

    `pages` and `trees`, by state, are the Page and what its blocks make. A
    page that git reads as it stands, prose and all, has to make the same.
    """
    for state, step in states.course.steps.items():
        try:
            same = states.trees[state] == trees[state]
        except CourseError:
            refuse_diff_like(step, pages[state])
            raise
        if not same:
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
