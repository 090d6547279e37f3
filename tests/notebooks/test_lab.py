"""Jupyter Lab, as `make lab` opens it, driven in a browser."""

import json
import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.chapters import ROOT, Course
from course.explore.copies import bring
from course.explore.lab import is_root, lab_command, lab_settings
from course.explore.notebooks import settings
from course.student.restoration import restore

from .conftest import code_cells, read_file, write_file

SLIDER = ".jp-OutputArea .widget-slider [role=slider]"
DRAWN = ".jp-OutputArea .widget-html"
ERROR = ", ".join(
    f'.jp-OutputArea [data-mime-type="application/vnd.jupyter.{kind}"]'
    for kind in ("error", "stderr")
)
LIVE = ["hashes-01", "scrypt_slider()"]
LIVE += ["cookies-01", "# no key was given", "cookie_editor("]


@pytest.fixture
def root(tmp_path):
    """A course beside this one, with the live cells of its notebooks."""
    for name in ("chapters", "course", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / "course" / name)
    root = tmp_path / "course"
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    cells = [c for p in paths for c in read_file(p).cells]
    notebook = read_file(paths[0])
    notebook.cells = [c for c in cells if live(c)]
    assert len(notebook.cells) == len(LIVE)
    write_file(notebook, paths[0])
    return root


def live(cell):
    return any(each == cell.id or each in cell.source for each in LIVE)


def tracked(root):
    return {p: p.read_bytes() for p in (root / "notebooks").glob("*.*")}


