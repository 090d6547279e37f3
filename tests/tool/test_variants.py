"""A right program is accepted, however it is written.

A variant is a file in `tests/chapters/NN-name/variants`: the state that it is
made from, what is different, and the patch. With ALL=1 it passes what
earlier chapters brought, too.
"""

import os
from email.parser import HeaderParser

import pytest

from course.check.report import told

from .conftest import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda path: path.stem)
def test_a_right_program_that_differs_is_accepted(
    variant, make_workspace, checked
):
    header = HeaderParser().parsestr(variant.read_text(encoding="utf-8"))
    workspace = make_workspace(header["State"], variant)
    first = None if os.environ.get("ALL") else workspace.chapter.steps[0].state
    outcome = checked(workspace, first=first)
    message = "\n".join(told(failure, True) for failure in outcome.failures)
    assert outcome.here is None, f"stopped at {outcome.here}\n{message}"
