"""A course of a few lines with all that a page can have."""

from course.chapters import Course

PROGRAM = """\
from flask import Flask


def create_app(config=None):
    return Flask(__name__)
"""
CLOSED = PROGRAM.replace("    return", '    if "closed":\n        return')
OF_THE_PROGRAM = """\
from course.program import *


def who(course, app):
    return [], "nobody can: there is no login"
"""
LESSON = """\
# Chapter {number}: {name}

## The steps
"""
TEST = """\
import pytest


@pytest.mark.since("{slug}")
def test_it_is_there(state, program_of):
    folder = program_of(state)
    assert folder, "no program"
    assert (folder / "{file}").is_file(), "no {file}"
"""
PAGES = {
    "01-one/steps/1-the-form-tag.md": """\
# The <form> tag, `<b>` & more

A line that starts with these is text:
% no comment
+++ <i>no rule</i>

```diff
diff --git a/microblog/__init__.py b/microblog/__init__.py
new file mode 100644
--- /dev/null
+++ b/microblog/__init__.py
@@ -0,0 +1,5 @@
{program}```

With a file of another alphabet.

```diff
diff --git "a/t\\303\\274r & <tor>.txt" "b/t\\303\\274r & <tor>.txt"
new file mode 100644
--- /dev/null
+++ "b/t\\303\\274r & <tor>.txt"
@@ -0,0 +1 @@
+open
```

## Try it

Nothing.
""",
    "01-one/steps/2-move-it.md": """\
# Move it

**A refactoring step.** Nothing that anyone sees changes.

```diff
diff --git "a/t\\303\\274r & <tor>.txt" b/door.txt
old mode 100644
new mode 100755
similarity index 100%
rename from "t\\303\\274r & <tor>.txt"
rename to door.txt
```
""",
    "02-two/steps/1-close-it.md": """\
# Close it

A door is closed at night.

```diff
diff --git a/microblog/__init__.py b/microblog/__init__.py
--- a/microblog/__init__.py
+++ b/microblog/__init__.py
@@ -2,4 +2,5 @@ from flask import Flask


 def create_app(config=None):
-    return Flask(__name__)
+    if "closed":
+        return Flask(__name__)
diff --git a/lock.txt b/lock.txt
new file mode 100644
--- /dev/null
+++ b/lock.txt
@@ -0,0 +1 @@
+closed
```
""",
    "02-two/steps/2-not-yet-written.md": "# Not yet written\n",
}


def tiny_course(root):
    """Two chapters; the last page has no diff yet."""
    write(root / "program.py", OF_THE_PROGRAM)
    program = "".join(f"+{line}\n" for line in PROGRAM.splitlines())
    for name, text in PAGES.items():
        write(root / "chapters" / name, text.replace("{program}", program))
    programs = {1: PROGRAM, 2: CLOSED}
    for number, name in ((1, "one"), (2, "two")):
        folder = root / "chapters" / f"{number:02}-{name}"
        write(folder / "README.md", LESSON.format(number=number, name=name))
        write(folder / "microblog" / "__init__.py", programs[number])
        write(folder / "door.txt", "open\n")
    write(folder / "lock.txt", "closed\n")
    tests = root / "tests" / "chapters"
    for name, slug, file in (
        ("01-one/test_one.py", "the-form-tag", "microblog/__init__.py"),
        ("02-two/test_two.py", "close-it", "lock.txt"),
    ):
        write(tests / name, TEST.format(slug=slug, file=file))
    return Course(root)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
