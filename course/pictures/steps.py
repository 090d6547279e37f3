"""`make pictures`: the pictures and drawings in the steps' pages."""

import io
import json

import click
from PIL import Image, ImageOps

from ..browser import open_browser
from .drawing import draw, messages
from .scenes import SCENES, Scene, folder_of, scenes_of

DIGESTS = "digests.json"
SCHEMES = ("light", "dark")
SIZE = {"width": 520, "height": 100}
BORDER = (138, 143, 152)
COLOURS = 32


def make_pictures(course):
    """Take the pictures that are missing or old, and draw the drawings."""
    folder, known, now = folder_of(course), digests(course), {}
    with open_browser() as browser:
        for slug, moves in scenes_of(course, "pictures").items():
            scene = Scene(course, slug).play(moves)
            now[slug] = scene.digest
            paths = [folder / name for name in names_of(slug, "webp")]
            there = all(path.is_file() for path in paths)
            if now[slug] != known.get(slug) or not there:
                take(browser, scene, paths)
                click.echo(f"Taken: {slug}")
    write(folder / DIGESTS, json.dumps(now, indent=1) + "\n")
    for slug, moves in scenes_of(course, "drawings").items():
        for path, svg in drawing(course, slug, moves).items():
            write(path, svg)
    for path in folder.iterdir():
        if path.name not in files_of(course):
            path.unlink()


def names_of(slug, ending):
    return [f"{slug}-{scheme}.{ending}" for scheme in SCHEMES]


def files_of(course):
    """The names of all that belongs into the folder of pictures."""
    kinds = (("pictures", "webp"), ("drawings", "svg"))
    names = [
        name
        for kind, ending in kinds
        for slug in scenes_of(course, kind)
        for name in names_of(slug, ending)
    ]
    return {SCENES, DIGESTS, *names}


def write(path, text):
    path.write_text(text, encoding="utf-8", newline="\n")


def digests(course):
    """The digest of what each picture shows, by slug."""
    path = folder_of(course) / DIGESTS
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def drawing(course, slug, moves):
    """The SVG of a drawing, in the light and in the dark, by its path."""
    told = messages(Scene(course, slug), moves)
    title = course.steps[course.slugs[slug]].title
    paths = [folder_of(course) / name for name in names_of(slug, "svg")]
    drawn = (draw(title, told, scheme) for scheme in SCHEMES)
    return dict(zip(paths, drawn, strict=True))


def take(browser, scene, paths):
    """Let a browser show the page of a Scene, in the light and in the dark."""
    shown = scene.answer

    def answer(route):
        url = route.request.url
        got = shown if url == shown.request.url else scene.client.get(url)
        route.fulfill(body=got.data, content_type=got.content_type)

    for scheme, path in zip(SCHEMES, paths, strict=True):
        page = browser.new_page(
            viewport=SIZE, color_scheme=scheme, device_scale_factor=1.5
        )
        page.route("**/*", answer)
        page.goto(shown.request.url)
        save(page.screenshot(full_page=True), path)
        page.close()


def save(data, path):
    """Write a picture with a border, in few colours."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    framed = ImageOps.expand(picture, border=2, fill=BORDER)
    few = framed.quantize(COLOURS).convert("RGB")
    few.save(path, lossless=True, quality=100, method=6)
