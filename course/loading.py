"""Any state's program, loaded into this process under a name of its own."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from itertools import chain, count

from .errors import CourseError
from .program import PACKAGE
from .states import States


def load_state(course, text, config=None):
    """Return the application of a state; see `course.load`."""
    package = package_of(course, course.state(text))
    return course.program.make(package, extra=dict(config or {}))


def application(course, state, place, extra=None):
    """A state's application in a Place, with its tables and people."""
    app = course.program.make(package_of(course, state), place, extra)
    course.program.prepare(app, place)
    return app


def package_of(course, state):
    folder = States(course).program(state)
    return load_package(state, folder, course.program.PACKAGE)


def load_package(state, folder, package=PACKAGE):
    """Import a package from a folder, as `package_2_3`.

    Programs use relative imports only, so that several can live in one
    process; one that is imported again gets a name and modules of its own.
    Raises CourseError where the folder holds no such package.
    """
    init = folder / package / "__init__.py"
    if not init.is_file():
        raise CourseError(f"there is no program at state {state}.")
    return load_file(f"{package}_{str(state).replace('.', '_')}", init)


def load_file(name, path):
    """Import a file under a name, with a number behind it if that is taken."""
    names = chain([name], (f"{name}_{number}" for number in count(2)))
    name = next(each for each in names if each not in sys.modules)
    spec = spec_from_file_location(
        name, path, submodule_search_locations=[str(path.parent)]
    )
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
