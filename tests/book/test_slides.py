"""What the slides hold, before a browser shows them."""

import re
from html import unescape

import pytest
from bs4 import BeautifulSoup

from course.asides import aloud
from course.book.diffs import read_diff
from course.errors import CourseError
from course.glossary import anchor_in, definitions_of, entries_of
from course.pages import read_page
from course.walk.fitting import changes_by_slide, cut, rows_of
from course.walk.live import stage_of
from course.walk.ours import check_pdf, made_in, mark_pdf, put_in
from course.walk.plan import Plan
from course.walk.printing import write as write_slides
from course.walk.prose import thoughts_of
from course.walk.starting import start_of
from course.walk.whole import place_of

from ..built import COURSE, each_shown_chapter, each_shown_step
from .tiny import tiny_course, write

WHOLE = re.compile(
    '<template data-file="(.+?)" data-path="(.+?)">(.+?)</template>', re.S
)


@pytest.fixture(scope="session")
def texts(slides):
    return {
        number: (folder / "index.html").read_text(encoding="utf-8")
        for number, folder in slides.items()
    }


@pytest.fixture(scope="session")
def soups(texts):
    """All that the slides of each chapter show."""
    return {
        number: BeautifulSoup(WHOLE.sub("", text), "html.parser")
        for number, text in texts.items()
    }


@pytest.fixture(scope="session")
def whole_files(texts):
    """The path and the lines of each whole file behind a chapter's slides."""
    return {
        number: {
            file: (path, lines_in(html))
            for file, path, html in WHOLE.findall(text)
        }
        for number, text in texts.items()
    }


@pytest.fixture
def files(whole_files, step):
    """Those of a step's chapter, by the number that its figures name."""
    return whole_files[step.state.chapter]


@pytest.fixture
def shown(soups, step):
    """The slides of one step."""
    first = soups[step.state.chapter].find(
        id=f"step-{step.state.chapter}-{step.state.step}"
    )
    return first.parent.find_all("section")


def of_kind(shown, kind):
    return [slide for slide in shown if kind in slide["class"]]


def lines_in(html):
    _, *lines = re.split('<span class="line" data-number="[0-9]+">', html)
    return [unescape(re.sub("<[^>]+>", "", line)) for line in lines]


def plain(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower().replace("&quot;", " "))


@each_shown_step
def test_every_line_that_changes_is_on_a_slide(shown, step):
    page = read_page(step.page.read_text(encoding="utf-8"))
    said = [
        (line.kind, line.text)
        for block in page.blocks
        if not block.given
        for change in read_diff(block.diff)
        for hunk in change.hunks
        for line in hunk.lines
    ]
    found = [
        (kind, line.get_text()[1:])
        for slide in of_kind(shown, "code")
        for line in slide.select(".line")
        for kind in line["class"]
        if kind != "place"
    ]
    for kind in ("added", "removed"):
        assert [x for x in found if x[0] == kind] == [
            x for x in said if x[0] == kind
        ]


@each_shown_step
def test_the_whole_prose_is_in_the_notes(shown, step):
    page = read_page(step.page.read_text(encoding="utf-8"))
    notes = " ".join(plain(s.aside.get_text(" ")) for s in shown)
    for block in page.blocks:
        prose = aloud(block.words).removeprefix(f"# {page.title}")
        for word in plain(prose).split():
            assert word in notes, f"“{word}” of {step.page.name} is lost"


@each_shown_step
def test_a_word_of_the_glossary_is_said_on_the_spot(shown, step):
    """Slides may be carried to where no glossary is."""
    said = {word["title"] for slide in shown for word in slide.select("dfn")}
    page = step.page.read_text(encoding="utf-8")
    entries = entries_of(COURSE)
    linked = [d["href"] for d in definitions_of(page).values()]
    anchors = [anchor_in(to) for to in linked if anchor_in(to)]
    assert said == {entries[anchor].plain for anchor in anchors}
    assert not [a for s in shown for a in s.select('a[href*="glossary"]')]


