"""What a page may put into a program."""

import pytest

from course.chapters import Course, State
from course.errors import CourseError
from course.states import States

from .small import small_course

LINK = """
A link to a file of somebody else's.

```diff
diff --git a/secret b/secret
new file mode 120000
--- /dev/null
+++ b/secret
@@ -0,0 +1 @@
+/etc/passwd
\\ No newline at end of file
```
"""
SUBMODULE = """
A repository of somebody else's.

```diff
diff --git a/theirs b/theirs
new file mode 160000
--- /dev/null
+++ b/theirs
@@ -0,0 +1 @@
+Subproject commit 0123456789012345678901234567890123456789
```
"""


@pytest.mark.parametrize("block", [LINK, SUBMODULE])
def test_a_page_that_leads_out_of_the_program_is_refused(tmp_path, block):
    course = small_course(tmp_path)
    page = course.steps[State(1, 1)].page
    with page.open("a", encoding="utf-8") as text:
        text.write(block)
    states = States(Course(course.root))
    with pytest.raises(CourseError, match="plain files") as refusal:
        states.folder(State(1, 1))
    assert page.name in refusal.value.message
    assert not list(course.root.rglob("secret"))
