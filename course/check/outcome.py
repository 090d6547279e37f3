"""What a check found."""

from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from ..chapters import State


@dataclass(frozen=True)
class Failure:
    """One test that failed, told in a learner's words.

    `links` are the links of its chain up to the broken one, as (name, whether
    it held); `said` is the fact that broke it, and `place` the line of the
    program, as (file, line, text). Both are empty where no fact was found.
    """

    test: str
    message: str
    trace: str = ""
    links: tuple = ()
    said: str = ""
    place: tuple | None = None

    @property
    def fault(self):
        """The same for all tests that fail for one reason."""
        return (self.said, tuple(self.place or ())) if self.said else None


class Change(NamedTuple):
    """Lines of a file in place of others; `line` is where they begin."""

    file: str
    line: int
    old: list
    new: list

    def has(self, place):
        """Whether a (file, line, text) is among the new lines."""
        lines = range(self.line, self.line + len(self.new))
        return place[0] == self.file and place[1] in lines


@dataclass
class Outcome:
    """What a check found.

    `done` are the steps whose tests pass, `planned` the tests of each step
    that has some. `here` is the first step that is not done, or None. When a
    chapter's own steps are done, it can be one of an earlier chapter, which
    worked once; when they are not, `also` is. `changes` are what is different
    since the step `since` was done, when what fails held.
    """

    done: list = field(default_factory=list)
    here: State | None = None
    failures: list = field(default_factory=list)
    planned: dict = field(default_factory=dict)
    also: State | None = None
    printed: str = ""
    since: State | None = None
    changes: list = field(default_factory=list)

    @classmethod
    def read(cls, values):
        """The outcome that `values` tells. Raises what odd values lead to."""
        known = cls(**values)
        known.done = [State(*state) for state in known.done]
        known.here = known.here and State(*known.here)
        known.also = known.also and State(*known.also)
        known.since = known.since and State(*known.since)
        known.failures = [Failure(**failure) for failure in known.failures]
        known.changes = [Change(*change) for change in known.changes]
        return known

    def values(self):
        return asdict(self)

    def has_checks(self, step):
        return str(step.state) in self.planned

    def failing(self):
        """The state of the step whose test failed; None where none did."""
        for failure in self.failures:
            for state, tests in self.planned.items():
                if failure.test in tests:
                    return State(*map(int, state.split(".")))
        return None

    def passed(self, chapter):
        """The steps that are done.

        One that changes no behaviour is, when those on both sides are.
        """
        asked = [s.state for s in chapter.steps if self.has_checks(s)]
        return [s for s in chapter.steps if self.is_passed(s, asked)]

    def is_passed(self, step, asked):
        if step.state in asked or not step.is_refactoring:
            return step.state in self.done
        before = [state for state in asked if state < step.state]
        after = [state for state in asked if state > step.state]
        around = {*before[-1:], *after[:1]}
        return bool(around) and around <= set(self.done)

    def is_done(self, chapter):
        return not self.here and self.passed(chapter) == chapter.steps

    def open_steps(self, chapter):
        """The steps behind the last one that is known to be done."""
        done = max(self.done, default=State(0, 0))
        return [step for step in chapter.steps if step.state > done]