@each_shown_step
def test_a_picture_of_the_page_gives_way_to_the_program_itself(shown, step):
    assert not any("picture>" in slide.get_text() for slide in shown)


@each_shown_step
def test_a_step_starts_with_where_it_is_in_the_chapter(shown, step):
    first, *others = shown
    here = first.select_one("[aria-current=step]").text
    assert here == f"{step.state} {step.title}"
    assert not any("where" in slide["class"] for slide in others)


@each_shown_step
def test_a_step_ends_with_its_program(shown, step):
    *_, last = shown
    see = last.select_one(".see")
    assert see["data-live"] == f"live/{step.state}"
    assert see["data-start"] == start_of(COURSE, step)
    assert last.select_one("[name=address]")["value"] == see["data-start"]
    tab = last.select_one("form .tab")["href"]
    assert tab == f"{see['data-live']}{see['data-start']}"


def test_the_program_starts_on_the_page_that_its_step_is_about():
    for slug, start in (
        ("show-the-form", "/login"),
        ("log-in", "/login"),
        ("back-to-where-you-were", "/index?page=2"),
        ("register", "/register"),
    ):
        step = COURSE.steps[COURSE.state(slug)]
        assert start_of(COURSE, step) == start


@each_shown_step
def test_a_link_leads_to_the_program_of_the_step_and_nowhere_else(shown, step):
    for link in (link for slide in shown for link in slide.select("a[href]")):
        address = link["href"]
        assert "localhost" not in address, address
        if not address.startswith(("#/step-", "https://")):
            assert address.startswith(f"live/{step.state}/"), address


def test_the_step_list_leads_to_each_shown_step(soups):
    for number, soup in soups.items():
        steps = COURSE.chapter(number).steps
        places = [f"#/step-{number}-{s.state.step}" for s in steps]
        for slide in soup.select("section.where, section.opening"):
            assert [a["href"] for a in slide.select(".steps a")] == places
        assert all(soup.find(id=place[2:]) for place in places)


def test_a_chapter_is_opened_and_closed(soups):
    for number, soup in soups.items():
        first, *_ = soup.select(".slides > section > section")
        assert "You need" in first.text
        assert f"make start {number}" in first.text
        built = soup.find(id="built")
        assert len(built.select("tr")) == len(COURSE.chapter(number).steps)
        assert all(row.select("td")[-1].text for row in built.select("tr"))
        listed = soup.select("#exercises th")
        titles = [e.title for e in COURSE.chapter(number).exercises]
        assert len(listed) == len(titles)


PLAN = """\
# Plan for chapter 1: One

## Goals

At the end, a student can

- say what a `tag` is, and
  why;
- open a door.

## The lesson, by the minute

| minutes | what | command |
| --- | --- | --- |
| 0–20 | [1.1](../chapters/1.md) | |
| 20–45 | The rest. | |

## Quiz

1. Who is [there](x.md)?

   <details><summary>Answer</summary>

   Nobody, `None`.

   </details>

## Exercises

| exercise | minutes | good for |
| --- | --- | --- |
| [A door](../chapters/01-one/exercises/1-a-door.md) | 30 | all |
"""


def test_the_plan_of_a_lesson_gives_goals_minutes_and_questions(tmp_path):
    course = tiny_course(tmp_path)
    write(tmp_path / "teaching" / "01-one.md", PLAN)
    plan = Plan(course, course.chapters[0])
    assert plan.goals == [
        "say what a <code>tag</code> is, and why",
        "open a door",
    ]
    assert plan.minutes == 45
    assert plan.questions == [("Who is there?", "Nobody, <code>None</code>.")]
    assert plan.times == {"a-door": "30"}
    assert "20–45" in plan.notes
    without = Plan(course, course.chapters[1])
    assert (without.goals, without.minutes, without.questions) == (
        [],
        None,
        [],
    )


@each_shown_step
def test_the_tests_of_a_step_were_run_red_and_then_green(shown, step):
    rows = [
        row
        for s in of_kind(shown, "tests")
        for row in s.select("table:not(.retired) tbody tr")
    ]
    assert rows or step.is_refactoring, f"step {step.state} shows no test"
    for row in rows:
        assert [cell.text for cell in row.select("td")] == [
            "✗ fails",
            "✓ passes",
        ], f"{row.th.text} at {step.state}"


