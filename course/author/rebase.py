"""An edit, moved into its step and carried through by git's rebase."""

import shlex

from ..errors import CourseError
from ..git import GitError
from ..states import States
from .edits import Edit
from .repository import AS_THE_COURSE, listed


def rebase(course, state, commits, repository, kept):
    """Fold the edit of a snapshot into a step, and replay what follows.

    `repository` holds the course's Commits, and the rebased ones then.
    Raises CourseError on a conflict, and leaves it in `kept`.
    """
    names = repository.git("rev-list", "--reverse", "HEAD").split()
    wanted = snapshot_in(repository, course, state)
    edit = Edit(repository, commits, state, wanted)
    folds = edit.commits(names[edit.end])
    plan = repository.git_folder / "course-todo"
    plan.write_bytes("".join(todo(commits, names, folds)).encode())
    editor = f"sequence.editor=cp {shlex.quote(plan.as_posix())}"
    options = ["--interactive", "--empty=keep", "--no-autosquash"]
    try:
        repository.git(
            *AS_THE_COURSE,
            *("-c", editor, "-c", "core.editor=true"),
            *("rebase", *options, names[min(folds) - 1]),
        )
    except GitError:
        if not (repository.git_folder / "rebase-merge").exists():
            raise
        stopped = repository.git("rev-parse", "REBASE_HEAD").strip()
        states = {n: c.state for n, c in zip(names, commits, strict=True)}
        at = states.get(stopped, state)
        hand_over(course, state, at, repository, kept)


def todo(commits, names, folds):
    """What git is to do, as its rebase reads it."""
    for number, name in [*enumerate(names)][min(folds) :]:
        state, message, _ = commits[number]
        yield f"pick {name} {state}: {message.splitlines()[0]}\n"
        if number in folds:
            yield f"fixup {folds[number]} {state}: the edit\n"


def snapshot_in(repository, course, state):
    """The tree of the edited snapshot, with its files in the repository."""
    states = States(course)
    states.repository = repository.git_folder
    return states.snapshot_tree(course.chapter(state.chapter))


def hand_over(course, state, at, repository, kept):
    """Leave the conflict in build/history, and say where it is."""
    unmerged = ["--name-only", "--diff-filter=U"]
    files = repository.git("diff", *unmerged).splitlines()
    if not files:
        raise CourseError(
            f"the edit takes back all that a block of step {state} does, and "
            "a block without a\nchange is none. Put the edit aside (git stash "
            "push chapters), make history, drop\nthe block there (git rebase "
            "--interactive 0) and make adopt."
        )
    old = repository.move_to(kept.folder)
    last = course.chapter(state.chapter).last
    later = "" if at != state or at == last else LATER.format(last=last)
    was = f" What was there is build/{old.name} now." if old else ""
    raise CourseError(
        f"step {at}, “{course.steps[at].title}”, does not go with the edit. "
        f"Git met a conflict in\n{listed(files)}\n"
        f"Nothing in chapters/ was changed. {later}{GO_ON}{was}"
    )


LATER = """The lines may come with a later step:
then it is make amend {last}, after removing build/history. """
GO_ON = """To go on with git:
    cd build/history
    git status           (mend the files, then git add them)
    git rebase --continue
    cd ../..
    make adopt
To give it up: remove the folder build/history."""
