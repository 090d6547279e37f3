"""What a check found, for the person at the terminal."""

import re
import shutil
import textwrap

import click

from .causes import likely_cause

COLOURS = {"done": "green", "here": "yellow", "ahead": None}
MOST_LINES = 12
MOST_LETTERS = 400


def tell(course, workspace, outcome, verbose=False):
    """Print the steps, what failed, and what to read or do next."""
    chapter = workspace.chapter
    click.secho(f"Chapter {chapter.number}, {workspace.shown}\n", bold=True)
    for line in step_lines(course, chapter, outcome):
        click.echo(line)
    click.echo()
    if outcome.here:
        tell_failures(course, outcome, verbose)
    else:
        click.echo(what_next(course, chapter))


def step_lines(course, chapter, outcome):
    """`done  2.1  Load the user`, a line for each step of a chapter."""
    if outcome.here and outcome.here.chapter < chapter.number:
        yield step_line("here", course.steps[outcome.here])
    for step in chapter.steps:
        yield step_line(how(step.state, outcome), step)


def step_line(word, step):
    text = f"  {word:<5}  {step.state}  {step.title}"
    return click.style(text, fg=COLOURS[word], bold=word == "here")


def how(state, outcome):
    if state in outcome.done:
        return "done"
    return "here" if state == outcome.here else "ahead"


def tell_failures(course, outcome, verbose):
    failures = outcome.failures if verbose else outcome.failures[:3]
    for failure in failures:
        click.echo(told(failure, verbose, terminal_width()))
    if verbose and outcome.printed:
        click.secho("What the program printed\n", bold=True)
        click.echo(printable(outcome.printed))
    if outcome.also:
        step = course.steps[outcome.also]
        click.echo(f"Also   {step.state}, “{step.title}”, holds no longer")
    page = page_to_read(course, outcome).relative_to(course.root).as_posix()
    click.echo(f"Read   {page}\nStuck  make hint")


def page_to_read(course, outcome):
    """The page of the step, or of the one that the first cause is about."""
    first = outcome.failures[0]
    step = likely_cause(first.test, first.message).get("step")
    return course.steps[course.state(step or outcome.here)].page


def terminal_width():
    return shutil.get_terminal_size().columns


def told(failure, verbose, width=0):
    """One failure: the sentence that does not hold yet, and what came.

    Lines are wrapped to a width, where one is given.
    """
    lines = [click.style(sentence(failure.test), bold=True)]
    message = [cut(x.strip(), verbose) for x in failure.message.splitlines()]
    lines += [wrapped(line, width) for line in message]
    cause = likely_cause(failure.test, failure.message).get("likely")
    if cause and "likely:" not in failure.message:
        line = wrapped(f"likely:    {cause}", width)
        lines.append(click.style(line, fg="yellow"))
    if not verbose:
        lines = lines[:MOST_LINES]
    elif failure.trace:
        lines += ["", failure.trace.rstrip()]
    return printable("\n".join([*lines, ""]))


def wrapped(line, width):
    """A line of a message, indented; the rest of it stands below."""
    rest = " " * 15 if re.match(r"[a-z ]+: ", line) else " " * 4
    return textwrap.fill(
        line,
        width or len(line) + 5,
        initial_indent=" " * 4,
        subsequent_indent=rest,
        break_on_hyphens=False,
        drop_whitespace=bool(width),
        replace_whitespace=False,
    )


def cut(line, verbose):
    whole = verbose or len(line) <= MOST_LETTERS
    return line if whole else line[:MOST_LETTERS] + " …"


def printable(text):
    """Text without what a terminal would obey or could not show."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in text if c in "\n\x1b" or c.isprintable())


def sentence(test):
    """`test_the_form_keeps_the_name` as a sentence."""
    words = test.removeprefix("test_").replace("_", " ")
    return words[:1].upper() + words[1:]


def what_next(course, chapter):
    """What there is to do when every step of a chapter is done."""
    done = f"Chapter {chapter.number} is done: every check passes."
    if chapter is course.chapters[-1]:
        return f"{done} It was the last one.\nLook back:  make progress"
    lesson = chapter.lesson.relative_to(course.root).as_posix()
    number = chapter.number + 1
    return f"{done}\nExercises  {lesson}\nNext       make start {number}"