@each_shown_step
def test_each_line_of_code_is_numbered_as_in_its_whole_file(shown, files):
    """W shows that file; `change.before` decides which of the two it is."""
    for figure in (
        x for s in of_kind(shown, "code") for x in s.select("figure")
    ):
        path, lines = files[figure["data-file"]]
        name = figure.figcaption.button.text
        assert path == name
        side = ".added" if figure.select(".added") else ".removed"
        for line in figure.select(f"{side}, .same"):
            number = int(line["data-number"])
            assert lines[number - 1] == line.get_text()[1:], f"{name}:{number}"


@each_shown_step
def test_code_says_which_function_is_around_its_first_line(shown, files):
    for slide in of_kind(shown, "code"):
        for place in slide.select(".place"):
            name = place.get_text().rpartition(" ")[2]
            if "def " not in place.get_text():
                continue
            file = place.find_parent("figure")["data-file"]
            number = next(
                int(x["data-number"])
                for x in place.find_next_siblings("span", class_="line")
                if x["data-number"] and x.get_text()[1:].strip()
            )
            above = files[file][1][: number - 1]
            named = [x.split("(")[0] for x in above if "def " in x]
            assert named[-1].strip() in (f"def {name}", f"async def {name}")


@each_shown_step
def test_every_slide_of_code_has_something_new(shown):
    """Where nothing is taken out, there is nothing to show before."""
    groups = {}
    for slide in of_kind(shown, "code"):
        assert slide.select(".added, .removed, .what"), slide.get_text()
        group = slide.get("data-auto-animate-id", id(slide))
        groups.setdefault(group, []).append(slide)
    for before, after in (pair for pair in groups.values() if len(pair) == 2):
        assert len(before.select(".removed")) > 2
        assert not before.select(".added")
        assert not after.select(".removed")
        shared = {x["data-id"] for x in before.select(".line.same")}
        assert shared == {x["data-id"] for x in after.select(".line.same")}


def test_chapter_2_has_at_most_80_slides_and_about_30_in_short(soups):
    slides = soups[2].select(".slides > section > section")
    assert len(slides) <= 80
    short = [slide for slide in slides if slide.has_attr("data-short")]
    assert 25 <= len(short) <= 35


@each_shown_step
def test_what_is_left_in_short_is_the_idea_the_tests_and_the_program(shown):
    left = [s for s in shown if s.has_attr("data-short")]
    kinds = [slide["class"][0] for slide in left]
    assert kinds[0] in ("code", "where")
    assert {*kinds[1:-1]} <= {"tests", "kept"}
    assert kinds[-1] == "see"
    assert len(kinds) >= 3
    assert left[0].select(".added, .removed, .what, h1")


def change_of(old, new):
    lines = [f"-{line}" for line in old] + [f"+{line}" for line in new]
    head = f"@@ -1,{len(old)} +1,{len(new)} @@"
    text = "\n".join(["--- a/f.py", "+++ b/f.py", head, *lines, ""])
    return read_diff(text)


def test_a_block_that_does_not_fit_is_split():
    long = [f"line_{n} = {n}" for n in range(60)]
    slides = changes_by_slide(change_of([], long), "What is shown.")
    assert len(slides) > 2
    kept = [
        line.text
        for changes in slides
        for change in changes
        for hunk in change.hunks
        for line in hunk.lines
    ]
    assert kept == long


def test_a_place_is_that_of_the_line_and_not_of_the_hunk():
    text = "\n".join(
        [
            "class One:",
            "    def first(self):",
            "        return 1",
            "",
            "",
            "@decorated",
            "def second():",
            "    if True:",
            "        return 2",
        ]
    )
    places = [place_of("f.py", text, number) for number in range(1, 10)]
    assert places[:3] == ["", "class One", "class One, def first"]
    assert places[5:] == ["", "", "def second", "def second"]
    page = "<main>\n  <p>\n  </p>\n  <b>\n  </b>\n</main>"
    assert place_of("f.html", page, 4) == "<main>"


