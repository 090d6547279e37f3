"""The files that a chapter gives: put into a workspace, and not typed."""

import shutil

from ..pages import read_page


def given_files(chapter):
    """The files that the steps of a chapter give, each with its state."""
    return {
        name: step.state
        for step in chapter.steps
        for block in read_page(step.text).blocks
        if block.given
        for name in block.files
    }


def give(states, chapter, folder):
    """Put what a chapter gives into the folder of a new workspace."""
    for name, state in given_files(chapter).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(states.folder(state) / name, target)


def given_later(chapter, goal):
    """What is given with a step that comes after a state, by its name."""
    given = given_files(chapter).items()
    return [name for name, state in given if state > goal]
