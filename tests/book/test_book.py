"""What the book shows of a step and of a chapter."""

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup
from unidiff import PatchSet

from course.book import build
from course.book.build import make_book, run_sphinx
from course.book.diffs import read_diff
from course.book.specs import Specs
from course.book.standards import Standards
from course.errors import CourseError
from course.git import git
from course.glossary import anchor_in, definitions_of, entries_of
from course.pages import PICTURE, read_page
from course.states import States

from ..built import COURSE, each_chapter, each_exercise, each_step

SPECS = Specs(COURSE)


@cache
def soup_of(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def page_of(book, step):
    chapter = COURSE.chapter(step.state.chapter)
    name = step.page.with_suffix(".html").name
    return book / "chapters" / chapter.folder.name / "steps" / name


@pytest.fixture
def soup(book, step):
    return soup_of(page_of(book, step))


def green_in(soup, step):
    """What a page says of the tests: its step's, or that all stay green."""
    name = "all-stays-green" if step.is_refactoring else "red-then-green"
    return soup.find(id=name).get_text(" ")


def rows(soup):
    """The lines of the diffs on a page, as git would write them."""
    return [
        line.get_text().removesuffix("\n") for line in soup.select(".line")
    ]


def lines_of(diff):
    return [
        line.value.removesuffix("\n")
        for file in PatchSet(diff)
        for hunk in file
        for line in hunk
    ]


@each_step
def test_a_step_shows_every_line_of_its_diffs_in_order(soup, step):
    page = read_page(step.page.read_text(encoding="utf-8"))
    said = [text for block in page.blocks for text in lines_of(block.diff)]
    assert [line[1:] for line in rows(soup)] == said


@each_step
def test_what_is_given_is_folded_and_nothing_else(soup, step):
    page = read_page(step.page.read_text(encoding="utf-8"))
    folds = soup.select("details.given")
    given = [block for block in page.blocks if block.given]
    assert [fold.summary.text for fold in folds] == [b.given for b in given]
    assert not any(fold.has_attr("open") for fold in folds)
    folded = [line[1:] for fold in folds for line in rows(fold)]
    assert folded == [text for b in given for text in lines_of(b.diff)]
    typed = sum(block.diff.count("</details>") for block in page.blocks)
    assert soup.text.count("</details>") == typed


@each_step
def test_a_picture_is_there_for_the_light_and_for_the_dark(soup, step):
    shown = [(i["src"], i["alt"], i["class"]) for i in soup.select("img")]
    kinds = [kind for *_, kind in shown]
    count = len(PICTURE.findall(step.text))
    assert kinds == [["only-light"], ["only-dark"]] * count
    for light, dark in zip(shown[::2], shown[1::2], strict=True):
        assert light[0].replace("-light.", "-dark.") == dark[0]
        assert light[1] == dark[1]
    assert "picture>" not in soup.text


def test_a_page_to_read_before_the_first_step_is_in_the_book(book):
    (primer,) = COURSE.primers
    name = f"chapters/{primer.stem}.html"
    assert soup_of(book / name).h1
    front = soup_of(book / "index.html")
    assert front.select(f'article a[href="{name}"]')
    lesson = soup_of(book / "chapters/01-hashing/README.html")
    assert lesson.find("a", href=f"../{primer.stem}.html")


@each_step
def test_a_step_links_its_words_to_the_glossary(soup, step):
    page = step.page.read_text(encoding="utf-8")
    written = [found["href"] for found in definitions_of(page).values()]
    names = [anchor_in(to) for to in written if anchor_in(to)]
    shown = soup.select('article a[href*="/glossary.html#"]')
    assert len({link["href"] for link in shown}) == len({*names}) > 0


def test_the_glossary_is_in_the_book_and_on_its_front_page(book):
    name = "chapters/glossary.html"
    titles = [found.text for found in soup_of(book / name).select("h3")]
    assert len(titles) == len(entries_of(COURSE))
    front = soup_of(book / "index.html")
    assert front.select(f'article a[href="{name}"]')


@each_step
def test_a_step_names_each_file_and_links_to_all_of_it(book, soup, step):
    page = read_page(step.page.read_text(encoding="utf-8"))
    named = [f.path for b in page.blocks for f in read_diff(b.diff)]
    captions = soup.select("figcaption")
    assert [c.select_one(".path").text for c in captions] == named
    folder = States(COURSE).folder(step.state)
    for caption, path in zip(captions, named, strict=True):
        name, _, anchor = caption.a["href"].partition("#")
        whole = soup_of((page_of(book, step).parent / name).resolve())
        for number in whole.select(".linenos"):
            number.extract()
        stands = (folder / path).read_text(encoding="utf-8")
        assert whole.find(id=anchor).pre.text.strip() == stands.strip()


@each_step
def test_a_step_names_the_tests_that_it_turns_green(soup, step):
    section = green_in(soup, step)
    for spec in SPECS.turned_green_by(step.state):
        assert spec.sentence in section


@each_step
def test_a_step_names_the_tests_that_it_retires_and_why(soup, step):
    section = green_in(soup, step)
    for spec in SPECS.retired_by(step.state):
        assert spec.sentence in section
        assert spec.because in section.replace("’", "'")


@each_step
def test_a_step_says_the_command_that_runs_it(soup, step):
    commands = [code.text for code in soup.select(".state code")]
    assert commands == [f"make chapter {step.state}"]


def test_the_marks_that_the_book_reads_are_those_that_the_tests_run_by():
    thief = "what-a-thief-would-read"
    spec = next(s for s in SPECS.all if s.until and s.since == thief)
    assert spec in SPECS.turned_green_by(COURSE.state(thief))
    assert spec in SPECS.retired_by(COURSE.state(spec.until))
    assert spec.sentence[0].isupper()
    assert "_" not in spec.sentence


def words_marked(old, new):
    head = "--- a/f.txt\n+++ b/f.txt\n@@ -1 +1 @@\n"
    (change,) = read_diff(f"{head}-{old}\n+{new}\n")
    lines = change.hunks[0].lines
    return [re.findall(r"<mark[^>]*>(.*?)</mark>", x.html) for x in lines]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("from a import b", "from a import b, c", [[], [", c"]]),
        ("x = one(two)", "x = six(two)", [["one"], ["six"]]),
        ("a quiet harbour", "three swifts are back", [[], []]),
        ("return  here", "return here", [[], []]),
    ],
)
def test_the_words_that_changed_inside_a_line_are_marked(old, new, expected):
    assert words_marked(old, new) == expected


