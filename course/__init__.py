"""The tool behind the Makefile: it runs, tests and compares the states.

`__main__` and `environment` run before anything is installed and import
the standard library only. `load` is what notebooks and shells use.
"""


def load(state, config=None):
    """Return the Flask app of a state: `load("2.5")`, or `load("2")`.

    `config` is a mapping that wins over the program's defaults. Without a
    DATABASE_URL in it or in the environment, the database is in memory.
    Raises CourseError where the course has no such state.
    """
    from .chapters import Course
    from .loading import load_state

    return load_state(Course(), state, config)