@contextmanager
def lab(root, *options):
    """Jupyter Lab, running; gives the address that it prints."""
    options = ["--no-browser", "--ServerApp.port=0", *options]
    environment = lab_settings(root)
    server = subprocess.Popen(
        lab_command(root, options),
        env=environment,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    drain = threading.Thread(target=server.stderr.read)
    try:
        *_, last = lines_until(server.stderr, "/lab/tree/")
        drain.start()
        yield last.split()[-1]
    finally:
        server.terminate()
        server.wait(30)
        if drain.ident:
            drain.join()
        server.stderr.close()


def lines_until(lines, text):
    said = []
    for line in lines:
        said.append(line)
        yield line
        if "http://127.0.0.1" in line and text in line:
            return
    raise AssertionError(f"Jupyter Lab never got ready: {''.join(said)}")


def test_what_is_live_answers_and_only_the_copy_is_written(browser, root):
    """Offline: every request goes to this machine, and nobody is asked."""
    asked, before = [], tracked(root)
    copy = bring(Course(root)) / "01-hashes.ipynb"
    with lab(root) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(60_000)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        assert page.locator(".jp-OutputArea-output").count() == 0, "cleared"
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()

        page.locator(f"textarea.widget-input, {ERROR}").first.wait_for()
        assert page.locator(ERROR).all_text_contents() == []
        hashes, cookie = page.locator(DRAWN).first, page.locator(DRAWN).last
        assert "N = 32,768" in hashes.inner_text()
        page.locator(SLIDER).first.focus()
        page.keyboard.press("ArrowRight")
        hashes.get_by_text("N = 65,536").wait_for()

        payload = page.locator("textarea.widget-input")
        cookie.get_by_text("✓ it fits").wait_for()
        assert "susan" in cookie.inner_text()
        payload.fill(payload.input_value().replace('_id":"1"', '_id":"2"'))
        cookie.get_by_text("✗ it does not fit").wait_for()
        cookie.get_by_text("nobody").wait_for()
        page.get_by_placeholder("the old signature stays").fill("dev")
        cookie.get_by_text("david").wait_for()
        assert "✓ it fits" in cookie.inner_text()

        page.get_by_role("menuitem", name="File", exact=True).click()
        page.get_by_text("Save Notebook", exact=True).click()
        page.locator(".jp-mod-dirty").wait_for(state="detached")
        assert page.get_by_text("Jupyter news").count() == 0
        page.close()
    kept = read_file(copy)
    assert any(cell.outputs for cell in kept.cells), "the copy was saved"
    assert tracked(root) == before, "what is tracked was not touched"
    here = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
    away = [url for url in asked if not url.startswith(here)]
    assert not away, f"Jupyter Lab asked for {away}"


class TestTheCopies:
    """`make lab`, `make lab AGAIN=1` and `make restore`."""

    @pytest.fixture
    def course(self, tmp_path):
        for name in ("chapters", "notebooks"):
            shutil.copytree(ROOT / name, tmp_path / name)
        return Course(tmp_path)

    def read(self, folder, name="02-session-cookies.ipynb"):
        return read_file(folder / name)

    def write(self, folder, text):
        notebook = self.read(folder)
        notebook.cells[2].source = text
        write_file(notebook, folder / "02-session-cookies.ipynb")

    def test_have_every_cell_and_no_output(self, course):
        before = tracked(course.root)
        folder = bring(course)
        assert folder == course.root / "work" / "notebooks"
        names = [path.name for path in before if path.suffix == ".ipynb"]
        assert sorted(p.name for p in folder.iterdir()) == sorted(names)
        for name in names:
            kept = self.read(course.root / "notebooks", name)
            own = self.read(folder, name)
            assert [c.id for c in own.cells] == [c.id for c in kept.cells]
            for cell in code_cells(own):
                assert cell.outputs == []
                assert cell.execution_count is None
        assert tracked(course.root) == before

    def test_have_links_that_lead_somewhere(self, course):
        folder = bring(course)
        for path in folder.glob("*.ipynb"):
            text = path.read_text(encoding="utf-8")
            links = re.findall(r"\]\(([.\w/-]+\.\w+)\)", text)
            assert links, "to a lesson, at least"
            for link in links:
                assert (folder / link).exists(), f"{path.name}: {link}"

    def test_are_not_changed_by_a_second_call(self, course):
        folder = bring(course)
        self.write(folder, "my own words")
        bring(course)
        assert self.read(folder).cells[2].source == "my own words"

    def test_come_back_one_by_one_when_they_are_missing(self, course):
        folder = bring(course)
        (folder / "01-hashes.ipynb").unlink()
        bring(course)
        assert (folder / "01-hashes.ipynb").exists()

    def test_are_made_anew_and_the_old_ones_come_back(self, course):
        folder = bring(course)
        self.write(folder, "my own words")
        bring(course, again=True)
        assert self.read(folder).cells[2].source != "my own words"
        (saved,) = (course.root / "work" / ".saved").iterdir()
        assert saved.name.endswith("-notebooks")
        assert f"make restore {saved.name}" in restore(course)
        restore(course, saved.name)
        assert self.read(folder).cells[2].source == "my own words"

    def test_stay_when_the_course_has_a_new_edition(self, course, capsys):
        folder = bring(course)
        assert "has changed" not in capsys.readouterr().out
        self.write(course.root / "notebooks", "a new edition")
        bring(course)
        said = capsys.readouterr().out
        assert "02-session-cookies.ipynb has changed since" in said
        assert "make lab AGAIN=1" in said
        assert self.read(folder).cells[2].source != "a new edition"

    def test_may_be_broken(self, course):
        (bring(course) / "01-hashes.ipynb").write_text("[]")
        bring(course)


def test_a_kernel_finds_the_course_in_any_folder(tmp_path):
    """An editor starts `.venv`'s Python by itself: nothing tells it where."""
    code = "import course.explore.asking; print(course.__file__)"
    said = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert str(ROOT / "course") in said.stdout, said.stderr


def test_its_kernel_is_the_courses_own(root, tmp_path):
    """Also where a person has a kernel of the same name."""
    own = tmp_path / "home/.local/share/jupyter/kernels/python3"
    own.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "mine", "language": "python"}
    (own / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    environment = settings(root) | {"HOME": str(tmp_path / "home")}

    listed = subprocess.check_output(
        [
            sys.executable,
            "-m",
            "jupyter_client.kernelspecapp",
            "list",
            "--json",
        ],
        env=environment,
    )
    kernels = json.loads(listed)["kernelspecs"]
    place = Path(kernels["python3"]["resource_dir"])
    assert place.is_relative_to(sys.prefix), f"the kernel is from {place}"
    assert json.loads((own / "kernel.json").read_text()) == spec, "untouched"


def test_it_listens_on_this_machine_and_asks_for_no_news(root):
    command = " ".join(lab_command(root))
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "NeverCheckForUpdate" in command
    assert "/lab/tree/work/notebooks/" in command, "the copies"
    assert ("allow_root=True" in command) == is_root(), "in a container"
    folder = Path(lab_settings(root)["JUPYTER_CONFIG_DIR"])
    kept = (folder / "labconfig/default_setting_overrides.json").read_text()
    notes = json.loads(kept)["@jupyterlab/apputils-extension:notification"]
    assert notes == {"checkForUpdates": False, "fetchNews": "false"}


def test_a_persons_settings_of_the_program_stay_outside(root, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a-real-database")
    monkeypatch.setenv("SECRET_KEY", "a real key")
    assert not {"DATABASE_URL", "SECRET_KEY"} & set(settings(root))
