"""The desk answers this machine, and changes things by its own forms."""

import re
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest

from course import serving
from course.chapters import Course
from course.check.outcome import Change, Failure, Outcome
from course.desk.panel import failures
from course.desk.site import make_desk
from course.desk.start import learn
from course.errors import CourseError
from course.student.milestones import said_of
from course.student.workspaces import Workspaces

from .conftest import copy_program


class Desk(SimpleNamespace):
    """Stands for the work at the desk: nothing runs, and hints are counted."""

    def take_up(self, exercise):
        self.exercise = exercise

    def hint(self):
        self.hinted += 1

    def hints(self):
        return []


@pytest.fixture
def work(own_course, states):
    """The first step is done, and the second is at hand."""
    workspace = Workspaces(own_course).of(1)
    copy_program(states.folder(own_course.states[1]), workspace.folder)
    first, second = own_course.states[1:3]
    failed = Failure("test_a_page", "Opened /.\ncame back: nothing")
    planned = {str(first): ["test_a"], str(second): ["test_a_page"]}
    outcome = Outcome([first], second, [failed], planned)
    return Desk(
        course=own_course,
        workspace=workspace,
        outcome=outcome,
        step=own_course.steps[second],
        built=[own_course.steps[first]],
        address="http://localhost:5000",
        trouble="",
        program=None,
        checking=False,
        exercise=None,
        answer=None,
        holds=None,
        hinted=0,
    )


@pytest.fixture
def desk(work):
    return make_desk(work.course, work).test_client()


def text_of(desk, path):
    answer = desk.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    return answer.get_data(as_text=True)


def test_the_desk_shows_the_page_of_the_step_and_what_the_check_says(desk):
    assert desk.get("/").location.endswith("/2-pages-from-templates.md")
    page = text_of(desk, desk.get("/").location)
    for words in (
        "Pages from templates",
        "Step 1.1 is done.",
        "You have built\n    a program that makes itself, and says hello.",
        "Missing at step 1.2",
        "<summary>A page</summary>",
        "came back: nothing",
        "What differs from",
    ):
        assert words in page
    assert "<!--" not in page, "a hint stands in the page"


def test_what_is_known_before_the_check_has_ended_is_shown(desk, work):
    page = desk.get("/").location
    assert "Waiting for your next save." in text_of(desk, page)
    work.checking, work.holds = True, work.step
    shown = text_of(desk, page)
    assert "Checking what you saved" in shown
    assert "Nothing is missing at step 1.2." in shown
    assert "came back: nothing" not in shown


def test_every_page_of_the_course_is_there_with_all_that_it_links_to(
    desk, work
):
    root, wanted = work.course.root, {}
    for path in (root / "chapters").rglob("*.md"):
        name = path.relative_to(root).as_posix()
        html = text_of(desk, f"/{name}")
        for link in re.findall(r'(?:src|srcset|href)="([^"#]+)', html):
            if not link.startswith(("data:", "http:", "https:")):
                wanted[urljoin(f"/{name}", link)] = f"{name}: {link}"
    for path, link in wanted.items():
        with desk.get(path) as answer:
            assert answer.status_code in (200, 302), link


def test_a_whole_file_is_at_hand(desk):
    page = text_of(desk, "/chapters/01-hashing/steps/1-a-first-page.md")
    (link,) = re.findall(r'"(/files/[^"]+/routes.py)"', page)
    assert "Blueprint" in text_of(desk, link)
    assert desk.get("/files/1.1/../../../pyproject.toml").status_code == 404
    assert desk.get("/chapters/../pyproject.toml").status_code == 404


def test_what_differs_is_that_of_the_step(desk, work):
    assert "There is no difference" in text_of(desk, "/difference/1.1")
    path = work.workspace.folder / "microblog" / "routes.py"
    path.write_text(path.read_text().replace("Hello!", "Hallo!"))
    page = text_of(desk, "/difference/1.1")
    assert "A factory makes one when it is called" in page
    assert "Hallo" in page


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "192.168.0.7"]
)
def test_the_desk_answers_this_machine_by_its_own_names(desk, host):
    assert desk.get("/", headers={"Host": host}).status_code == 400
    assert desk.get("/", headers={"Host": "127.0.0.1:1"}).status_code == 302


def test_only_a_form_of_the_desk_changes_something(desk, work):
    page = text_of(desk, desk.get("/").location)
    (token,) = set(re.findall(r'name="token" value="([^"]+)"', page))
    for wrong in ("", "é", token[:-1]):
        sent = desk.post("/hint", data={"token": wrong})
        assert sent.status_code == 403
    assert desk.get("/hint").status_code == 405
    assert work.hinted == 0
    sent = {"token": token, "back": "//evil.example/"}
    answer = desk.post("/hint", data=sent)
    assert answer.location.startswith("/chapters/01-hashing/steps/2-")
    assert work.hinted == 1


def test_an_exercise_is_what_each_save_is_checked_for(desk, work):
    thought, coded = work.course.chapters[0].exercises[1:3]
    folder = "/chapters/01-hashing/exercises"
    page = text_of(desk, f"{folder}/{thought.page.name}")
    assert "Exercise 1.2 asks you to think; nothing checks it." in page
    page = text_of(desk, f"{folder}/{coded.page.name}")
    assert "Check exercise 1.3 at each save" in page
    (token,) = set(re.findall(r'name="token" value="([^"]+)"', page))
    desk.post("/exercise", data={"token": token, "number": "1.3"})
    assert work.exercise == coded
    assert desk.get("/").location == f"{folder}/{coded.page.name}"
    failed = Failure("test_a_name", "Opened /.\ncame back: no name")
    work.answer = Outcome(here=coded.number, failures=[failed])
    page = text_of(desk, desk.get("/").location)
    assert "came back: no name" in page
    assert "<button>A hint" not in page
    work.answer = Outcome()
    page = text_of(desk, desk.get("/").location)
    assert "Exercise 1.3 is done:" in page
    desk.post("/exercise", data={"token": token})
    assert desk.get("/").location.endswith("/2-pages-from-templates.md")


def test_a_port_that_is_taken_is_told_with_what_to_type(own_course):
    taken = serving.bound(0)
    with pytest.raises(CourseError) as caught:
        learn(own_course, 1, port=taken.port, show=False)
    taken.server_close()
    assert f"Try: make learn 1 PORT={taken.port + 1}" in str(caught.value)


def test_nothing_is_taken_from_another_machine(desk):
    answer = desk.get(desk.get("/").location)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "frame-ancestors 'none'" in policy


def test_the_desk_says_what_the_check_says():
    failed = Failure("test_a_b", "Opened /.\ncame back: <b>\nexpected: c")
    work = SimpleNamespace(outcome=Outcome(failures=[failed]), exercise=None)
    assert failures(work) == [
        ("A b", "Opened /.\ncame back: <b>\nexpected: c")
    ]


def test_what_was_changed_since_it_held_is_in_sight(desk, work):
    changed = Change("microblog/routes.py", 9, ["was = 1"], ["am = 2"])
    work.outcome.since, work.outcome.changes = work.course.states[1], [changed]
    page = text_of(desk, desk.get("/").location)
    assert (
        "<h4>It held when step 1.1 was done. Changed since then</h4>" in page
    )
    assert "- was = 1\n    + am = 2" in page


def test_every_lesson_says_what_each_step_builds():
    for chapter in Course().chapters:
        for step in chapter.steps:
            assert said_of(chapter, step) != step.title, step.shown
