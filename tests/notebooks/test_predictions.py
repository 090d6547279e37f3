"""A prediction is one: its answer is not on the screen before the guess."""

import ast
import re
from functools import cache

import pytest
from bs4 import BeautifulSoup

from course.explore.answers import EXERCISES, QUESTIONS
from course.explore.asking import NO_GUESS, check, predict
from course.explore.copies import cleared
from course.program import PEOPLE

from .conftest import NOTEBOOKS, code_cells, read
from .falsehoods import RIGHT, TELLS, WRONG

ASKED = re.compile(r'^predict\(\s*"([\w ]+)"', re.M)


def asked_in(notebook):
    """(name, place) of each prediction of a notebook."""
    for at, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            for name in ASKED.findall(cell.source):
                yield name, at


@cache
def places():
    """Where each prediction is: its notebook, and its cell's number."""
    return {
        name: (notebook, at)
        for notebook in NOTEBOOKS
        for name, at in asked_in(read(notebook))
    }


def kept(name):
    """What the committed notebook shows below a prediction."""
    notebook, at = places()[name]
    (output,) = read(notebook).cells[at].outputs
    return output.data


def answer_of(name):
    """What came out when the committed notebook was run."""
    html = BeautifulSoup(kept(name)["text/html"], "html.parser")
    return ast.literal_eval(html.details.code.text)


def test_each_question_is_asked_once():
    assert set(places()) == set(QUESTIONS) == set(RIGHT) == set(TELLS)
    asked = [n for name in NOTEBOOKS for n, _ in asked_in(read(name))]
    assert len(asked) == len(places()), "a name is used twice"


@pytest.mark.parametrize("name", QUESTIONS)
class TestEach:
    def test_is_judged_in_the_cell_where_it_is_made(self, name):
        notebook, at = places()[name]
        before, cell = read(notebook).cells[at - 1 : at + 1]
        assert "**Predict.**" in before.source, "asked above it"
        assert cell.source.startswith("guess = ...  # "), "with its form"
        assert cell.source.count("guess = ...") == 1

    def test_is_folded_with_all_that_gives_it_away(self, name):
        shown = kept(name)
        assert shown["text/plain"] == NO_GUESS.replace("`", "")
        html = BeautifulSoup(shown["text/html"], "html.parser")
        html.details.extract()
        assert html.get_text().strip() == NO_GUESS.replace("`", "")

    def test_is_not_answered_on_the_screen(self, name):
        """The words before it, its cell, and the two cells below."""
        notebook, at = places()[name]
        screen = cleared(read(notebook)).cells[at - 2 : at + 3]
        text = "\n".join(cell.source for cell in screen)
        found = re.search(TELLS[name], text, re.I)
        assert not found, f"{found[0]!r} gives it away"

    def test_a_guess_is_judged_by_its_meaning(self, name):
        answer = answer_of(name)
        people = {"PEOPLE": PEOPLE, "None": None}
        for text in [repr(answer), *RIGHT[name]]:
            guess = eval(text, people)
            said = repr(predict(name, guess, answer))
            assert said.startswith("You said "), said
            right = "Right." in said or "as close as anyone can say" in said
            assert right, f"{name}: {text} for {answer!r} is told: {said}"

    def test_a_wrong_guess_is_told_what_came_out(self, name):
        answer = answer_of(name)
        said = repr(predict(name, "something else", answer))
        assert "Right." not in said
        assert "You said 'something else'. It is" in said


