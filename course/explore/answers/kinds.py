"""What a prediction and an exercise are made of."""

from collections.abc import Callable
from typing import NamedTuple


class Question(NamedTuple):
    """What is said once a guess is made.

    `because` is a text, and `also` are other words for the answer; each may
    be a function of what came out. `spread` is how far another run may be
    off.
    """

    because: str | Callable
    also: tuple | Callable = ()
    spread: float = 0

    def why(self, answer):
        if callable(self.because):
            return self.because(answer)
        return self.because

    def others(self, answer):
        return self.also(answer) if callable(self.also) else self.also


class Exercise(NamedTuple):
    """`right(answer, *given)`, a hint, and a worked answer as code."""

    right: Callable
    hint: str
    worked: str
