"""Any state's program, loaded into this process under a name of its own."""

import importlib.util
import os
import sys
from itertools import chain, count

from .errors import CourseError
from .states import States


def load_state(course, text, config=None):
    """Return the Flask app of a state; see `course.load`."""
    state = course.state(text)
    package = load_package(state, States(course).program(state))
    settings = {}
    if "DATABASE_URL" not in os.environ:
        settings["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    return package.create_app(settings | dict(config or {}))


def load_package(state, folder):
    """Import `microblog` from a folder, as `microblog_2_3`.

    Programs use relative imports only, so that several can live in one
    process; one that is imported again gets a name and modules of its own.
    Raises CourseError where the folder holds no such package.
    """
    name = free_name("microblog_" + str(state).replace(".", "_"))
    init = folder / "microblog" / "__init__.py"
    if not init.is_file():
        raise CourseError(f"there is no program at state {state}.")
    spec = importlib.util.spec_from_file_location(
        name, init, submodule_search_locations=[str(init.parent)]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)
    return package


def free_name(name):
    """The name, with a number behind it if there is such a module."""
    names = chain([name], (f"{name}_{number}" for number in count(2)))
    return next(each for each in names if each not in sys.modules)


def load_file(name, path):
    """The module that a file holds."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
