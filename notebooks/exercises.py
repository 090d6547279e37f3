"""Predictions and exercises: what you wrote, against what is so."""


def reveal(guess, answer):
    """Say what came out, beside what was guessed; `...` is no guess yet."""
    if guess is ...:
        print(f"You made no guess. It is {shown(answer)}.")
    elif guess == answer:
        print(f"You said {shown(guess)}, and so it is.")
    else:
        print(f"You said {shown(guess)}. It is {shown(answer)}.")


def shown(value):
    """As Python writes it, but a set in the order of its names."""
    if isinstance(value, set) and value:
        return "{" + ", ".join(map(repr, sorted(value))) + "}"
    return repr(value)


def check(answer, right, hint):
    """Say whether an exercise is solved; `...` is not answered yet.

    `right(answer)` is true for a right answer. Raises AssertionError, with
    the hint, for a wrong one.
    """
    if answer is ...:
        print("Not answered yet.")
        return
    assert right(answer), f"Not yet. {hint}"
    print("Right.")
