"""What each prediction and exercise of the notebooks is judged by."""

from . import cookies, hashes, login, tokens

QUESTIONS = (
    hashes.QUESTIONS | cookies.QUESTIONS | login.QUESTIONS | tokens.QUESTIONS
)
EXERCISES = (
    hashes.EXERCISES | cookies.EXERCISES | login.EXERCISES | tokens.EXERCISES
)
