"""`make pictures`: the pictures and drawings in the steps' pages."""

import io
import json

import click
from PIL import Image, ImageOps

from ..browser import open_browser
from .drawing import draw, messages
from .scenes import Scene, folder_of, scenes_of

SCHEMES = ("light", "dark")
SIZE = {"width": 520, "height": 100}
BORDER = (138, 143, 152)
COLOURS = 32


def make_pictures(course):
    """Take the pictures that are missing or old, and draw the drawings."""
    folder = folder_of(course)
    known, now = digests(course), {}
    with open_browser() as browser:
        for slug, moves in scenes_of(course, "pictures").items():
            scene = Scene(course, slug).play(moves)
            now[slug] = scene.digest
            paths = [folder / f"{slug}-{scheme}.webp" for scheme in SCHEMES]
            there = all(path.is_file() for path in paths)
            if now[slug] != known.get(slug) or not there:
                take(browser, scene, paths)
                click.echo(f"Taken: {slug}")
    text = json.dumps(now, indent=1) + "\n"
    (folder / "digests.json").write_text(text, encoding="utf-8")
    for path, svg in drawings(course).items():
        path.write_text(svg, encoding="utf-8", newline="\n")


def digests(course):
    """The digest of what each picture shows, by slug."""
    path = folder_of(course) / "digests.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def drawings(course):
    """The text of each drawing's file, by its path."""
    found = {}
    for slug, moves in scenes_of(course, "drawings").items():
        title = course.steps[course.slugs[slug]].title
        told = messages(Scene(course, slug), moves)
        for scheme in SCHEMES:
            path = folder_of(course) / f"{slug}-{scheme}.svg"
            found[path] = draw(title, told, scheme)
    return found


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