def test_code_is_escaped_and_kept_to_the_letter():
    head = "--- a/f.html\n+++ b/f.html\n@@ -1 +1 @@\n"
    (change,) = read_diff(f"{head}-<p>a & b</p>\n+<b>{{{{ x }}}}</b>\n")
    shown = [
        BeautifulSoup(line.html, "html.parser").text
        for line in change.hunks[0].lines
    ]
    assert shown == ["<p>a & b</p>", "<b>{{ x }}</b>"]


def exercise_of(book, exercise):
    chapter = COURSE.chapter(exercise.state.chapter)
    name = exercise.page.with_suffix(".html").name
    return book / "chapters" / chapter.folder.name / "exercises" / name


@each_exercise
def test_an_exercise_folds_its_worked_way_and_nothing_of_its_task(
    book, exercise
):
    soup = soup_of(exercise_of(book, exercise))
    page = read_page(exercise.text)
    said = [text for block in page.blocks for text in lines_of(block.diff)]
    hint, way = soup.article.find_all("details")
    assert [line[1:] for line in rows(way)] == said
    assert not hint.has_attr("open")
    assert not way.has_attr("open")
    assert not soup.find(id="done-when").find_parent("details")
    assert "details>" not in soup.article.text


@each_exercise
def test_an_exercise_says_its_number_and_how_it_is_checked(book, exercise):
    soup = soup_of(exercise_of(book, exercise))
    said = soup.select_one(".state").text
    assert f"Exercise {exercise.number}," in said
    check = f"make check EXERCISE={exercise.number}"
    assert (check in said) == exercise.asks_for_code


