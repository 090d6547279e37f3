"""The student's loop: a workspace is made, checked, hinted at, caught up."""

import os
import re

import click.testing
import pytest

from course import cli
from course.asides import aside
from course.chapters import Course
from course.check.examination import check
from course.pages import read_page
from course.student import notes, watch
from course.student.given import given_files
from course.student.hints import KINDS
from course.student.milestones import said_of
from course.student.workspaces import MAKEFILE

from .conftest import after, at, before, contents_of, copy_program

GIVEN = """\
One more style sheet is given, for a test of what a later chapter gives.

<details>
<summary>The style sheet</summary>

```diff
diff --git a/microblog/static/more.css b/microblog/static/more.css
new file mode 100644
--- /dev/null
+++ b/microblog/static/more.css
@@ -0,0 +1 @@
+p {}
```

</details>

## Try it"""
OWN = '\n\ndef my_own_work():\n    return "mine"\n'


@pytest.fixture
def type_in(own_course, runner_of, monkeypatch):
    """Type a command; return what it printed, with its `exit_code`."""

    def quick(workspace, **options):
        runner = runner_of(workspace.chapter.number)
        quickly = {"limit": 20, "runner": runner}
        return check(workspace, **options | quickly)

    monkeypatch.setattr(notes, "check", quick)
    monkeypatch.setattr(cli, "Course", copy_of(own_course))
    monkeypatch.delenv("MAKELEVEL", raising=False)

    def type_in(line):
        return click.testing.CliRunner().invoke(cli.main, line.split())

    return type_in


def copy_of(course):
    """A class that makes that course, as the command line calls it."""

    class Copy(Course):
        def __init__(self):
            super().__init__(course.root)

    return Copy


@pytest.fixture
def work(own_course):
    return own_course.root / "work"


@pytest.fixture
def put_state(own_course, states, work):
    """Make a started workspace hold the files of a state."""

    def put_state(text):
        state = own_course.state(text)
        folder = work / own_course.chapter(state.chapter).folder.name
        copy_program(states.folder(state), folder)
        return folder

    return put_state


# start


def test_start_makes_the_program_at_the_end_of_the_chapter_before(
    type_in, work, states
):
    said = type_in("start 2").output
    copy_program(states.folder(states.course.state("1")), work / "expected")
    (work / "expected" / "Makefile").write_bytes(MAKEFILE)
    assert contents_of(work / "02-login") == contents_of(work / "expected")
    first = states.course.chapter(2).steps[0]
    assert f"{first.state}, “{first.title}”" in said
    assert first.shown in said


def test_the_first_chapter_starts_with_what_is_given_and_no_more(
    type_in, work, states
):
    said = type_in("start 1").output
    chapter = states.course.chapter(1)
    assert chapter.steps[0].shown in said
    folder = work / "01-hashing"
    files = [path for path in folder.rglob("*") if path.is_file()]
    (name,) = given_files(chapter)
    assert {*files} == {folder / "Makefile", folder / name}
    given = (folder / name).read_bytes()
    assert given == (chapter.folder / name).read_bytes()
    assert f"Given   {name}" in said


def test_the_first_chapter_says_what_to_read_before_it(type_in, own_course):
    (primer,) = own_course.primers
    assert f"Before  chapters/{primer.name}" in type_in("start 1").output
    assert primer.name not in type_in("start 2").output


def test_what_is_given_is_put_over_what_a_chapter_before_it_made(
    type_in, put_state, work, own_course
):
    type_in("start 1")
    style = put_state("1") / "microblog/static/style.css"
    mine = style.read_text(encoding="utf-8") + "/* mine */\n"
    style.write_text(mine, encoding="utf-8")
    new = "chapters/02-login/steps/1-load-the-user.md"
    page = own_course.root / new
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("## Try it", GIVEN, 1), encoding="utf-8")
    assert "Given   microblog/static/more.css" in type_in("start 2").output
    folder = work / "02-login/microblog/static"
    assert (folder / "more.css").read_text() == "p {}\n"
    assert (folder / "style.css").read_text(encoding="utf-8") == mine