class TestAGuess:
    @pytest.mark.parametrize(
        ("name", "guess", "answer"),
        [
            ("stolen", "zoe", None),
            ("readers", "everybody", "who has the key"),
            ("signed", "head and claims", None),
        ],
    )
    def test_in_other_words_is_right_for_that_answer_only(
        self, name, guess, answer
    ):
        assert "Right." not in repr(predict(name, guess, answer))

    @pytest.mark.parametrize(
        ("guess", "answer", "said"),
        [
            (256, 266, "as close as anyone can say"),
            (30, 266, "Too low, by a factor of 8.9."),
            (512, 266, "Too high, by a factor of 1.9."),
            (1, 266, "Too low, by a factor of 266."),
        ],
    )
    def test_of_a_number_is_told_how_close_it_is(self, guess, answer, said):
        assert said in repr(predict("bits", guess, answer))

    def test_that_is_nearly_right_is_told_by_how_much(self):
        assert "Close: 30 is 2 too low." in repr(predict("memory", 30, 32))
        assert "Close: 2000 is" in repr(predict("since", 2000, 1970))

    def test_is_none_while_it_is_three_dots(self):
        said = predict("memory", ..., 32)
        assert repr(said) == NO_GUESS.replace("`", "")
        assert "<details>" in said._repr_mimebundle_()["text/html"]

    def test_is_shown_as_text(self):
        html = predict("memory", "<script>", 32).html()
        assert "<script>" not in html


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("lengths", (162, 100), "not made with the same method"),
        ("bits", 0, "the same password"),
        ("owasp", True, "at least the work"),
        ("changed", "susan", "so this is susan"),
        ("forged", None, "key was not found"),
        ("forged", True, "the one that this browser has"),
        ("timing", 50.0, "long enough for a clock"),
        ("share", 0, "where one is computed"),
        ("adds", {"_fresh", "_user_id"}, "at a second request"),
        ("attributes", {"Secure"}, "Expires too"),
        ("asks", True, "There is an id"),
        ("seen by", ["Database"], "The token was a good one"),
        ("unknown", 0, "a clock tells which names exist"),
        ("adds", set(), "Nobody came in"),
        ("asks for", "nothing", "no page that asks"),
        ("statements", 2, "nothing is added"),
        ("verifier", False, "No text that the session keeps"),
        ("readers", "who has the key", "not about who said yes"),
        ("signed", None, "none of the three"),
        ("lured", None, "did not take the address"),
        ("lured", "zo", "in Zo's account"),
        ("stolen", None, "did not take the code"),
        ("stolen", "mallory", "yes. With the nonce compared"),
        ("proven", True, "came at the start"),
    ],
)
def test_what_is_said_follows_what_came_out(name, answer, said):
    """Where a reader has changed a value."""
    assert said in repr(predict(name, "a guess", answer))


class TestAnExercise:
    @pytest.mark.parametrize("name", EXERCISES)
    def test_is_not_solved_in_its_own_cell(self, name):
        (cell,) = [
            cell
            for notebook in NOTEBOOKS
            for cell in code_cells(read(notebook))
            if f'check("{name}"' in cell.source
        ]
        body = EXERCISES[name].worked.splitlines()[-1]
        assert "..." in cell.source
        assert "lambda answer" not in cell.source
        assert body.strip() not in cell.source

    @pytest.mark.parametrize("name", EXERCISES)
    def test_has_a_wrong_answer_that_is_tried(self, name):
        assert name in WRONG

    def test_has_no_worked_answer_before_a_try(self):
        def salt_of(stored): ...

        for untouched in (..., salt_of):
            html = check("salt_of", untouched).html()
            assert "Not answered yet" in html
            assert "<details>" not in html

    def test_has_one_after_a_try_folded(self):
        html = check("salt_of", lambda stored: stored).html()
        page = BeautifulSoup(html, "html.parser")
        assert 'split("$")[1]' in page.details.extract().text
        assert 'split("$")' not in page.text
        assert page.text.startswith("Not yet. A $ stands")

    def test_ends_in_no_traceback_whatever_the_answer_does(self):
        def fails(stored):
            return stored.nothing

        for name, answer in [
            ("salt_of", fails),
            ("salt_of", 7),
            ("minutes", "an hour"),
            ("letters", 7),
            ("target", None),
        ]:
            said = repr(check(name, answer))
            assert said.startswith("Not yet. It ended in an error"), said

    @pytest.mark.parametrize(
        ("target", "leaves"),
        [
            ("//other.example", True),
            ("/\\other.example", True),
            ("/\n/other.example", True),
            ("/\t/other.example", True),
            ("/\tother.example", False),
            ("//", False),
            ("/\\", False),
            ("/index", False),
            ("https://other.example", False),
        ],
    )
    def test_on_next_reads_a_path_as_a_browser_does(self, target, leaves):
        said = repr(check("target", target))
        assert said.startswith("Right." if leaves else "Not yet."), said
