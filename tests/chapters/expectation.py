"""What goes wrong, told as a learner needs it: what was done, what came
back, what was expected.
"""

from contextlib import contextmanager

from course.places import told


def expect(truth, done, came_back, expected, cause=None):
    """Raise an AssertionError in a learner's words unless truth holds."""
    if not truth:
        raise AssertionError(
            f"{done}\n    came back: {came_back}\n    expected:  {expected}"
        ) from cause


class DoesNotStart(AssertionError):
    """The program cannot be imported, or its factory makes nothing."""


@contextmanager
def starting(root):
    """Tell what a program raises while it starts as a learner needs it."""
    try:
        yield
    except DoesNotStart:
        raise
    except (Exception, SystemExit) as error:
        raise DoesNotStart(
            "Imported microblog and called create_app().\n"
            f"    came back: {told(error, root)}\n"
            "    expected:  an application"
        ) from error