def test_start_says_where_you_are_and_changes_nothing(
    type_in, put_state, work
):
    type_in("start 2")
    put_state("log-in")
    before = contents_of(work / "02-login")
    said = type_in("start 2")
    assert said.exit_code == 2
    here = after("log-in")
    assert f"step {here.state}, “{here.title}”" in said.output
    assert contents_of(work / "02-login") == before


def test_start_again_keeps_the_old_one_and_restore_brings_it_back(
    type_in, work
):
    type_in("start 2")
    (work / "02-login" / "mine.txt").write_text("mine", encoding="utf-8")
    before = contents_of(work / "02-login")
    type_in("start 2 --again")
    assert not (work / "02-login" / "mine.txt").exists()
    (saved,) = (work / ".saved").iterdir()
    assert contents_of(saved) == before
    assert saved.name in type_in("restore").output
    type_in(f"restore {saved.name}")
    assert contents_of(work / "02-login") == before
    assert contents_of(saved) == before
    assert len(list((work / ".saved").iterdir())) == 2


def test_a_finished_chapter_is_what_the_next_one_starts_from(
    type_in, put_state, work
):
    type_in("start 1")
    (put_state("1") / "microblog" / "own.py").write_text(OWN)
    assert "your own program" in type_in("start 2").output
    assert (work / "02-login" / "microblog" / "own.py").read_text() == OWN
    type_in("start 2 --again --fresh")
    assert not (work / "02-login" / "microblog" / "own.py").exists()


def test_an_unfinished_chapter_is_not_what_the_next_one_starts_from(
    type_in, put_state, work
):
    type_in("start 1")
    (put_state("never-store-a-password") / "microblog" / "own.py").write_text(
        OWN
    )
    assert "your own program" not in type_in("start 2").output
    assert not (work / "02-login" / "microblog" / "own.py").exists()


# check


def test_check_stops_at_the_first_step_that_is_not_done(
    type_in, put_state, own_course
):
    type_in("start 2")
    put_state(before("log-in"))
    said = type_in("check")
    assert said.exit_code == 1
    here, steps = at("log-in"), own_course.chapter(2).steps
    words = ["done"] * (here.step - 1) + ["here"] + ["ahead"] * len(steps)
    lines = said.output.splitlines()[2 : 2 + len(steps)]
    assert [line.split()[:2] for line in lines] == [
        [word, str(step.state)]
        for word, step in zip(words, steps, strict=False)
    ]
    assert said.output.count("expected:") <= 3
    assert own_course.steps[here].shown in said.output
    for noise in ("pytest", "Traceback", "====", ".py::"):
        assert noise not in said.output


def test_verbose_shows_every_failure(type_in, put_state):
    type_in("start 2")
    put_state("log-in")
    said = type_in("check --verbose").output
    assert said.count("expected:") > 3


VIEW = "def index():\n"


def test_verbose_shows_what_was_printed_and_where_it_broke(type_in, put_state):
    type_in("start 1")
    routes = put_state("a-first-page") / "microblog" / "routes.py"
    text = routes.read_text(encoding="utf-8")
    wrong = f'{VIEW}    print("in the view")\n    return int("one")\n'
    text = f'print("while imported")\n{text}'.replace(VIEW, wrong)
    routes.write_text(text, encoding="utf-8")
    said = type_in("check --verbose").output
    assert "while imported" in said
    assert "in the view" in said
    assert 'File "microblog/routes.py", line' in said
    assert 'return int("one")' in said
    assert "ValueError: invalid literal" in said
    for noise in ("pytest", "pluggy", "site.py", "program-"):
        assert noise not in said


def test_verbose_ends_a_trace_with_the_line_of_a_library(type_in, put_state):
    type_in("start 1")
    page = put_state("pages-from-templates")
    routes = page / "microblog" / "routes.py"
    wrong = f'{VIEW}    return render_template("none.html")\n'
    text = routes.read_text(encoding="utf-8").replace(VIEW, wrong)
    routes.write_text(text, encoding="utf-8")
    said = type_in("check --verbose").output
    assert 'render_template("none.html")' in said
    assert 'File "flask/templating.py"' in said
    assert said.count("flask/") == said.count('File "flask/')


