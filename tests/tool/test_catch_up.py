"""Catching up merges, and no command loses a byte."""

import os
import shutil
import stat

import pytest

from course.student import catch_up, copies

from .conftest import after, at, before, contents_of
from .test_loop import OWN, put_state, type_in, work  # noqa: F401


@pytest.fixture
def login(type_in, put_state):  # noqa: F811
    """A workspace in which the login is the next step."""
    type_in("start 2")
    return put_state(before("log-in"))


def saved_in(work):  # noqa: F811
    return sorted((work / ".saved").iterdir())


def test_catch_up_keeps_what_the_student_wrote(type_in, login):  # noqa: F811
    (login / "microblog" / "own.py").write_text(OWN)
    init = login / "microblog" / "__init__.py"
    init.write_text('"""My microblog."""\n\n' + init.read_text())
    said = type_in("catch-up").output
    assert f"is at the end of step {at('log-in')}" in said
    assert init.read_text().startswith('"""My microblog."""')
    assert (login / "microblog" / "own.py").read_text() == OWN
    assert f"here   {after('log-in').state}" in type_in("check").output


def test_catch_up_goes_to_the_step_that_is_named(type_in, login):  # noqa: F811
    assert (
        f"is at the end of step {at('members-only')}"
        in type_in(f"catch-up {at('members-only')}").output
    )
    assert f"here   {after('members-only').state}" in type_in("check").output
    said = type_in(f"catch-up {at('log-out')}")
    assert said.exit_code == 2
    assert f"has done step {at('log-out')} already" in said.output


def test_catch_up_follows_a_file_that_was_renamed(
    type_in,  # noqa: F811
    login,
):
    old, new = (login / "microblog" / f"{n}.py" for n in ("routes", "views"))
    old.rename(new)
    init = login / "microblog" / "__init__.py"
    init.write_text(init.read_text().replace("routes", "views"))
    said = type_in(f"catch-up {at('log-in')}").output
    assert "merged    work/02-login/microblog/views.py" in said
    assert "def login" in new.read_text()
    assert not old.exists()
    assert f"here   {after('log-in').state}" in type_in("check").output


@pytest.fixture
def conflicting(login):
    """The workspace, with lines of its own where the next step has some."""
    page = login / "microblog" / "templates" / "base.html"
    text = page.read_text()
    page.write_text(text.replace("<main>\n", "<main>\n<p>mine</p>\n"))
    return login


def test_conflicts_are_told_before_with_the_two_ways_to_go_on(
    type_in,  # noqa: F811
    conflicting,
    work,  # noqa: F811
):
    before = contents_of(conflicting)
    said = type_in("catch-up")
    assert said.exit_code == 2
    assert "in 1 place of\n    microblog/templates/base.html" in said.output
    assert f"make catch-up {at('log-in')} FRESH=1" in said.output
    assert f"make catch-up {at('log-in')} MERGE=1" in said.output
    assert contents_of(conflicting) == before
    assert not (work / ".saved").exists()


def test_a_merge_with_conflicts_names_the_halves(
    type_in,  # noqa: F811
    conflicting,
):
    page = conflicting / "microblog" / "templates" / "base.html"
    said = type_in("catch-up --merge").output
    assert "CONFLICT  work/02-login/microblog/templates/base.html" in said
    text = page.read_text()
    assert "<<<<<<< yours\n<p>mine</p>\n=======\n" in text
    assert f"\n>>>>>>> step {at('log-in')}\n" in text
    said = type_in("catch-up")
    assert said.exit_code == 2
    assert "base.html holds conflict marks" in said.output


def test_the_way_without_conflicts_is_the_courses_own_program(
    type_in,  # noqa: F811
    conflicting,
    work,  # noqa: F811
    states,
):
    before = contents_of(conflicting)
    said = type_in("catch-up --fresh").output
    assert f"the course's own program after step {at('log-in')}" in said
    (saved,) = saved_in(work)
    assert contents_of(saved) == before
    assert f"make restore {saved.name}" in said
    own = states.folder(at("log-in")) / "microblog" / "templates/base.html"
    page = conflicting / "microblog" / "templates" / "base.html"
    assert page.read_bytes() == own.read_bytes()


