"""What a check found, for the person at the terminal."""

import re
import shutil
import textwrap

import click

COLOURS = {"done": "green", "here": "yellow"}
NOTES = {
    "free": "  (changes no behaviour: nothing to check)",
    "none": "  (has no checks)",
    "held": "  (held up by the fault below)",
}
TOLD_BELOW = ("came back:", "expected:", "The program raised", "(")
MOST_LINES = 24
MOST_CHANGED = 8
MOST_LETTERS = 400


def tell(workspace, outcome, verbose=False):
    """Print the steps, what failed, and what to read or do next.

    Returns whether the chapter is done.
    """
    number = workspace.chapter.number
    click.secho(f"Chapter {number}, {workspace.shown}\n", bold=True)
    for line in step_lines(workspace, outcome):
        click.echo(line)
    for path in workspace.too_large():
        click.echo(f"\n  {path.name} is left out: a file of over 50 MB.")
    click.echo()
    tell_failures(outcome, verbose)
    click.echo("\n".join(what_next(workspace, outcome)))
    return outcome.is_done(workspace.chapter)


def tell_failures(outcome, verbose):
    """Print what failed, and with `verbose` all that is known."""
    failures = outcome.failures if verbose else outcome.failures[:3]
    for failure in failures:
        click.echo(told(failure, verbose, shutil.get_terminal_size().columns))
    for line in told_changes(outcome):
        click.echo(line)
    if verbose and outcome.printed:
        click.secho("What the program printed\n", bold=True)
        click.echo(printable(outcome.printed))


def told_changes(outcome):
    """What was changed since it held: each line, or where, if it is much."""
    if not outcome.changes:
        return
    title = f"It held when step {outcome.since} was done. Changed since then"
    yield click.style(title, bold=True)
    few = is_little(outcome.changes)
    for file, line, old, new in outcome.changes if few else []:
        yield f"    {file}, line {line}"
        for sign, lines in ("-", old), ("+", new):
            yield from (f"{'':8}{sign} {printable(x.strip())}" for x in lines)
    for file in [] if few else dict.fromkeys(c.file for c in outcome.changes):
        lines = [c.line for c in outcome.changes if c.file == file]
        ends = f"{lines[0]} to {lines[-1]}" if lines[1:] else lines[0]
        yield f"    {file}, {'lines' if lines[1:] else 'line'} {ends}"
    yield ""


def is_little(changes):
    """Whether some Changes are so few lines that all can be shown."""
    return sum(len(c.old) + len(c.new) for c in changes) <= MOST_CHANGED


def step_lines(workspace, outcome):
    """`done  2.1  Load the user`, a line for each step of a chapter."""
    chapter = workspace.chapter
    if outcome.here and outcome.here.chapter < chapter.number:
        yield step_line(workspace.course.steps[outcome.here], outcome)
    for step in chapter.steps:
        yield step_line(step, outcome)


def step_line(step, outcome):
    word = how(step, outcome)
    text = f"  {word:<5}  {step.state}  {step.title}{NOTES.get(word, '')}"
    return click.style(text, fg=COLOURS.get(word), bold=word == "here")


def how(step, outcome):
    """A word for a step: what it is that the check says of it."""
    if step.state == outcome.here:
        return "here"
    if not outcome.has_checks(step):
        return "free" if step.is_refactoring else "none"
    if step.state in outcome.done:
        return "done"
    return "held" if outcome.here and step.state < outcome.here else "ahead"


def what_next(workspace, outcome):
    """What to read or type, when the check has said its own."""
    if not outcome.here:
        return when_nothing_fails(workspace, outcome)
    pages = [page_to_read(workspace.course, outcome)]
    lines = [*before_it(workspace, outcome), shown(workspace, pages[0])]
    lines[0] = f"Read   {lines[0]}"
    lines[1:] = [f"       {line}" for line in lines[1:]]
    if outcome.also:
        step = workspace.course.steps[outcome.also]
        also = f"Also   {step.state}, “{step.title}”, holds no longer"
        lines.insert(0, also)
    return [*lines, "Stuck  make hint"]


def before_it(workspace, outcome):
    """The pages between the step that is here and the last that is done."""
    return [
        f"{shown(workspace, step.page)}{NOTES[how(step, outcome)]}"
        for step in outcome.open_steps(workspace.chapter)
        if step.state < outcome.here and not outcome.has_checks(step)
    ]


def shown(workspace, path):
    return path.relative_to(workspace.course.root).as_posix()


def page_to_read(course, outcome):
    """The page of the step that is not done."""
    return course.steps[outcome.here].page


def when_nothing_fails(workspace, outcome):
    """What there is to do when every check of a chapter passes."""
    chapter, course = workspace.chapter, workspace.course
    said = verdict(chapter, outcome)
    exercises = f"Exercises  {shown(workspace, chapter.lesson)}"
    if chapter is course.chapters[-1]:
        last = f"{said} It was the last one."
        return [last, exercises, "Look back  make progress"]
    return [said, exercises, f"Next       make start {chapter.number + 1}"]


def verdict(chapter, outcome):
    if not outcome.done:
        return f"{no_checks(chapter)}: nothing here can say what is done."
    if outcome.is_done(chapter):
        return f"Chapter {chapter.number} is done: every check passes."
    steps = [s for s in chapter.steps if how(s, outcome) == "none"]
    named = " and ".join(str(step.state) for step in steps)
    return f"Every check passes, but there are none for {named}."


def no_checks(chapter):
    return f"Chapter {chapter.number} has no checks"


def told(failure, verbose, width=0):
    """One failure: the sentence that does not hold yet, and what came.

    Lines are wrapped to a width, where one is given.
    """
    lines = [click.style(sentence(failure.test), bold=True)]
    message = [x.strip() for x in printable(failure.message).splitlines()]
    if tells_of_an_exception(failure):
        message = [x for x in message if not x.startswith(TOLD_BELOW)]
    lines += [wrapped(cut(line, verbose), width) for line in message]
    lines += evidence(failure, width)
    if not verbose:
        lines = lines[:MOST_LINES]
    elif failure.trace:
        lines += ["", printable(failure.trace).rstrip()]
    return "\n".join([*lines, ""])


def tells_of_an_exception(failure):
    """Whether the fact is an exception, which the message names as well."""
    name = failure.said.partition(":")[0]
    return bool(name) and name in failure.message


def evidence(failure, width):
    """The chain up to the broken link, the fact, and the line it is in."""
    if not failure.said:
        return
    *held, (broken, _) = failure.links
    if held:
        names = list(dict.fromkeys(name for name, _ in held))
        yield wrapped(f"ok:        {' → '.join(names)}", width)
    first, *more = printable(failure.said).splitlines()
    lines = [
        f"no:        {broken}: {first}",
        *(f"           {x}" for x in more),
    ]
    for line in lines:
        yield click.style(wrapped(line, width), fg="yellow")
    if failure.place:
        file, line, text = failure.place
        yield f"{'':15}{file}, line {line}"
        yield f"{'':19}{printable(text)}"


def wrapped(line, width):
    """A line of a message, indented; the rest of it stands below."""
    rest = " " * 15 if re.match(r"[a-z ]+: |  +", line) else " " * 4
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
    text = text.encode("utf-8", "replace").decode("utf-8").expandtabs()
    return "".join(c for c in text if c == "\n" or c.isprintable())


def sentence(test):
    """`test_the_form_keeps_the_name` as a sentence."""
    words = test.removeprefix("test_").replace("_", " ")
    return words[:1].upper() + words[1:]
