"""What a reader moves, edits or presses, and what comes of it."""

import re

import ipywidgets
import pytest
from flask import Flask

from course.evidence.story import Event
from course.explore import guessing, layers, panels, prices, thief
from course.explore.charts import cost_chart
from course.explore.cookies import serializer
from course.explore.live import Live
from course.explore.showing import Table
from course.explore.tracing import HASHER, Trace, send
from course.explore.visits import log_in, open_site, session_cookie
from course.program import PEOPLE

FITS, FAILS = "✓ it fits", "✗ it does not fit"


def table(live):
    """What is drawn, as {first column: second column}."""
    return {row[0]: row[1] for row in live.drawn.rows}


class TestControls:
    def made(self, button=None):
        drawn = []

        def draw(number):
            drawn.append(number)
            return Table("A number", ["", ""], [["number", number]])

        slider = ipywidgets.IntSlider(3)
        return Live(draw, button, number=slider), slider, drawn

    def test_draw_once_at_first_and_again_at_each_move(self):
        live, slider, drawn = self.made()
        slider.value = 5
        assert drawn == [3, 5]
        assert ">5</td>" in live.place.value

    def test_with_a_button_draw_when_it_is_pressed(self):
        live, slider, drawn = self.made("Draw")
        slider.value = 5
        assert drawn == [3]
        live.button.click()
        assert drawn == [3, 5]

    def test_leave_a_still_for_readers_who_run_nothing(self):
        live, _, _ = self.made()
        shown = live._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in shown
        assert ">3</td>" in shown["text/html"]
        assert "number  3" in shown["text/plain"]


@pytest.fixture(scope="module")
def live():
    """An editor of a cookie of susan's."""
    app = open_site("2")
    browser = app.test_client()
    log_in(browser, PEOPLE[0])
    browser.get("/")
    return panels.cookie_editor(app, session_cookie(browser))


class TestACookieToEdit:
    @pytest.fixture
    def edit(self, live):
        """Put these into the controls; what is drawn then."""
        kept = live.values()

        def edit(**values):
            for name, value in values.items():
                live.controls[name].value = value
            rows = table(live)
            return str(rows["signature"]), rows["the program sees"], rows

        yield edit
        for name, value in kept.items():
            live.controls[name].value = value

    def test_fits_as_it_came(self, edit):
        signature, seen, _ = edit()
        assert FITS in signature
        assert seen == "susan"

    def test_does_not_fit_with_another_payload(self, edit, live):
        payload = live.controls["payload"].value.replace('":"1"', '":"2"')
        signature, seen, _ = edit(payload=payload)
        assert FAILS in signature
        assert "nobody" in seen

    def test_is_believed_when_it_is_signed_with_the_right_key(
        self, edit, live
    ):
        payload = live.controls["payload"].value.replace('":"1"', '":"2"')
        assert FAILS in edit(payload=payload, key="another")[0]
        signature, seen, _ = edit(key="dev")
        assert FITS in signature
        assert seen == "david"

    @pytest.mark.parametrize("letter", [1, 5, 60])
    def test_does_not_fit_with_one_letter_changed(self, edit, letter):
        signature, seen, _ = edit(letter=letter)
        assert FAILS in signature
        assert "nobody" in seen

    def test_says_why_a_text_is_no_session(self, edit):
        signature, seen, rows = edit(payload="no JSON")
        assert FAILS in signature
        assert "no JSON of a session" in rows["why"]
        assert "nobody" in seen


class TestACopiedCookie:
    @pytest.mark.parametrize(
        ("protection", "place", "came"),
        [
            ("basic", panels.SAME, (200, "susan", True)),
            ("basic", panels.OTHER, (200, "susan", False)),
            ("strong", panels.OTHER, (302, None, None)),
            (None, panels.OTHER, (200, "susan", True)),
        ],
    )
    def test_is_taken_as_flask_login_is_told(self, protection, place, came):
        assert panels.copied(protection, place) == came

    def test_is_tried_anew_when_a_choice_is_made(self):
        live = panels.copied_cookie()
        assert table(live)["the program sees"] == "susan"
        live.controls["protection"].value = "strong"
        assert "nobody" in table(live)["the program sees"]


class TestGuessing:
    def test_stops_at_the_word_that_fits(self):
        word, number, _ = guessing.tried("abcde", lambda each: each == "c")
        assert (word, number) == ("c", 3)

    def test_stops_after_its_time(self):
        word, number, _ = guessing.tried("abcde", lambda each: False, most=-1)
        assert (word, number) == (None, 1)

    def test_finds_the_key_that_flask_signed_with(self):
        app = Flask(__name__)
        app.secret_key = "sunshine"
        flasks = app.session_interface.get_signing_serializer(app)
        fits = guessing.key_of(flasks.dumps({"_user_id": "1"}))
        assert fits("sunshine")
        assert not fits("Sunshine")

    @pytest.mark.parametrize("key", ["dev", "nobody has this"])
    def test_of_ones_own_key_shows_the_rate(self, key):
        live = guessing.key_panel("flask")
        live.controls["key"].value = key
        live.button.click()
        rows = table(live)
        assert rows["found"] == key or "none of these" in rows["found"]
        assert re.fullmatch(r"[\d,]+ a second", rows["rate on this machine"])

    def test_of_ones_own_password_shows_the_rate(self):
        rows = table(guessing.password_panel("dragon"))
        assert rows["found"] == "dragon"
        assert "a second" in rows["rate on this machine"]

    def test_an_empty_key_is_no_error(self):
        assert "none of these" in repr(guessing.own_key(""))


