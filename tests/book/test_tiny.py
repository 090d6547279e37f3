"""A course of another size: what is rare in the real one."""

import shutil

import pytest
from bs4 import BeautifulSoup

from course.book import build
from course.book.build import make_book
from course.book.inputs import digest_of
from course.book.source import Source
from course.book.specs import Specs
from course.chapters import Course, State
from course.walk.build import live_slides
from course.walk.tested import slide_of_kept, wrong_in

from .tiny import tiny_course, write

TITLE = "The <form> tag, <b> & more"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return tiny_course(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def copy(tmp_path):
    """A course that a test may change."""
    return tiny_course(tmp_path)


def digests(course):
    """The digests of what the book and each chapter's slides are made from."""
    course = Course(course.root)
    slides = [digest_of(course, c) for c in course.chapters]
    return digest_of(course), *slides


@pytest.fixture(scope="module")
def unbuilt(course):
    """The digests of the course as it is written, with nothing built."""
    return digests(course)


@pytest.fixture(scope="module")
def book(course, unbuilt):
    return make_book(course).parent


@pytest.fixture(scope="module")
def decks(course, unbuilt):
    return [
        soup_of(live_slides(course, chapter) / "index.html")
        for chapter in course.chapters
    ]


def soup_of(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def step_page(book, chapter, name):
    return soup_of(book / "chapters" / chapter / "steps" / f"{name}.html")


def test_a_title_is_text_with_code_in_it(book, decks):
    page = step_page(book, "01-one", "1-the-form-tag")
    page.h1.find("a", "headerlink").extract()
    for heading in (page.h1, decks[0].find(id="step-1-1").h1):
        assert heading.get_text() == TITLE
        assert heading.code.text == "<b>"
    assert "<form>" in soup_of(book / "index.html").select_one("aside").text
    assert "<form>" in decks[0].footer.text


def test_prose_that_only_one_reader_of_markdown_knows_stays_text(book, decks):
    page = step_page(book, "01-one", "1-the-form-tag")
    notes = decks[0].select("aside.notes")[2]
    for shown in (page.select_one("section > p:not(.state)"), notes):
        assert "% no comment" in shown.text
        assert "+++ <i>no rule</i>" in shown.text


def test_a_files_name_is_shown_as_it_is(book, decks):
    page = step_page(book, "01-one", "1-the-form-tag")
    for shown in (page, decks[0]):
        captions = [c.get_text() for c in shown.find_all("figcaption")]
        assert any("tür & <tor>.txt" in text for text in captions)


def test_a_file_that_moved_says_from_where_and_its_new_mode(book, decks):
    page = step_page(book, "01-one", "2-move-it")
    for shown in (page, decks[0]):
        (what,) = [w.text for w in shown.select(".what") if "moved" in w.text]
        assert what == "moved from tür & <tor>.txt, now executable"


def test_a_refactoring_step_says_that_all_stays_green(book, decks):
    page = step_page(book, "01-one", "2-move-it")
    section = page.find(id="all-stays-green").get_text(" ", strip=True)
    assert "every test that passes before it, 1 in" in section
    assert not page.find(id="red-then-green")
    (slide,) = decks[0].select("section.kept")
    assert "✓ Every test that passes before this step" in slide.text
    assert "1 of 1." in slide.text
    assert not slide.find("table")


def test_a_test_that_a_refactoring_breaks_is_on_its_slide(course):
    specs = Specs(course, course.chapters[0])
    specs.all[0].runs["1.2"] = ["it is gone", None]
    slide = slide_of_kept(specs, State(1, 2))
    assert slide.values == {"count": 1, "broken": [specs.all[0]]}
    assert "it is gone" in slide.notes


def test_a_test_that_a_step_does_not_turn_green_is_told(course):
    chapter = course.chapters[0]
    specs = Specs(course, chapter)
    assert not list(wrong_in(course, specs, chapter.steps))
    state = course.state(specs.all[0].since)
    specs.all[0].runs[str(state)] = ["it is red"]
    told = list(wrong_in(course, specs, chapter.steps))
    assert told == [(specs.all[0], state)]


def test_a_page_that_was_just_made_is_in_the_book_and_the_slides(book, decks):
    page = step_page(book, "02-two", "2-not-yet-written")
    assert page.h1.contents[0] == "Not yet written"
    assert not page.find("figcaption")
    first = decks[1].find(id="step-2-2")
    assert first.h1.text == "Not yet written"
    assert len(first.parent.find_all("section")) == 2, "where, and see it"


def test_a_line_that_moved_is_the_same_line_before_and_after(decks):
    """Where little is taken out, both stand on one slide."""
    (slide,) = decks[1].select("section.code")
    moved = slide.select_one(".removed")
    (landed,) = [x for x in slide.select(".added") if "Flask(" in x.text]
    assert moved["data-id"] == landed["data-id"]
    assert (moved["data-number"], landed["data-number"]) == ("", "6")


def test_tests_of_the_same_name_in_two_chapters_are_two(course):
    green = Specs(course).turned_green_by
    assert len(Specs(course).all) == 2
    for slug in ("the-form-tag", "close-it"):
        (spec,) = green(course.state(slug))
        assert spec.since == slug


def test_each_of_them_was_run_red_and_then_green(decks):
    for deck in decks:
        (row,) = deck.select("section.tests tbody tr")
        cells = [cell.get_text(strip=True) for cell in row.select("td")]
        assert cells == ["✗ fails", "✓ passes"]


def test_a_program_page_shows_what_its_step_changed_and_links_to_the_rest(
    course, book
):
    page = soup_of(book / "program" / "2-1.html")
    titles = [h.code.text for h in page.find_all("h2") if h.code]
    assert titles == ["lock.txt", "microblog/__init__.py"]
    links = {a.text: a["href"] for a in page.select("article li a") if a.code}
    assert links == {"door.txt": "1-2.html#door-txt"}
    assert soup_of(book / "program" / "1-2.html").find(id="door-txt")


class TestWhatABuildReads:
    def test_is_not_what_a_program_writes_when_it_runs(
        self, course, unbuilt, book, decks
    ):
        chapter = course.chapters[0].folder
        for folder in (chapter, course.root / "tests/chapters"):
            write(folder / "microblog" / "__pycache__" / "routes.pyc", "x")
            write(folder / "microblog" / "__pycache__" / "test_x.pyc", "x")
        write(course.chapters[1].folder / "instance" / "app.db", "x")
        assert digests(course) == unbuilt

    @pytest.mark.parametrize("at", [0, 1])
    def test_of_a_chapters_prose_makes_no_other_chapters_slides_old(
        self, copy, at
    ):
        before = digests(copy)
        page = copy.chapters[at].steps[0].page
        text = page.read_text(encoding="utf-8")
        write(page, text.replace("A door", "Every door").replace("other", "o"))
        after = digests(copy)
        assert [a != b for a, b in zip(after, before, strict=True)] == [
            True,
            at == 0,
            at == 1,
        ]

    def test_of_a_chapters_tests_makes_no_other_chapters_slides_old(
        self, copy
    ):
        before = digests(copy)
        write(
            copy.root / "tests/chapters/02-two/test_two.py",
            '# since("close-it")\n',
        )
        after = digests(copy)
        assert [a == b for a, b in zip(after, before, strict=True)] == [
            False,
            False,  # its refactoring shows that all tests stay green
            False,
        ]

    def test_of_an_unchanged_course_is_not_built_again(
        self, course, book, decks, monkeypatch
    ):
        monkeypatch.setattr(build, "run_sphinx", None)
        monkeypatch.setattr("course.walk.build.write_slides", None)
        assert make_book(course).parent == book
        live_slides(course, course.chapters[0])


@pytest.fixture
def changing(course, book, tmp_path):
    """The course with its book, put back afterwards as it was."""
    kept = shutil.copytree(course.root, tmp_path / "kept")
    yield course
    shutil.rmtree(course.root)
    shutil.copytree(kept, course.root)


def test_the_page_that_changed_is_written_or_all_with_a_new_sidebar(
    changing, book
):
    times = {p: p.stat().st_mtime_ns for p in book.rglob("*.html")}
    step = changing.chapters[1].steps[0].page
    text = step.read_text(encoding="utf-8")
    write(step, text.replace("A door", "Every door"))
    make_book(Course(changing.root))
    changed = {p.name for p, t in times.items() if p.stat().st_mtime_ns != t}
    assert "1-close-it.html" in changed
    around = {"README.html", "search.html", "genindex.html"}
    assert changed <= {"1-close-it.html", *around}

    write(step, text.replace("# Close it", "# Shut the door"))
    make_book(Course(changing.root))
    for page in book.rglob("chapters/**/*.html"):
        assert "Shut the door" in soup_of(page).find("aside").get_text()


def test_all_files_of_all_states_are_shown_once(course, tmp_path):
    source = Source(course, tmp_path)
    pages = [c for p, c in source.pages.items() if p.parts[0] == "program"]
    assert sum(page.count(b"{code-block}") for page in pages) == 5
