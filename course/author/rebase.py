"""An edit, moved into its step and carried through by git's rebase."""

import shlex

from ..errors import CourseError
from ..git import GitError
from ..states import States
from .edits import Folding
from .repository import AS_THE_COURSE, listed


def rebase(course, state, commits, repository, kept):
    """Fold the edit of a snapshot into a step, and replay what follows.

    `repository` holds the course's Commits, and the rebased ones then.
    Raises CourseError on a conflict, and leaves it in `kept`.
    """
    names = repository.git("rev-list", "--reverse", "HEAD").split()
    wanted = snapshot_in(repository, course, state)
    folds = Folding(repository, commits, names, state).commits(wanted)
    first = min(folds)
    plan = repository.git_folder / "course-todo"
    plan.write_bytes("".join(todo(commits, names, folds)).encode())
    editor = f"sequence.editor=cp {shlex.quote(plan.as_posix())}"
    options = ["--interactive", "--empty=keep", "--no-autosquash"]
    try:
        repository.git(
            *AS_THE_COURSE,
            *("-c", editor, "-c", "core.editor=true"),
            *("rebase", *options, names[first - 1]),
        )
    except GitError:
        if not (repository.git_folder / "rebase-merge").exists():
            raise
        states = {n: c.state for n, c in zip(names, commits, strict=True)}
        hand_over(course, state, states, repository, kept)


def todo(commits, names, folds):
    """What git is to do, as its rebase reads it."""
    first = min(folds)
    for number, name in enumerate(names[first:], first):
        state, message, _ = commits[number]
        yield f"pick {name} {state}: {message.splitlines()[0]}\n"
        if number in folds:
            yield f"fixup {folds[number]} {state}: the edit\n"


def snapshot_in(repository, course, state):
    """The tree of the edited snapshot, with its files in the repository."""
    states = States(course)
    states.repository = repository.git_folder
    return states.snapshot_tree(course.chapter(state.chapter))


def hand_over(course, state, states, repository, kept):
    """Leave the conflict in build/history, and say where it is."""
    stopped = repository.git("rev-parse", "REBASE_HEAD").strip()
    unmerged = ["--name-only", "--diff-filter=U"]
    files = repository.git("diff", *unmerged).splitlines()
    if not files:
        raise CourseError(
            f"the edit takes back all that a block of step {state} does, and "
            "a block without a\nchange is none. Put the edit aside (git stash "
            "push chapters), make history, drop\nthe block there (git rebase "
            "--interactive 0) and make adopt."
        )
    at = states.get(stopped, state)
    title = course.steps[at].title
    old = repository.move_to(kept.folder)
    raise CourseError(
        f"step {at}, “{title}”, does not go with the edit. Git met a conflict "
        f"in\n{listed(files)}\nNothing in chapters/ was changed. "
        + (try_later(course, state) if at == state else "")
        + "To go on with git:\n"
        "    cd build/history\n"
        "    git status           (mend the files, then git add them)\n"
        "    git rebase --continue\n"
        "    cd ../..\n"
        "    make adopt\n"
        "To give it up: remove the folder build/history."
        + (f" What was there is build/{old.name} now." if old else "")
    )


def try_later(course, state):
    last = course.chapter(state.chapter).last
    return (
        "The lines may come with a later step:\n"
        f"then it is make amend {last}, after removing build/history. "
        if state != last
        else ""
    )
