"""A diff in a fold is given: it is in the workspace, and nobody types it."""

import pytest

from course.author.adoption import adopt
from course.author.history import export
from course.chapters import Course
from course.errors import CourseError
from course.pages import read_page, write_page

from .small import ONE, course_of, files_of, history_of, told_by

FOLD = "<details>\n<summary>Read it here</summary>"
FILES = {"app.py": ONE}


@pytest.fixture
def giving(tmp_path):
    """A course whose one page gives a file, and then has one typed."""
    first = f"# First\n\nThis is given.\n\n{FOLD}\n\nChapter: 01-one"
    return course_of(
        tmp_path,
        [
            (first, FILES),
            ("Another.", FILES | {"more.txt": "more\n"}),
            ("## Try it\n\nRead it.", FILES | {"more.txt": "more\n"}),
        ],
    )


def text_of(course):
    return course.steps[course.state("first")].text


def test_a_block_knows_that_it_is_given_and_what_its_fold_says(giving):
    given, typed = read_page(text_of(giving)).blocks
    assert given.given == "Read it here"
    assert given.words == "# First\n\nThis is given."
    assert given.files == ["app.py"]
    assert not typed.given
    assert typed.words == typed.prose == "Another."


def test_a_page_closes_the_fold_after_what_is_given(giving):
    text = text_of(giving)
    assert text.count("```\n\n</details>\n\nAnother.") == 1
    assert write_page(read_page(text)) == text


def test_what_is_given_last_is_followed_by_what_to_try(giving):
    given, _ = read_page(text_of(giving)).blocks
    page = read_page(f"{FOLD}\n\n```diff\n{given.diff}```\n\n</details>\n\nx")
    assert page.after == "x"


def test_what_is_given_goes_through_the_history_and_back(giving):
    before = files_of(giving.root)
    export(giving)
    assert FOLD in told_by(history_of(giving))[1][0]
    adopt(giving)
    assert files_of(giving.root) == before


def test_a_fold_is_no_reason_for_a_change(giving):
    page = giving.steps[giving.state("first")].page
    page.write_text(text_of(giving).replace("This is given.\n\n", ""))
    with pytest.raises(CourseError, match="has no prose"):
        export(Course(giving.root))