@pytest.mark.parametrize(
    ("typed", "next_thing"),
    [
        ("start 2.3", "Try: make start 2"),
        ("start two", "Try: make start 1"),
        ("start login", "Try: make start 2"),
        ("start 99", "Try: make start 1"),
        ("start", "Try: make start 1"),
        ("check 2.3", "Try: make check 2"),
        ("hint one", "Try: make hint 1"),
    ],
)
def test_what_is_typed_wrong_is_told_with_what_to_type(
    type_in, typed, next_thing
):
    said = type_in(typed)
    assert said.exit_code == 2
    assert said.output.endswith(f"{next_thing}\n")


def test_check_says_when_the_chapter_is_done_and_what_comes_next(
    type_in, put_state
):
    type_in("start 1")
    put_state("1")
    said = type_in("check")
    assert said.exit_code == 0
    assert "Chapter 1 is done" in said.output
    assert "make start 2" in said.output


def test_make_adds_no_error_line_of_its_own(type_in, monkeypatch):
    type_in("start 1")
    monkeypatch.setenv("MAKELEVEL", "1")
    assert type_in("check").exit_code == 0


def test_check_takes_the_workspace_worked_on_last(type_in, work):
    type_in("start 1")
    type_in("start 2")
    assert "work/02-login" in type_in("check").output
    newest = max(p.stat().st_mtime_ns for p in work.rglob("*")) + 10**9
    os.utime(work / "01-hashing", ns=(newest, newest))
    assert "work/01-hashing" in type_in("check").output
    assert "work/02-login" in type_in("check 2").output


@pytest.mark.parametrize("command", ["check", "hint", "compare", "catch-up"])
def test_without_a_workspace_it_says_how_to_start(type_in, command):
    said = type_in(command)
    assert said.exit_code == 2
    assert "make start 1" in said.output


def test_watch_checks_again_at_each_save(type_in, put_state, monkeypatch):
    type_in("start 1")
    routes = put_state("a-first-page") / "microblog" / "routes.py"

    def saves(folder, **options):
        routes.write_text("syntax error", encoding="utf-8")
        yield {"saved"}
        yield {"nothing new"}
        raise KeyboardInterrupt

    monkeypatch.setattr(watch.watchfiles, "watch", saves)
    said = type_in("check --watch").output
    first, second, last = said.split("Waiting for the next save")
    assert f"here   {after('a-first-page').state}" in first
    assert "SyntaxError" in second
    assert "routes.py, line 1" in second
    assert "Stopped." in last


# hint


def test_each_hint_reveals_a_little_more(type_in, own_course):
    type_in("start 1")
    step = own_course.steps[at("a-first-page")]
    (block, *_) = read_page(step.text).blocks
    said = [type_in("hint").output for _ in KINDS]
    for number, (text, kind) in enumerate(zip(said, KINDS, strict=True), 1):
        assert f"Hint {number} of {len(KINDS)}, {kind}" in text
    assert all("For: The front page" in text for text in said)
    look, place, shape, lines = said
    assert aside("look", block.prose) in " ".join(look.split())
    assert all(len(line) < 80 for line in look.splitlines())
    assert "In `microblog/routes.py`, a new file." in place
    assert "def index():\n        return …\n" in shape
    assert block.diff in lines
    assert "create_app" not in "".join(said), "another block is shown"
    assert f"make catch-up {step.state}" in lines


def test_hints_start_over_at_the_next_check(type_in, put_state):
    type_in("start 1")
    type_in("hint")
    assert "Hint 2" in type_in("hint").output
    put_state("a-first-page")
    said = type_in("hint").output
    assert "Hint 1" in said
    assert "For: The front page" not in said


