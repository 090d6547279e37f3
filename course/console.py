"""Python on a program, as `flask shell` opens it.

That one names the instance folder as well. The course's programs keep their
database elsewhere, so that there is no such folder.
"""

import code
import sys
from contextlib import suppress
from importlib import import_module

from .program import PACKAGE, make


def open_console():
    """Open Python with `app`, `db`, `User` and what else a program adds."""
    app = make(import_module(PACKAGE))
    with app.app_context():
        known = app.make_shell_context()
        with suppress(ImportError):
            complete(known)
        names = ", ".join(sorted(name for name in known if name != "g"))
        banner = (
            f"Python {sys.version.split()[0]} with your program loaded.\n"
            f"Here already: {names}. Leave with exit()."
        )
        code.interact(banner=banner, local=known, exitmsg="")


def complete(known):
    """Let the Tab key complete what is known."""
    import readline
    from rlcompleter import Completer

    readline.set_completer(Completer(known).complete)
    sys.__interactivehook__()
