"""The slides as a folder: reveal.js, the styles and one page."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import click
from pygments.formatters import HtmlFormatter

from ..book.inputs import digest_of, kept_up
from ..book.specs import Specs
from ..book.templates import templates_of
from ..loading import package_of
from ..lock import alone
from ..states import States
from . import starting
from .deck import Deck
from .plan import Plan
from .prose import inline
from .tested import wrong_in

SLIDES = Path(__file__).with_name("slides")
CARRIED = Path(find_spec("sphinx_revealjs").origin).parent  # not imported
REVEAL = CARRIED / "_static" / "revealjs"
PARTS = [
    "LICENSE",
    "dist/reset.css",
    "dist/reveal.css",
    "dist/reveal.js",
    "plugin/notes/notes.js",
]
FONTS = REVEAL / "dist" / "theme" / "fonts" / "source-sans-pro"


def live_slides(course, chapter):
    """The folder of a chapter's slides, built anew where a page changed."""
    folder = course.root / "build" / "walk" / str(chapter.number)
    with alone(course.root, f"make walk {chapter.number}"):
        kept_up(
            *(folder, digest_of(course, chapter)),
            lambda: write_slides(course, chapter, chapter.steps, folder),
        )
    return folder


def write_slides(course, chapter, steps, folder, pictures=None):
    """Write the slides of these steps; their tests are run for it.

    With `pictures`, a function from a step to the names of its pictures, the
    slides show those in the place of the live program.
    """
    click.echo("Running the tests, building the slides …", err=True)
    for step in chapter.steps:
        States(course).folder(step.state)  # where the tests look for it
    specs = Specs(course, chapter)
    for spec, state in wrong_in(course, specs, steps):
        click.echo(
            f"Not red, then green at {state}: {spec.sentence}", err=True
        )
        click.echo(f"Try: make test {state}", err=True)
    deck = Deck(course, chapter, steps, specs, pictures)
    templates = templates_of(course)
    templates.filters["inline"] = inline
    text = templates.get_template("slides.html").render(
        title=f"Chapter {chapter.number}: {chapter.name.capitalize()}",
        chapter=chapter,
        columns=deck.columns,
        files=deck.shown.files,
        is_whole=steps == chapter.steps,
        plan=Plan(course, chapter),
        people={s.state: people_of(course, s.state) for s in steps},
        starting=starting,
    )
    (folder / "reveal").mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        name = Path(part).name
        shutil.copyfile(REVEAL / part, folder / "reveal" / name)
    (folder / "fonts").mkdir(exist_ok=True)
    for font in FONTS.iterdir():
        if font.name == "LICENSE" or font.name.endswith(".woff"):
            shutil.copyfile(font, folder / "fonts" / font.name)
    for style in SLIDES.iterdir():
        shutil.copyfile(style, folder / style.name)
    (folder / "code.css").write_text(code_colours(), encoding="utf-8")
    (folder / "index.html").write_text(text, encoding="utf-8")


def people_of(course, state):
    """Who can log in at a state, and what to say where nobody can."""
    app = course.program.make(package_of(course, state))
    people, why = course.program.who(course, app)
    return people, why and f"{why[0].upper()}{why[1:]}."


def code_colours():
    """The colours of code, in the light and in the dark.

    The system chooses, until the key D does.
    """
    light, dark = (
        HtmlFormatter(style=f"a11y-high-contrast-{name}").get_style_defs(
            ".highlight"
        )
        for name in ("light", "dark")
    )
    chosen = f":where(:root.dark) {{\n{dark}\n}}"
    dark = f":where(:root:not(.light)) {{\n{dark}\n}}"
    system = f"@media (prefers-color-scheme: dark) {{\n{dark}\n}}"
    return "\n".join([light, system, chosen])