def test_a_hint_is_about_what_is_missing(type_in, put_state):
    """The first half of the page is done, and the hint does not repeat it."""
    type_in("start 1")
    (put_state("a-first-page") / "microblog" / "__init__.py").unlink()
    for _ in KINDS[1:]:
        type_in("hint")
    said = type_in("hint").output
    assert "+def create_app(config=None):" in said
    assert "+def index():" not in said


# compare and progress


def test_compare_says_why_and_shows_the_lines_of_the_step_done_last(
    type_in, put_state, capfd
):
    type_in("start 1")
    models = put_state("never-store-a-password") / "microblog" / "models.py"
    text = models.read_text(encoding="utf-8")
    mine = text.replace("    def set_password(self, password):\n", "")
    mine = mine.replace("String(64)", "String(length=64)")
    mine = mine.replace(
        "        self.password_hash = hash_password(password)\n",
        "    def set_password(self, new):\n"
        "        self.password_hash = hash_password(new)\n",
    )
    models.write_text(mine, encoding="utf-8")
    said = type_in("compare").output
    step = at("never-store-a-password")
    assert f"Step {step}, “Never store a password”" in said
    assert "The library's pair of functions" in said
    diff = capfd.readouterr().out
    assert "--- yours/microblog/models.py" in diff
    assert "+++ the course's/microblog/models.py" in diff
    changed = re.findall(r"^[-+](?![-+]{2} )(.+)", diff, re.MULTILINE)
    assert [line.strip() for line in changed] == [
        "def set_password(self, new):",
        "self.password_hash = hash_password(new)",
        "def set_password(self, password):",
        "self.password_hash = hash_password(password)",
    ]
    type_in("compare --stat")
    assert "1 file changed" in capfd.readouterr().out


def test_compare_shows_a_step_that_is_not_done_without_its_reason(
    type_in, put_state, capfd
):
    type_in("start 1")
    put_state(before("never-store-a-password"))
    said = type_in(f"compare {at('never-store-a-password')}").output
    assert "The library's pair of functions" not in said
    assert "+    def set_password" in capfd.readouterr().out


def test_compare_says_when_nothing_differs(type_in, put_state, own_course):
    type_in("start 1")
    put_state("1")
    last = own_course.chapter(1).last
    assert f"the same as step {last}" in type_in("compare").output


def test_progress_shows_each_chapter_and_step(type_in, put_state, own_course):
    type_in("start 1")
    put_state("a-table-of-users")
    said = type_in("progress").output
    done, last = at("a-table-of-users").step, own_course.chapter(1).last
    whole = f"{done} of {last.step} steps"
    assert f"Chapter 1, work/01-hashing, {whole}" in said
    assert f"here   {after('a-table-of-users').state}" in said
    assert "not started: make start 2" in said


def test_a_broken_file_of_notes_is_found_out_anew(type_in, work, own_course):
    type_in("start 1")
    type_in("check")
    (work / ".notes-01-hashing.json").write_text("{", encoding="utf-8")
    last = own_course.chapter(1).last
    assert f"0 of {last.step} steps" in type_in("progress").output


def test_what_was_built_is_told_without_the_links_of_a_page(own_course):
    for step in own_course.steps.values():
        said = said_of(own_course.chapter(step.state.chapter), step)
        assert not {*"[]\n"} & {*said}, f"{step.state}: {said}"


# restore


def test_each_step_done_is_a_saved_copy(type_in, put_state, work, own_course):
    type_in("start 1")
    slugs = [step.slug for step in own_course.chapter(1).steps[:2]]
    told = []
    for slug in (slugs[0], *slugs):
        folder = put_state(slug)
        told.append(" ".join(type_in("check").output.split()))
    built = f"Step {at(slugs[0])} is done. You have built a program that makes"
    assert [built in text for text in told] == [True, False, False]
    said = type_in("restore").output
    for slug in slugs:
        assert said.count(f"01-hashing, step {at(slug)} done, as it was") == 1
    before = contents_of(folder)
    (saved,) = (work / ".saved").glob(f"*.{slugs[1]}")
    (folder / "microblog" / "routes.py").unlink()
    type_in(f"restore {saved.name}")
    assert contents_of(folder) == before
