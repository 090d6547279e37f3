"""The pictures in the pages show the program as the steps make it."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest

from course.author.snapshots import chapters_tree
from course.chapters import Course
from course.pages import PICTURE
from course.pictures.scenes import Scene, folder_of, scenes_of
from course.pictures.steps import digests, drawing, files_of

COURSE = Course()
FOLDER = folder_of(COURSE)
PICTURES = scenes_of(COURSE, "pictures")
DRAWINGS = scenes_of(COURSE, "drawings")
STEPS = list(COURSE.steps.values())
STEP_OF = {step.slug: step for step in STEPS}
DO = "Look at chapters/pictures/scenes.toml, then type: make pictures"

each_step = pytest.mark.parametrize("step", STEPS, ids=lambda s: s.slug)
each_picture = pytest.mark.parametrize("slug", PICTURES)
each_drawing = pytest.mark.parametrize("slug", DRAWINGS)


@each_picture
def test_a_picture_is_of_the_page_that_the_program_shows_today(slug):
    scene = Scene(COURSE, slug).play(PICTURES[slug])
    assert scene.digest == digests(COURSE).get(slug), (
        f"What the picture of {slug} shows has changed, its page or the "
        f"style sheet.\n{DO}\nThen look at the picture, and mend its words "
        "in the step's page."
    )


@each_drawing
def test_a_drawing_is_of_what_travels_today(slug):
    for path, svg in drawing(COURSE, slug, DRAWINGS[slug]).items():
        assert path.is_file(), f"{path.name} is missing. {DO}"
        assert svg == path.read_text(encoding="utf-8"), (
            f"What travels at {slug} has changed.\n{DO}\nThen mend the "
            "drawing's words in the step's page."
        )


def test_there_are_pictures_of_the_scenes_and_no_others():
    kept = {path.name for path in FOLDER.iterdir()}
    assert kept == files_of(COURSE), DO
    assert {*PICTURES} == {*digests(COURSE)}, DO


@each_step
def test_a_page_shows_the_pictures_of_its_step_in_the_light_and_dark(step):
    kinds = ((PICTURES, "webp"), (DRAWINGS, "svg"))
    name = f"../../pictures/{step.slug}"
    wanted = [
        (f"{name}-dark.{ending}", f"{name}-light.{ending}")
        for scenes, ending in kinds
        if step.slug in scenes
    ]
    shown = [(dark, light) for dark, _, _, light in PICTURE.findall(step.text)]
    assert shown == wanted, f"{step.shown} shows other pictures than its own"
    assert step.text.count("<picture>") == len(shown), "in another form"


@each_step
def test_a_picture_is_told_in_words_too(step):
    for _, alt, _, light in PICTURE.findall(step.text):
        assert len(alt.split()) >= 8, f"say what {light} shows"


@each_drawing
def test_the_words_for_a_drawing_name_each_address_and_status(slug):
    svg = (FOLDER / f"{slug}-light.svg").read_text(encoding="utf-8")
    told = ElementTree.fromstring(svg).findtext("{*}desc")
    (words,) = (
        unescape(alt)
        for _, alt, _, light in PICTURE.findall(STEP_OF[slug].text)
        if light.endswith(".svg")
    )
    for name in re.findall(r"(?:/[\w/?=]*|\b\d{3}\b)", told):
        assert name in words, f"the words for the drawing leave out {name}"


def test_a_new_picture_is_no_change_that_adopt_would_undo(small):
    before = chapters_tree(small)
    folder_of(small).mkdir()
    (folder_of(small) / "a-step-light.webp").write_bytes(b"a picture")
    assert chapters_tree(small) == before


def test_a_picture_is_quick_to_load():
    for path in FOLDER.iterdir():
        assert path.stat().st_size <= 30 * 1024, path.name
