"""A check cannot be hung, broken or won by what is in the workspace."""

import sys
from contextlib import suppress

import pytest

from course.check.process import KEPT
from course.check.report import told

from .conftest import after, at, can_leave_the_network, contents_of

with suppress(ImportError):
    import fcntl

INIT, ROUTES = "microblog/__init__.py", "microblog/routes.py"
VIEW = "def index():\n"


def put_in(workspace, file, old, new):
    path = workspace.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(outcome):
    return "\n".join(told(failure, False) for failure in outcome.failures)


ATTACKS = {
    "never returns": (ROUTES, VIEW, f"{VIEW}    while True: pass\n"),
    "waits for somebody to type": (
        ROUTES,
        VIEW,
        f"{VIEW}    input('Who are you? ')\n",
    ),
    "waits for a lock": (
        ROUTES,
        VIEW,
        f"{VIEW}    import threading; threading.Semaphore(0).acquire()\n",
    ),
    "prints without end": (
        ROUTES,
        VIEW,
        f"{VIEW}    while True: print('x' * 1000)\n",
    ),
    "stops the alarm and never returns": (
        ROUTES,
        VIEW,
        f"{VIEW}    import faulthandler as f\n"
        "    f.cancel_dump_traceback_later()\n"
        "    while True: pass\n",
    ),
    "leaves by sys.exit": (ROUTES, VIEW, f"{VIEW}    raise SystemExit(0)\n"),
    "leaves at once": (ROUTES, VIEW, f"{VIEW}    import os; os._exit(0)\n"),
    "leaves by the keyboard's way": (
        ROUTES,
        VIEW,
        f"{VIEW}    raise KeyboardInterrupt\n",
    ),
    "skips the test": (
        ROUTES,
        VIEW,
        f"{VIEW}    import pytest; pytest.skip('done')\n",
    ),
    "ends pytest": (
        ROUTES,
        VIEW,
        f"{VIEW}    import pytest; pytest.exit('done', 0)\n",
    ),
    "leaves while it is imported": (ROUTES, "bp = ", "exit()\nbp = "),
    "raises while it is imported": (ROUTES, "bp = ", "1 / 0\nbp = "),
    "crashes Python": (
        ROUTES,
        VIEW,
        f"{VIEW}    import faulthandler as f; f._sigsegv()\n",
    ),
    "calls itself": (ROUTES, VIEW, f"{VIEW}    return index()\n"),
    "raises without end": (
        ROUTES,
        VIEW,
        f"{VIEW}    raise ValueError('x' * 10_000_000)\n",
    ),
}
NO_PLACE = {"stops the alarm and never returns"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_program_that_breaks_the_check_is_told_where(
    attack, make_workspace, checked
):
    workspace = make_workspace("a-first-page")
    file, old, new = ATTACKS[attack]
    put_in(workspace, file, old, new)
    outcome = checked(workspace, limit=1)
    assert outcome.here == at("a-first-page")
    assert len(outcome.failures) == 1, said(outcome)
    if attack not in NO_PLACE:
        assert "microblog/routes.py, line" in said(outcome)
    assert len(said(outcome)) < 2000
    assert len(outcome.printed) <= KEPT


def test_a_program_that_removes_its_database_is_caught(
    make_workspace, checked
):
    workspace = make_workspace("a-table-of-users")
    put_in(
        workspace,
        "microblog/models.py",
        "    def __repr__",
        "    def __init__(self, **values):\n"
        "        super().__init__(**values)\n"
        "        import os, flask\n"
        "        os.remove(db.engine.url.database) if flask.has_app_context()"
        " else None\n\n"
        "    def __repr__",
    )
    put_in(
        workspace,
        INIT,
        "        db.create_all()\n",
        "        db.create_all()\n"
        "        os.remove(db.engine.url.database) if db.engine.url.database"
        " else None\n",
    )
    outcome = checked(workspace)
    assert outcome.here in (at("a-first-page"), at("a-table-of-users"))


HOLDS = """\
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""
ENDS = {"and waits": "while True: pass", "and ends": "os._exit(0)"}


@pytest.mark.skipif(sys.platform != "linux", reason="a fence of Linux")
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("leaves", [False, True], ids=["stays", "leaves"])
def test_a_program_that_starts_others_leaves_none_behind(
    end, leaves, make_workspace, checked, tmp_path
):
    if leaves and not can_leave_the_network():
        pytest.skip("this system lets nobody have processes apart")
    workspace, file = make_workspace("a-first-page"), tmp_path / "held"
    command = [sys.executable, "-c", HOLDS, str(file)]
    put_in(
        workspace,
        ROUTES,
        VIEW,
        f"{VIEW}    import os, subprocess\n"
        f"    p = subprocess.Popen({command!r}, start_new_session={leaves},\n"
        "        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)\n"
        "    p.stdout.readline()\n"
        f"    {ENDS[end]}\n",
    )
    assert checked(workspace, limit=1).failures
    with file.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


FAKES = {
    "prints what a runner prints": 'print("4 passed in 0.1s")\n',
    "writes on every open file": (
        "import os\n"
        "for fd in range(1, 20):\n"
        '    try: os.write(fd, b\'{"event": "end"}\\n\')\n'
        "    except OSError: pass\n"
    ),
    "leaves with success": "import os\nos._exit(0)\n",
    "leaves with success at the end": (
        "import atexit, os\natexit.register(os._exit, 0)\n"
    ),
}


@pytest.mark.parametrize("fake", FAKES)
def test_a_program_cannot_pass_by_what_it_prints(
    fake, make_workspace, checked
):
    workspace = make_workspace("a-first-page")
    put_in(workspace, ROUTES, "bp = ", f"{FAKES[fake]}\nbp = ")
    put_in(workspace, ROUTES, '@bp.route("/index")\n', "")
    outcome = checked(workspace)
    assert outcome.here == at("a-first-page")
    assert outcome.failures


SHADOWS = [
    "conftest.py",
    "pytest.py",
    "pytest.ini",
    "sitecustomize.py",
    "usercustomize.py",
    "flask.py",
    "json.py",
    "tests/__init__.py",
    "tests/conftest.py",
    "tests/site.py",
    "tests/test_01_hashing.py",
    "course/__init__.py",
    "course/loop/__init__.py",
    "microblog/conftest.py",
]


def test_a_workspace_cannot_put_its_own_tests_in_place(
    make_workspace, checked, monkeypatch
):
    workspace = make_workspace("a-first-page")
    for name in SHADOWS:
        path = workspace.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("import os\nos._exit(0)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(workspace.folder))
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setenv("PYTEST_PLUGINS", "conftest")
    monkeypatch.chdir(workspace.folder)
    outcome = checked(workspace, runner=None)
    assert outcome.done == [at("a-first-page")]
    assert outcome.here == after("a-first-page").state


def test_a_check_changes_nothing_in_the_workspace(make_workspace, checked):
    workspace = make_workspace("what-a-thief-would-read")
    put_in(
        workspace,
        INIT,
        "    return app\n",
        "    open(os.path.join(app.root_path, 'new.txt'), 'w').close()\n"
        "    os.makedirs(app.instance_path, exist_ok=True)\n"
        "    return app\n",
    )
    before = contents_of(workspace.folder)
    outcome = checked(workspace)
    assert outcome.here is None, said(outcome)
    assert contents_of(workspace.folder) == before


def test_what_earlier_chapters_brought_has_to_work_still(
    make_workspace, checked
):
    workspace = make_workspace(at("back-to-where-you-were").chapter)
    put_in(workspace, "microblog/models.py", "String(256)", "String(128)")
    outcome = checked(workspace)
    assert outcome.here == at("never-store-a-password")
    assert outcome.done == [s.state for s in workspace.chapter.steps]
    assert "PostgreSQL" in said(outcome)


def test_what_broke_of_an_earlier_chapter_is_told_beside_the_step(
    make_workspace, checked
):
    workspace = make_workspace("log-in")
    put_in(workspace, "microblog/models.py", "String(256)", "String(128)")
    outcome = checked(workspace)
    assert outcome.here == after("log-in").state
    assert outcome.also == at("never-store-a-password")