class TestWhatAThiefPays:
    def test_is_worked_out_from_numbers_with_a_source_and_a_date(self):
        for what, number, date, source in thief.sources():
            assert what
            assert re.search(r"\d", number)
            assert re.search(r"\b20(2[2-9]|3\d)$", date), f"{what}: {date}"
            assert len(source) > 5

    def test_is_what_was_measured_for_the_setting_that_was_measured(self):
        assert thief.scrypt(2**14).rate == 5_703
        assert thief.argon2id(64 * 1024, 3).rate == 1_667
        assert thief.pbkdf2(999).rate == 8_865_700

    def test_grows_with_the_work_of_a_hash(self):
        one, four = thief.scrypt(2**15), thief.scrypt(2**16, p=2)
        assert four.dollars(1000) == pytest.approx(4 * one.dollars(1000))
        assert thief.pbkdf2(2000).rate * 2 == thief.pbkdf2(1000).rate

    def test_is_the_rent_of_a_card_for_the_time_it_takes(self):
        hour = thief.scrypt(2**14).rate * 3600
        assert thief.scrypt(2**14).dollars(hour) == pytest.approx(thief.PRICE)

    @pytest.mark.parametrize(
        ("seconds", "said"),
        [
            (0.00005, "0.05 ms"),
            (9.5, "9.5 s"),
            (600, "10 minutes"),
            (86400 * 140, "140 days"),
            (31_557_600 * 2.3, "2.3 years"),
        ],
    )
    def test_takes_a_time_in_words(self, seconds, said):
        assert thief.duration(seconds) == said

    def test_is_told_by_the_slider(self):
        live = prices.scrypt_slider()
        assert table(live)["memory here, for each login"] == "32 MiB"
        bill = table(live)["what the thief pays for it"]
        live.controls["exponent"].value = 11
        assert table(live)["memory here, for each login"] == "2 MiB"
        assert table(live)["what the thief pays for it"] != bill

    def test_is_compared_at_the_same_cost_to_the_defender(self, monkeypatch):
        """PBKDF2's rounds and Argon2id's memory fit the time of scrypt."""
        took = {"scrypt": 0.1, "pbkdf2": 0.02, "argon2id": 0.05}
        monkeypatch.setattr(
            prices, "best", lambda work, *given: took[work.__name__]
        )
        rows = prices.equal_cost(n=2**15)
        assert {seconds for _, seconds, _ in rows} == {0.1}
        work = {each.method: each.work for *_, each in rows}
        assert work == {
            "pbkdf2": 50_000 * 5,
            "argon2id": 16_384 * 2 * 2,
            "scrypt": 2**15 * 8,
        }


def test_a_layer_makes_an_old_hash_strong_without_the_password():
    stored = layers.layer(layers.old_hash("a password", "salt"))
    assert layers.fits("a password", "salt", stored)
    assert not layers.fits("another", "salt", stored)
    assert not layers.fits("a password", "pepper", stored)


class TestATrace:
    def test_says_how_long_each_part_took(self):
        events = [("Browser", "Flask"), ("Flask", HASHER), (HASHER, "Flask")]
        whens = [1.0, 1.1, 1.9]
        trace = Trace(
            Event(a, b, "x", when=when)
            for (a, b), when in zip(events, whens, strict=True)
        )
        took = [row[-1] for row in trace.table("A trace").rows]
        assert took == ["100 ms", "800 ms", ""]
        assert round(trace.share(HASHER), 3) == 0.889

    def test_of_a_program_is_in_the_order_of_its_times(self):
        _, trace = send(open_site("2").test_client(), "/login")
        assert all(time >= 0 for time in trace.times())
        assert "Browser to Flask: GET /login." in trace.picture("It").alt


def test_a_picture_says_what_it_shows_when_values_change():
    assert "from 16 to 64" in cost_chart({16: 0.1, 64: 0.2}).alt


def test_a_payload_that_is_edited_is_signed_as_flask_would():
    app = open_site("2", {"SECRET_KEY": "k"})
    cookie = serializer("k").dumps({"_user_id": "1"})
    made = panels.edited(app, cookie, '{"_user_id":"3"}', "k").rows
    assert made[0][1].rpartition(".")[0].startswith("eyJfdXNlcl9pZCI6IjMifQ.")
    assert made[-1][1] == "maria"
