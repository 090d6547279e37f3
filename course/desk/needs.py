"""What the programs of the started chapters need, installed."""

from .. import environment, requirements
from ..errors import CourseError
from ..lock import Busy


def install(course):
    """Have what the started chapters need. Raises CourseError in words."""
    try:
        words = environment.ROOT, course.root, ["learn"]
        environment.set_up(requirements.needed(*words))
    except (environment.SetUpError, requirements.Unknown, Busy) as error:
        raise CourseError(str(error)) from None
