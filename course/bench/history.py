"""How long the course takes to become a history, and to be amended."""

from .courses import answer, copied, seconds


def exporting():
    """The whole course, of which nothing was built before."""
    with copied() as course:
        value = seconds(answer, course, "history")
    return "make history", value, "at most", 2, "s"


def amending():
    """A label in the first step, through all chapters and build/history."""
    with copied() as course:
        answer(course, "history")
        folder = course.chapters[0].folder
        page = folder / "microblog" / "templates" / "base.html"
        label = page.read_text(encoding="utf-8").replace(
            ">Microblog</a>", ">My blog</a>"
        )
        page.write_text(label, encoding="utf-8", newline="\n")
        value = seconds(answer, course, "amend", "1.1", "--no-tests")
        assert "My blog" in course.steps[course.states[1]].text
    return "make amend 1.1, tests aside", value, "at most", 5, "s"
