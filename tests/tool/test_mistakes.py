"""Every mistake of a learner is caught at its step, by its cause.

A mistake is a file in `tests/chapters/NN-name/mistakes`, a patch under a few
lines:

    State: members-only          what it is made in
    Step: members-only           the step that the check stops at
    Says: login_view    what has to be in the message

Where a mistake keeps the whole program from starting, or breaks every page,
the check stops at the first step that needs it, which is before `State`.

The check starts at that step; with ALL=1, or where a mistake of the step
shows in what came before (`From: the chapter`), at the first of its chapter.
"""

import os
import re
from email.parser import HeaderParser

import pytest

from course.check.report import told
from course.pages import read_page
from course.student.missing import block_for

from .conftest import MISTAKES, at


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_is_caught_at_its_step_with_its_cause(
    mistake, make_workspace, checked
):
    text = mistake.read_text(encoding="utf-8")
    header = HeaderParser().parsestr(text)
    workspace = make_workspace(header["State"], mistake)
    step = at(header["Step"])
    first = workspace.chapter.steps[0].state if whole(header) else step
    limit = 3 if "+    while True:" in text else 20  # seconds for one test
    outcome = checked(workspace, first=first, limit=limit, most=1)
    message = "\n".join(told(failure, False) for failure in outcome.failures)
    assert outcome.here == step, (
        f"{mistake.stem} was caught at {outcome.here}:\n{message}"
    )
    assert header["Says"] in message, (
        f"The message about {mistake.stem} does not say "
        f"“{header['Says']}”:\n{message}"
    )
    block, answers = hinted_at(workspace, outcome, text)
    assert answers, f"A hint for {mistake.stem} would be about {block.files}"


def whole(header):
    return os.environ.get("ALL") or header["From"] == "the chapter"


def hinted_at(workspace, outcome, patch):
    """The block that a hint is about, and if it is one that was broken.

    That can be asked where the check names a line of a file that was broken.
    """
    files = set(re.findall(r"^--- a/(.+)$", patch, re.MULTILINE))
    step, failure = workspace.course.steps[outcome.here], outcome.failures[0]
    blocks = [set(b.files) for b in read_page(step.text).blocks]
    _, block = block_for(workspace, step, failure)
    file = failure.place and failure.place[0]
    asked = file in files and any(files & each for each in blocks)
    return block, not asked or files & set(block.files)
