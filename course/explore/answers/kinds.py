"""What a prediction and an exercise are made of."""

from collections.abc import Callable
from typing import NamedTuple


class Question(NamedTuple):
    """What is said once a guess is made.

    `because` is a text, or a function of what came out; `also` are other
    words for the answer, and `spread` is how far another run may be off.
    """

    because: str | Callable
    also: tuple = ()
    spread: float = 0

    def why(self, answer):
        if callable(self.because):
            return self.because(answer)
        return self.because


class Exercise(NamedTuple):
    """`right(answer, *given)`, a hint, and a worked answer as code."""

    right: Callable
    hint: str
    worked: str