def test_a_hunk_is_cut_at_a_blank_line_into_about_equal_parts():
    text = ["a = 1"] * 9 + [""] + ["b = 2"] * 8
    (change,) = change_of([], text)
    parts = cut(change.hunks[0], 14)
    assert [rows_of(part.lines) for part in parts] == [10, 8]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        (
            "The view. A good form logs in. More.",
            "The view. A good form logs in.",
        ),
        (
            "Say why before how, every time. Then how.",
            "Say why before how, every time.",
        ),
        (
            "`next` is a word like others. It is.",
            "`next` is a word like others.",
        ),
    ],
)
def test_a_slide_says_the_first_sentence_that_says_enough(text, lead):
    (thought,) = thoughts_of(text)
    assert thought.lead == lead
    assert text.replace("`", "") in re.sub("<[^>]+>", "", thought.notes)


def test_a_thought_with_nothing_below_it_does_not_end_in_a_colon():
    (thought,) = thoughts_of("It ties the two ends together: `a` and `b`.")
    assert thought.html == "It ties the two ends together:"
    assert thought.alone == "It ties the two ends together."


@each_shown_chapter
def test_each_state_behind_the_slides_keeps_its_own_cookies(
    slides, chapter, tmp_path
):
    stage = stage_of(COURSE, chapter, slides[chapter.number], tmp_path)
    for step in chapter.steps:
        app = stage.mounts[f"/live/{step.state}"].__wrapped__
        names = {app.config["SESSION_COOKIE_NAME"]}
        names.add(app.config["REMEMBER_COOKIE_NAME"])
        mark = str(step.state).replace(".", "_")
        assert names == {f"session_{mark}", f"remember_{mark}"}
        assert app.config["SESSION_COOKIE_PATH"] == f"/live/{step.state}"


def test_who_registers_is_known_in_the_chapters_later_states(tmp_path):
    first, last = map(COURSE.state, ("register", "no-two-alike"))
    chapter = COURSE.chapter(first.chapter)
    stage = stage_of(COURSE, chapter, tmp_path, tmp_path)
    apps = [stage.mounts[f"/live/{s}"].__wrapped__ for s in (first, last)]
    files = {app.config["SQLALCHEMY_DATABASE_URI"] for app in apps}
    assert len(files) == 1


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    mine = tmp_path / "letter.txt"
    mine.write_text("Dear", encoding="utf-8")
    with pytest.raises(CourseError) as told:
        write_slides(COURSE, "2", tmp_path)
    assert "not empty" in str(told.value)
    assert list(tmp_path.iterdir()) == [mine]


def test_slides_are_written_over_slides_and_over_nothing_else(tmp_path):
    made, there = tmp_path / "made", tmp_path / "there"
    write(made / "index.html", "one")
    put_in(made, there, "2")
    write(made / "index.html", "two")
    write(there / "notes.txt", "mine")
    put_in(made, there, "2")
    assert (there / "index.html").read_text("utf-8") == "two"
    assert list(made_in(there)) == ["index.html"]
    write(there / "index.html", "edited")
    write(made / "slides.css", "new")
    with pytest.raises(CourseError) as told:
        put_in(made, there, "2")
    assert "index.html is not as make walk wrote it" in str(told.value)
    assert "Try: make walk 2 OUT=there-2" in str(told.value)
    assert sorted(path.name for path in there.glob("*.*")) == [
        "index.html",
        "made-by-make-walk.json",
        "notes.txt",
    ]


def test_a_pdf_is_written_over_its_own_and_over_nothing_else(tmp_path):
    path = tmp_path / "slides.pdf"
    path.write_bytes(mark_pdf(b"%PDF"))
    check_pdf(path, "2")
    path.write_bytes(b"Dear")
    with pytest.raises(CourseError) as told:
        check_pdf(path, "2")
    assert "Try: make walk 2 PDF=talk.pdf" in str(told.value)