def test_lines_that_end_as_on_windows_are_merged_too(
    type_in,  # noqa: F811
    login,
):
    models = login / "microblog" / "models.py"
    models.write_bytes(models.read_bytes().replace(b"\n", b"\r\n"))
    assert "CONFLICT" not in type_in("catch-up").output
    assert b"def authenticate" in models.read_bytes()


def test_a_file_that_git_leaves_out_is_not_written_over(
    type_in,  # noqa: F811
    login,
    work,  # noqa: F811
):
    (login / ".gitignore").write_text("forms.py\n")
    (login / "microblog" / "forms.py").write_text(OWN)
    before = contents_of(login)
    said = type_in("catch-up")
    assert said.exit_code == 2
    assert "forms.py is in the way" in said.output
    assert contents_of(login) == before
    assert not (work / ".saved").exists()


def test_nothing_to_merge_is_said_and_nothing_is_saved(
    type_in,  # noqa: F811
    put_state,  # noqa: F811
    login,
    work,  # noqa: F811
):
    put_state("log-in")
    models = login / "microblog" / "models.py"
    right = "generate_password_hash(password)\n\n"
    wrong = right.replace("(password)", '("another")')
    models.write_text(models.read_text().replace(right, wrong))
    said = type_in("catch-up")
    assert said.exit_code == 2
    assert f"holds all that step {at('log-in')} changes" in said.output
    assert not (work / ".saved").exists()


@pytest.fixture
def odd(login):
    """A workspace with everything in it that a tool could lose."""
    login.joinpath("added.txt").write_text("added")
    login.joinpath("microblog", "latin.py").write_bytes(b"# gr\xfc\xdfe\n")
    login.joinpath("picture.png").write_bytes(bytes(range(256)))
    login.joinpath("empty").touch()
    login.joinpath("nothing in it").mkdir()
    login.joinpath(".hidden").mkdir()
    login.joinpath(".hidden", "notes").write_text("mine")
    login.joinpath("instance").mkdir()
    login.joinpath("instance", "microblog.db").write_bytes(b"\0" * 100)
    login.joinpath("grüße 日本.txt").write_text("hi", encoding="utf-8")
    with open(os.fsencode(login) + b"/odd-\xff\xfe.txt", "w") as file:
        file.write("a name that is no UTF-8")
    login.joinpath("link").symlink_to("nowhere")
    login.joinpath("run.sh").write_text("#!/bin/sh\n")
    login.joinpath("run.sh").chmod(0o755)
    login.joinpath("microblog", "static", "style.css").unlink()
    login.joinpath("microblog", "templates", "index.html").rename(
        login / "microblog" / "templates" / "front.html"
    )
    login.joinpath("microblog", "models.py").chmod(stat.S_IREAD)
    return login


