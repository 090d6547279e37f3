"""Predictions and exercises: what you wrote, against what is so.

Answers and hints stand in `answers/`, so that no cell gives them away.
"""

import re
from typing import NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

from .answers import EXERCISES, QUESTIONS
from .meaning import amount, distance, same, shown

NO_GUESS = (
    "No guess yet: put yours in place of the `...` and run this cell again."
)
NO_ANSWER = "Not answered yet: write it in place of the `...`."


class Verdict(NamedTuple):
    """What is said of a guess: in Markdown, and what is folded under it."""

    said: str
    folded: str = ""
    title: str = ""
    under: tuple = ()

    def __repr__(self):
        said = re.sub(r"\*\*([^*`]+|`[^`]*`)\*\*", r"\1", self.said)
        return said.replace("`", "")

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": self.html()}

    def html(self):
        below = "".join(each._repr_html_() for each in self.under)
        html = Markup(rendered(self.said))
        if not self.title:
            return html + Markup(below)
        inside = Markup(rendered(self.folded)) + Markup(below)
        fold = Markup("<details>\n<summary>{}</summary>\n{}</details>")
        return html + fold.format(self.title, inside)


def rendered(markdown):
    return MarkdownIt("commonmark", {"html": False}).render(markdown)


def predict(name, guess, answer, *under):
    """Judge a guess by what it means, and say what came out.

    `...` is no guess yet: then what came out is folded. What is `under` it,
    a table or a picture, is shown with it.
    """
    question = QUESTIONS[name]
    out = f"It is `{shown(answer)}`."
    why = question.why(answer)
    if guess is ...:
        return Verdict(NO_GUESS, f"{out}\n\n{why}", "What came out", under)
    said = f"You said `{shown(guess)}`. {judged(question, guess, answer)}"
    return Verdict(f"{said}\n\n{why}", under=under)


def judged(question, guess, answer):
    if same(guess, answer, question.others(answer)):
        return f"**Right.** It is `{shown(answer)}`."
    if question.spread and within(guess, answer, question.spread):
        return (
            f"It is `{shown(answer)}`: **as close as anyone can say**, "
            "as another run gives another number."
        )
    return f"It is **`{shown(answer)}`**. {distance(guess, answer)}".rstrip()


def within(guess, answer, spread):
    number = amount(guess)
    return number is not None and abs(number - answer) <= spread


def check(name, answer, *given):
    """Say whether an exercise is solved, with a hint where it is not.

    Once there is an answer, right or wrong, a worked one is folded below.
    `given` is what the notebook has and the check needs.
    """
    exercise = EXERCISES[name]
    if unanswered(answer):
        return Verdict(NO_ANSWER)
    try:
        right = exercise.right(answer, *given)
    except Exception as error:  # the reader's own code: whatever it raises
        said = f"{type(error).__name__}: {error}"[:200]
        told = f"Not yet. It ended in an error, `{said}`. {exercise.hint}"
    else:
        told = "**Right.**" if right else f"Not yet. {exercise.hint}"
    worked = f"```python\n{exercise.worked}\n```"
    return Verdict(told, worked, "A worked answer")


def unanswered(answer):
    """Whether it is still `...`, or a function with nothing else in it."""
    code = getattr(answer, "__code__", None)
    return answer is ... or (
        code is not None
        and code.co_code == blank.__code__.co_code
        and code.co_consts == blank.__code__.co_consts
    )


def blank(value): ...
