"""What a student has changed since a step was done, from its saved copy.

What held in that copy, and holds no longer, was broken by one of the changes.
"""

from dataclasses import replace
from difflib import SequenceMatcher

from ..check.blame import ALIKE, added_to, alike
from ..check.outcome import Change
from ..check.report import is_little
from .restoration import NAME
from .workspaces import Workspace, Workspaces, contents

MOST_BYTES = 200_000  # of a file that is compared


def look_back(workspace, outcome):
    """Put into an Outcome what changed since its fault was not there.

    The step that is here is then the one that the changes belong to.
    """
    here = outcome.here
    if here and here.chapter == workspace.chapter.number:
        outcome.since, outcome.changes = changes_since(workspace, here)
        if outcome.changes:
            outcome.here = step_of(workspace.chapter, outcome)
            outcome.failures = [
                without_place(failure, outcome.changes)
                for failure in outcome.failures
            ]


def without_place(failure, changes):
    """A Failure without its place, where that is none of a few Changes.

    A line that was there when all held is where the fault shows, at most.
    """
    told = failure.place and is_little(changes)
    if told and not any(change.has(failure.place) for change in changes):
        return replace(failure, place=None)
    return failure


def changes_since(workspace, here):
    """The step that was done last, and each Change since then.

    Of the saved copies in which `here` was done, it is the one that differs
    least. (None, []) where there is none.
    """
    now = texts_of(workspace)
    found = [
        (state, list(changes_between(texts_of(copy), now)))
        for copy, state in copies_of(workspace)
        if state >= here
    ]
    return min(found, key=lambda each: size(each[1]), default=(None, []))


def copies_of(workspace):
    """The saved copies of a workspace, each with the step that it has done."""
    course = workspace.course
    for path in sorted(Workspaces(course).saved.glob("[!.]*"), reverse=True):
        name = NAME.fullmatch(path.name)
        if name and name[5] == workspace.name and name[6] in course.slugs:
            copy = Workspace(course, workspace.chapter, path)
            yield copy, course.slugs[name[6]]


def texts_of(workspace):
    """The lines of each file of a program, by its name."""
    read = {p: contents(p) for p in workspace.files()}
    return {
        path.relative_to(workspace.folder).as_posix(): said.decode(
            "utf-8", "replace"
        ).splitlines()
        for path, said in read.items()
        if len(said) <= MOST_BYTES and b"\0" not in said
    }


def changes_between(before, after):
    for file in sorted({*before, *after}):
        old, new = before.get(file, []), after.get(file, [])
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind != "equal":
                yield Change(file, c + 1, old[a:b], new[c:d])


def size(changes):
    return sum(len(each.old) + len(each.new) for each in changes)


def step_of(chapter, outcome):
    """The state of the step whose page has the lines that were changed.

    It is the one that is being built, if it brings one of the new lines; or
    the last whose page brought one of the old; or else `here`, as it was.
    """
    changes, since = outcome.changes, outcome.since
    later = [step for step in chapter.steps if outcome.here <= step.state]
    ahead = [step for step in later if step.state > since][:1]
    behind = [step for step in later if step.state <= since][::-1]
    found = [s for s in ahead if any(brings(s, c, c.new) for c in changes)]
    found += [s for s in behind if any(brings(s, c, c.old) for c in changes)]
    return found[0].state if found else outcome.here


def brings(step, change, lines):
    """Whether a step's page adds one of some lines of a change's file."""
    own = [line for line in added_to(step, change.file) if line.strip()]
    said = [line for line in lines if line.strip()]
    return any(alike(one, other) > ALIKE for one in said for other in own)
