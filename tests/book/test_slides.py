"""What the slides hold, before a browser shows them."""

import re

import pytest
from bs4 import BeautifulSoup

from course.asides import aloud
from course.book.diffs import read_diff
from course.errors import CourseError
from course.glossary import anchor_in, definitions_of, entries_of
from course.pages import read_page
from course.walk.fitting import changes_by_slide, cut, rows_of
from course.walk.live import stage_of
from course.walk.printing import write_folder
from course.walk.prose import thoughts_of

from ..built import COURSE, each_chapter, each_step


@pytest.fixture(scope="session")
def soups(slides):
    return {
        number: BeautifulSoup(
            (folder / "index.html").read_text(encoding="utf-8"), "html.parser"
        )
        for number, folder in slides.items()
    }


@pytest.fixture
def shown(soups, step):
    """The slides of one step."""
    first = soups[step.state.chapter].find(
        id=f"step-{step.state.chapter}-{step.state.step}"
    )
    return first.parent.find_all("section")


def of_kind(shown, kind):
    return [slide for slide in shown if kind in slide["class"]]


def plain(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower().replace("&quot;", " "))


@each_step
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
    ]
    for kind in ("added", "removed"):
        assert [x for x in found if x[0] == kind] == [
            x for x in said if x[0] == kind
        ]


@each_step
def test_the_whole_prose_is_in_the_notes(shown, step):
    page = read_page(step.page.read_text(encoding="utf-8"))
    notes = " ".join(plain(s.aside.get_text(" ")) for s in shown)
    for block in page.blocks:
        prose = aloud(block.words).removeprefix(f"# {page.title}")
        for word in plain(prose).split():
            assert word in notes, f"“{word}” of {step.page.name} is lost"


@each_step
def test_a_word_of_the_glossary_is_said_on_the_spot(shown, step):
    """Slides may be carried to where no glossary is."""
    said = {word["title"] for slide in shown for word in slide.select("dfn")}
    page = step.page.read_text(encoding="utf-8")
    entries = entries_of(COURSE)
    linked = [d["href"] for d in definitions_of(page).values()]
    anchors = [anchor_in(to) for to in linked if anchor_in(to)]
    assert said == {entries[anchor].plain for anchor in anchors}
    assert not [a for s in shown for a in s.select('a[href*="glossary"]')]


@each_step
def test_a_picture_of_the_page_gives_way_to_the_program_itself(shown, step):
    assert not any("picture>" in slide.get_text() for slide in shown)


@each_step
def test_a_step_starts_with_where_it_is_in_the_chapter(shown, step):
    first, *others = shown
    here = first.select_one("[aria-current=step]").text
    assert here == f"{step.state} {step.title}"
    assert not any("where" in slide["class"] for slide in others)


@each_step
def test_a_step_ends_with_its_program(shown, step):
    *_, last = shown
    assert last.iframe["data-src"] == f"live/{step.state}/"


@each_step
def test_the_tests_of_a_step_were_run_red_and_then_green(shown, step):
    rows = [
        row for s in of_kind(shown, "tests") for row in s.select("tbody tr")
    ]
    assert rows or step.is_refactoring, f"step {step.state} shows no test"
    for row in rows:
        assert [cell.text for cell in row.select("td")] == [
            "✗ fails",
            "✓ passes",
        ], f"{row.th.text} at {step.state}"


@each_step
def test_before_and_after_of_a_block_animate(shown):
    groups = {}
    for slide in of_kind(shown, "code"):
        assert slide.has_attr("data-auto-animate")
        groups.setdefault(slide["data-auto-animate-id"], []).append(slide)
    for before, after in (pair for pair in groups.values() if len(pair) == 2):
        ids = [
            {line["data-id"] for line in s.select(".line.same")}
            for s in (before, after)
        ]
        assert ids[0] == ids[1] or not before.select(".line.same")
        assert not before.select(".added")
        assert not after.select(".removed")


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


def test_the_rest_of_a_cut_hunk_stands_where_its_first_line_does():
    one = ["class One:", "    a = 1", "    b = 2", "", ""]
    two = ["class Two:", "    c = 3", "    d = 4", "    e = 5"]
    (change,) = change_of([], [*one, *two])
    parts = cut(change.hunks[0]._replace(place="class Zero:"), 5)
    assert [part.place for part in parts] == ["class Zero:", ""]
    *_, last = cut(change.hunks[0], 3)
    assert last.place == "class Two:"


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


@each_chapter
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
    databases = set(tmp_path.glob("*/*.db"))
    first = COURSE.state("a-table-of-users")
    with_users = [s for s in chapter.steps if s.state >= first]
    assert len(databases) == len(with_users)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    mine = tmp_path / "letter.txt"
    mine.write_text("Dear", encoding="utf-8")
    with pytest.raises(CourseError) as told:
        write_folder(COURSE, "2", tmp_path)
    assert "not empty" in str(told.value)
    assert list(tmp_path.iterdir()) == [mine]
