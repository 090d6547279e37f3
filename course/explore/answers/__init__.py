"""What each prediction and exercise of the notebooks is judged by."""

from . import cookies, hashes, login

QUESTIONS = hashes.QUESTIONS | cookies.QUESTIONS | login.QUESTIONS
EXERCISES = hashes.EXERCISES | cookies.EXERCISES | login.EXERCISES
