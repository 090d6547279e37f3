"""On which states a test runs, and what the matrix refuses.

The course of these tests has five steps; 2.1 is a refactoring step.
"""

import re

import pytest

pytest_plugins = ["pytester"]

STEPS = {
    "01-one/steps/1-first.md": "# First",
    "01-one/steps/2-second.md": "# Second",
    "02-two/steps/1-move.md": "# Move\n\n**A refactoring step.** No change.",
    "02-two/steps/2-third.md": "# Third",
    "03-three/steps/1-fourth.md": "# Fourth",
}


@pytest.fixture
def run(pytester, monkeypatch):
    """A function: run a test with a mark; return what came of it."""
    for name, text in STEPS.items():
        page = pytester.path / "chapters" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"{text}\n", encoding="utf-8")
    monkeypatch.setenv("COURSE_ROOT", str(pytester.path))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("ALL", raising=False)

    def run(mark, body, *options, names="state"):
        pytester.makepyfile(
            "import pytest\n\n"
            f"@pytest.mark.{mark}\n"
            f"def test_it({names}):\n"
            f"    {body}\n"
        )
        plugin = ["-p", "course.matrix", "-vv"]
        return pytester.runpytest_inprocess(*plugin, *options)

    return run


def states_of(result):
    """The states that the test ran on, as its ids say."""
    return re.findall(r"test_it\[([\d.a-z-]+)\] [A-Z]+", result.stdout.str())


GREEN_FROM_SECOND = 'assert str(state) >= "1.2", "it is not there yet"'


def test_a_test_runs_red_at_its_step_after_moves_and_at_ends(run):
    result = run("since('second')", GREEN_FROM_SECOND)
    result.assert_outcomes(passed=4, xfailed=1)
    assert states_of(result) == ["1.1-red", "1.2", "2.1", "2.2", "3.1"]


def test_a_test_of_a_chapters_first_step_runs_at_that_chapters_end(run):
    result = run("since('first')", 'assert state.chapter, "nothing is there"')
    assert states_of(result) == ["0-red", "1.1", "1.2", "2.1", "2.2", "3.1"]


def test_in_the_middle_of_a_chapter_only_with_all(run, monkeypatch):
    result = run("holds_from('first', only='snapshots')", "assert state")
    assert states_of(result) == ["1.2", "2.1", "2.2", "3.1"]
    monkeypatch.setenv("ALL", "1")
    result = run("holds_from('first', only='snapshots')", "assert state")
    assert states_of(result) == ["1.1", "1.2", "2.1", "2.2", "3.1"]


def test_between_its_step_and_the_end_one_case_of_a_test_is_enough(
    run, monkeypatch
):
    cases = "since('second')\n@pytest.mark.parametrize('n', [1, 2])"
    body = "assert str(state) >= '1.2' and n, 'it is not there yet'"
    ends = ["1.2-1", "1.2-2", "2.1-1", "2.2-1", "3.1-1", "3.1-2"]
    assert states_of(run(cases, body, names="state, n"))[2:] == ends
    monkeypatch.setenv("ALL", "1")
    assert len(states_of(run(cases, body, names="state, n"))) == 10


def test_what_holds_at_every_state_runs_at_every_state(run):
    result = run("holds_from('first', every=True)", "assert state")
    assert states_of(result) == ["1.1", "1.2", "2.1", "2.2", "3.1"]


def test_one_state_alone_can_be_asked_for(run):
    result = run("since('second')", GREEN_FROM_SECOND, "--state=3")
    assert states_of(result) == ["3.1"]
    result = run("since('third')", GREEN_FROM_SECOND, "--state=1")
    assert states_of(result) == []


def test_a_test_that_does_not_fail_before_its_step_is_refused(run):
    result = run("since('second')", "assert state")
    result.assert_outcomes(passed=4, failed=1)


@pytest.mark.parametrize("words", ["assert state.step == 2", "assert False"])
def test_a_red_without_words_of_its_own_is_refused(run, words):
    result = run("since('second')", words)
    result.stdout.fnmatch_lines(["*has no words of its own*"])
    assert result.parseoutcomes()["failed"]


def test_a_red_that_is_no_failed_expectation_is_refused(run):
    body = 'if str(state) < "1.2": raise KeyError(state)'
    run("since('second')", body).assert_outcomes(passed=4, failed=1)


def test_a_test_that_breaks_at_a_later_chapters_end_fails(run):
    body = 'assert str(state) in ("1.2", "2.1", "2.2"), "it is gone"'
    result = run("since('second')", body)
    result.assert_outcomes(passed=3, xfailed=1, failed=1)


def test_after_a_refactoring_step_all_of_the_state_before_is_run(run):
    body = 'assert str(state) not in ("1.1", "2.1"), "the move broke it"'
    result = run("since('second')", body)
    assert "test_it[2.1] FAILED" in result.stdout.str()


def test_a_retired_test_ends_there_and_is_listed(run):
    mark = "since('second', until='third', because='it is no more')"
    result = run(mark, GREEN_FROM_SECOND)
    assert states_of(result) == ["1.1-red", "1.2", "2.1"]
    result.stdout.fnmatch_lines(["third  test_it", "     it is no more"])


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("since('second', until='third')", "is retired; because?"),
        ("since('move')", "would change at move, a refactoring step"),
        (
            "since('first', until='move', because='it is no more')",
            "would change at move, a refactoring step",
        ),
        ("usefixtures('tmp_path')", "since which step?"),
    ],
)
def test_a_mark_that_cannot_be_is_refused(run, mark, why):
    result = run(mark, "assert state")
    assert result.ret
    assert why in result.stdout.str() + result.stderr.str()


def test_for_one_state_a_folder_that_speaks_of_none_is_not_imported(
    run, pytester
):
    other = pytester.mkdir("other") / "test_other.py"
    other.write_text("raise ImportError('takes long')", encoding="utf-8")
    run("since('first')", "assert state", "--state=3").assert_outcomes(
        passed=1
    )


def test_a_test_that_an_exercise_retires_says_why(run):
    result = run("retired_by('loud')\n@pytest.mark.since('first')", "assert 1")
    assert "is retired; because?" in result.stdout.str() + result.stderr.str()
