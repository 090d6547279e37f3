"""The pictures: for every eye, and for readers who see none of them."""

import re
from itertools import combinations

import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb

from course.explore import cookie_views

from .conftest import code_cells, read

COLOURS = [
    cookie_views.INK,
    cookie_views.BLUE,
    cookie_views.ORANGE,
    cookie_views.YELLOW,
    cookie_views.PAPER,
]
OKABE_ITO = {to_hex(colour) for colour in colormaps["okabe_ito"].colors}


def luminance(colour):
    """How light a colour is, from 0 to 1 (WCAG)."""
    rgb = np.array(to_rgb(colour))
    light = np.where(
        rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4
    )
    return light @ [0.2126, 0.7152, 0.0722]


def images(notebook):
    """Each output with an image, and the cell that it belongs to."""
    for cell in code_cells(read(notebook)):
        for output in cell.outputs:
            html = output.get("data", {}).get("text/html", "")
            for image in BeautifulSoup(html, "html.parser").find_all("img"):
                yield cell, output, image


@pytest.mark.parametrize("pair", list(combinations(COLOURS, 2)))
def test_two_colours_differ_in_grey(pair):
    dark, light = sorted(luminance(colour) ** (1 / 3) for colour in pair)
    assert light - dark > 0.08, f"{pair}: lightness {light:.2f}, {dark:.2f}"


def test_the_colours_are_those_that_differ_for_a_colour_blind_reader():
    """Okabe and Ito chose them for that."""
    assert OKABE_ITO | {cookie_views.PAPER} >= set(COLOURS)


def test_the_text_on_a_colour_can_be_read():
    for part in cookie_views.parts(a_cookie()):
        dark, light = sorted(map(luminance, (part.ink, part.colour)))
        contrast = (light + 0.05) / (dark + 0.05)
        assert contrast >= 4.5, f"{part.name}: {contrast:.1f} to 1 (WCAG: 4.5)"


def a_cookie():
    from flask import Flask

    from course.explore.cookies import read

    app = Flask(__name__)
    app.secret_key = "a key"
    serializer = app.session_interface.get_signing_serializer(app)
    return read(serializer.dumps({"_user_id": "1"}))


def test_a_notebook_uses_these_colours_only(notebook):
    for cell in code_cells(read(notebook)):
        for name in ("color=", "mec=", "facecolor="):
            for found in cell.source.split(name)[1:]:
                given = found.split(",")[0].split(")")[0]
                assert given in ("INK", "BLUE", "ORANGE", "YELLOW"), given


def test_a_notebook_has_pictures_and_each_says_what_it_shows(notebook):
    found = list(images(notebook))
    assert found, f"{notebook} has no picture"
    for cell, output, image in found:
        words = image["alt"].split()
        assert len(words) >= 8, f"{cell.id}: {image['alt']!r}"
        if "<details>" not in output.data["text/html"]:
            assert output.data["text/plain"] == image["alt"], "in text too"
        assert image["src"].startswith("data:image/png;base64,")


def test_no_picture_is_shown_but_with_its_words(notebook):
    for cell in code_cells(read(notebook)):
        for output in cell.outputs:
            kinds = set(output.get("data", {}))
            assert not any(k.startswith("image/") for k in kinds), cell.id


def test_what_is_live_is_there_as_a_still_too(notebook):
    for cell in code_cells(read(notebook)):
        if re.search(
            r"_slider\(|_editor\(|_panel\(|copied_cookie", cell.source
        ):
            (output,) = cell.outputs
            assert "<table" in output.data["text/html"], cell.id
            assert "<b style" not in output.data["text/plain"], cell.id


class TestAPictureIsRefused:
    """`showing.Picture` checks what a reader would miss."""

    ALT = "A line that goes up from left to right, slowly."

    def picture(self, alt=ALT, title="A title", x="time (s)", y="size (MiB)"):
        from course.explore.showing import Picture, axes

        ax = axes()
        ax.plot([1, 2], [3, 4])
        ax.set_title(title)
        ax.set_xlabel(x)
        ax.set_ylabel(y)
        return Picture(ax.figure, alt)

    def test_not_when_all_is_there(self):
        assert "A line that goes up" in self.picture()._repr_html_()

    def test_without_a_title(self):
        with pytest.raises(ValueError, match="title"):
            self.picture(title="")

    def test_without_a_unit_on_an_axis(self):
        with pytest.raises(ValueError, match="no unit"):
            self.picture(x="time")
        with pytest.raises(ValueError, match="no unit"):
            self.picture(y="")

    def test_without_words_for_it(self):
        with pytest.raises(ValueError, match="say in words"):
            self.picture(alt="A plot.")

    def test_and_its_words_are_escaped(self):
        html = self.picture(alt='<script>"' + self.ALT)._repr_html_()
        assert "<script>" not in html