@pytest.mark.parametrize(
    "line",
    [
        "check",
        "check --verbose",
        "hint",
        "compare --stat",
        "progress",
        "start 2",
        "restore",
        "restore nothing",
        "catch-up 3",
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="names that are no UTF-8")
def test_a_command_that_only_looks_changes_nothing(
    type_in,  # noqa: F811
    odd,
    line,
):
    before = contents_of(odd)
    type_in(line)
    assert contents_of(odd) == before


@pytest.mark.parametrize("line", ["catch-up --merge", "start 2 --again"])
@pytest.mark.skipif(os.name == "nt", reason="names that are no UTF-8")
def test_a_command_that_changes_keeps_every_byte(
    type_in,  # noqa: F811
    odd,
    work,  # noqa: F811
    line,
):
    before = contents_of(odd)
    said = type_in(line)
    assert said.exit_code == 0, said.output
    (saved,) = saved_in(work)
    assert contents_of(saved) == before
    after = contents_of(odd)
    type_in(f"restore {saved.name}")
    assert contents_of(odd) == before
    assert contents_of(saved) == before
    assert after in [contents_of(each) for each in saved_in(work)]


@pytest.mark.skipif(os.name == "nt", reason="names that are no UTF-8")
def test_catch_up_changes_only_what_the_pages_change(
    type_in,  # noqa: F811
    odd,
):
    before = contents_of(odd)
    said = type_in("catch-up --merge").output
    changed = {
        os.fsdecode(name)
        for name, value in contents_of(odd).items()
        if before.get(name) != value
    }
    assert changed
    for name in changed:
        assert name in said


def interrupt(monkeypatch, module, name, at):
    """Let a function stop as Ctrl-C does, at its call number `at`."""
    calls, real = [], getattr(module, name)

    def stopped(*arguments, **options):
        calls.append(name)
        if len(calls) == at:
            raise KeyboardInterrupt
        return real(*arguments, **options)

    monkeypatch.setattr(module, name, stopped)


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_merge_that_is_interrupted_can_be_undone(
    type_in,  # noqa: F811
    login,
    work,  # noqa: F811
    monkeypatch,
    at,
):
    before = contents_of(login)
    interrupt(monkeypatch, catch_up, "put", at)
    said = type_in("catch-up")
    (saved,) = saved_in(work)
    assert f"make restore {saved.name}" in said.output
    type_in(f"restore {saved.name}")
    assert contents_of(login) == before


@pytest.mark.parametrize("at", [1, 3, 6])
def test_a_copy_that_is_interrupted_is_not_taken_for_one(
    type_in,  # noqa: F811
    login,
    monkeypatch,
    at,
):
    before = contents_of(login)
    with monkeypatch.context() as patch:
        interrupt(patch, shutil, "copystat", at)
        type_in("catch-up")
    assert contents_of(login) == before
    assert "no saved copies" in type_in("restore").output


def test_start_again_that_is_interrupted_loses_nothing(
    type_in,  # noqa: F811
    login,
    work,  # noqa: F811
    monkeypatch,
):
    before = contents_of(login)
    with monkeypatch.context() as patch:
        interrupt(patch, copies, "move", 2)
        type_in("start 2 --again")
    (saved,) = saved_in(work)
    assert contents_of(saved) == before
    type_in(f"restore {saved.name}")
    assert contents_of(login) == before


def test_two_copies_in_one_second_have_two_names(
    type_in,  # noqa: F811
    login,
    work,  # noqa: F811
):
    for _ in range(4):
        type_in("start 2 --again")
    assert len(saved_in(work)) == 4
    assert type_in("restore").output.count("make restore 2") == 4


def test_a_full_disk_while_copying_changes_nothing(
    type_in,  # noqa: F811
    login,
    monkeypatch,
):
    before = contents_of(login)

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies.shutil, "copytree", full)
    said = type_in("catch-up")
    assert said.exit_code == 2
    assert "No space left on device" in said.output
    assert contents_of(login) == before


def test_catch_up_writes_through_no_link(type_in, login, tmp_path):  # noqa: F811
    outside = tmp_path / "outside"
    outside.write_text("mine")
    for name in (".forms.py.new", "forms.py.new", ".forms.py"):
        (login / "microblog" / name).symlink_to(outside)
    assert type_in("catch-up").exit_code == 0
    assert outside.read_text() == "mine"
    assert not (login / "microblog" / "forms.py").is_symlink()


def test_what_a_stopped_command_left_is_removed(type_in, login, work):  # noqa: F811
    left = [".new-02-login", ".new-7", ".saved/.unfinished-1-x"]
    for name in left:
        (work / name / "microblog").mkdir(parents=True)
    (work / ".notes-02-login.json.123").touch()
    kept = contents_of(login)
    type_in("start 2 --again")
    (saved,) = saved_in(work)
    assert contents_of(saved) == kept
    assert not [name for name in left if (work / name).exists()]
    assert not (work / ".notes-02-login.json.123").exists()


@pytest.mark.skipif(os.name == "nt", reason="pipes that are files")
def test_a_pipe_in_a_workspace_stops_no_catch_up(type_in, login, work):  # noqa: F811
    os.mkfifo(login / "pipe")
    assert type_in("catch-up").exit_code == 0
    (saved,) = saved_in(work)
    assert not (saved / "pipe").exists()
    assert (login / "pipe").exists()


def test_a_nested_repository_stops_no_catch_up(type_in, login):  # noqa: F811
    (login / "microblog" / ".git").mkdir()
    (login / "microblog" / ".git" / "HEAD").write_text("ref: refs/heads/x\n")
    for name in ("objects", "refs"):
        (login / "microblog" / ".git" / name).mkdir()
    assert type_in("catch-up").exit_code == 0
    assert (login / "microblog" / "forms.py").exists()
