"""What failed last is looked at first, and told before the check has ended."""

import pytest

from course.check.examination import Stale

from .conftest import at
from .test_safety import ROUTES, VIEW, put_in


@pytest.fixture
def seen():
    return []


@pytest.fixture
def looked(checked, seen):
    """A function: a check that looks at the last step of chapter 1 first."""

    def looked(workspace, **options):
        last = workspace.chapter.last
        return checked(workspace, ahead=last, seen=seen.append, **options)

    return looked


def test_what_is_missing_still_is_known_first(make_workspace, looked, seen):
    workspace = make_workspace("never-store-a-password")
    outcome = looked(workspace)
    assert seen[0].done == [], "other steps were checked before"
    assert seen[0].here == outcome.here == workspace.chapter.last
    assert seen[0].failures == outcome.failures[:1]
    assert outcome.done == [s.state for s in workspace.chapter.steps[:-1]]


def test_what_is_missing_no_longer_is_known_first(
    make_workspace, looked, seen
):
    workspace = make_workspace("1")
    assert looked(workspace).is_done(workspace.chapter)
    assert [each.done for each in seen] == [[workspace.chapter.last]]
    assert seen[0].here is None


def test_a_check_ends_when_another_was_saved_and_the_next_one_is_right(
    make_workspace, checked
):
    workspace = make_workspace("1")
    answers = iter([False, False, True])
    with pytest.raises(Stale):
        checked(workspace, stale=lambda: next(answers))
    assert checked(workspace).is_done(workspace.chapter)


FAULTS = {
    "in an earlier step": ('@bp.route("/index")\n', ""),
    "that lets nothing start": ("bp = ", "x = (\nbp = "),
    "that ends the check": (VIEW, f"{VIEW}    __import__('os')._exit(0)\n"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_in_the_end_it_is_the_first_fault_in_the_order_of_the_steps(
    make_workspace, checked, looked, fault
):
    workspace = make_workspace("never-store-a-password")
    put_in(workspace, ROUTES, *FAULTS[fault])
    found, plain = looked(workspace), checked(workspace)
    assert found.here == plain.here == at("a-first-page")
    assert found.failures == plain.failures