@each_chapter
def test_exercises_come_after_the_steps_in_the_sidebar(book, chapter):
    page = book / "chapters" / chapter.folder.name / "README.html"
    links = [a.get("href") for a in soup_of(page).select(".sidebar-tree a")]
    last, *exercises = (
        f"{folder}/{each.page.stem}.html"
        for folder, pages in (
            ("steps", chapter.steps[-1:]),
            ("exercises", chapter.exercises),
        )
        for each in pages
    )
    start = links.index(last) + 1
    assert links[start : start + len(exercises)] == exercises


@each_chapter
def test_a_chapter_shows_its_whole_difference(book, chapter):
    states = States(COURSE)
    trees = [states.trees[s] for s in COURSE.span(chapter.number)]
    diff = git("diff", "-M", *trees, folder=states.repository)
    page = book / "chapters" / chapter.folder.name / "difference.html"
    sides = soup_of(page).select(".line.added, .line.removed")
    shown = [line.get_text().strip("\n") for line in sides]
    said = [
        line
        for line in diff.splitlines()
        if line[:1] in ("+", "-") and line[:4] not in ("+++ ", "--- ")
    ]
    assert sorted(shown) == sorted(said)


def test_what_changed_since_gathers_the_tables_of_all_lessons(book):
    shown = soup_of(book / "what-changed.html").select("tbody tr")
    told = [
        line
        for chapter in COURSE.chapters
        for line in section_of(chapter.lesson).splitlines()
        if line.startswith("| ") and not line.startswith("| --- ")
    ]
    assert len(shown) == len(told) - len(COURSE.chapters) > 20
    for row in shown:
        *_, step = row.select("td")
        assert step.a or step.text == "later", f"no step beside {row.text}"


def section_of(lesson):
    text = lesson.read_text(encoding="utf-8")
    return text.split("## What you may read elsewhere")[1].split("\n## ")[0]


def test_the_front_page_shows_what_one_builds_and_where_to_begin(book):
    front = soup_of(book / "index.html").article
    pictures = front.select("img")
    assert len(pictures) == 2
    for picture in pictures:
        assert (book / picture["src"]).is_file()
        assert len(picture["alt"]) > 80
    readers = [found.text for found in front.select("li > p > strong")]
    assert [words.split()[1] for words in readers] == [
        *("want", "know", "want", "teach.", "write."),
    ]
    assert "make start 1" in front.text


def test_every_page_says_what_one_may_do_with_it(book):
    for page in ("index.html", "chapters/02-login/README.html"):
        foot = soup_of(book / page).select_one(".copyright")
        assert "Text: CC BY 4.0, code: MIT." in foot.text
        assert (book / page).parent.joinpath(foot.a["href"]).is_file()


def test_an_unchanged_tree_is_not_built_again(book, monkeypatch):
    monkeypatch.setattr(build, "run_sphinx", None)
    assert make_book(COURSE) == book / "index.html"


def test_a_page_with_a_mistake_is_named_and_no_book_is_made(tmp_path):
    (tmp_path / "source").mkdir()
    page = tmp_path / "source" / "index.md"
    page.write_text("# A page\n\n[nowhere](nowhere.md)\n", encoding="utf-8")
    with pytest.raises(CourseError) as told:
        run_sphinx(COURSE, tmp_path)
    assert "index.md:3" in str(told.value)
    assert "make book" in str(told.value)


def test_a_page_says_what_answers_each_thing_that_standards_ask(book):
    page = soup_of(book / "standards.html")
    rows = [[cell.text for cell in tr("td")] for tr in page.select("tbody tr")]
    asked = Standards(COURSE).asked
    assert sorted(row[0] for row in rows) == sorted(each.id for each in asked)
    assert all(row[2].strip() for row in rows)
