"""A right program is accepted, however it is written.

A variant is a file in `tests/chapters/NN-name/variants`: the state that it is
made from, what is different, and the patch.
"""

from email.parser import HeaderParser

import pytest

from course.check.report import told

from .conftest import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda path: path.stem)
def test_a_right_program_that_differs_is_accepted(
    variant, make_workspace, checked
):
    header = HeaderParser().parsestr(variant.read_text(encoding="utf-8"))
    outcome = checked(make_workspace(header["State"], variant))
    message = "\n".join(told(failure, True) for failure in outcome.failures)
    assert outcome.here is None, f"stopped at {outcome.here}\n{message}"
