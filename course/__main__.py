"""python -m course: set up what the command needs, then run it.

This file has to be readable by any Python, so that one that is too old
can say so.
"""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "This course needs Python 3.11 or later; this is Python %d.%d.\n"
        "Try: make chapter 1 PYTHON=python3.12, or install a newer one from\n"
        "https://www.python.org/downloads/\n" % sys.version_info[:2]
    )
    sys.exit(2)

from pathlib import Path

from course import environment

if len(sys.argv) < 2 or sys.argv[1] in ("help", "-h", "--help"):
    print(Path(__file__).with_name("welcome.txt").read_text("utf-8"))
    sys.exit()
status = environment.enter(sys.argv[1:])
if status is not None:
    sys.exit(status)
from course.cli import main

main(prog_name="python -m course")
