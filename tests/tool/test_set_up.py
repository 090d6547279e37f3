"""Everything installed at once, and what a forge is given."""

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from course import cli, environment, requirements, set_up
from course.chapters import ROOT, Course

WORKFLOWS = [
    *ROOT.glob(".github/workflows/*.yml"),
    ROOT / "teaching/check.yml",
]


def test_after_it_no_command_installs_anything(monkeypatch, capsys):
    installed = {}
    monkeypatch.setattr(environment, "set_up", installed.update)
    set_up.set_up(Course())
    course = Course().root
    for command, group in requirements.GROUP_OF.items():
        if group not in set_up.ONLINE:
            pins = requirements.needed(ROOT, course, [command, "4"])
            assert pins.items() <= installed.items(), command
    lines = capsys.readouterr().out.splitlines()
    groups = len(requirements.GROUPS) - len(set_up.ONLINE)
    assert lines[0].startswith(f"1 of {groups}  course: chapters, chapter,")
    assert lines[-1].startswith(f"{groups} of {groups}  test: test, amend")


@pytest.mark.parametrize("browser", [None, "/usr/bin/chromium"])
def test_it_says_whether_a_browser_is_missing(monkeypatch, browser):
    monkeypatch.setattr(environment, "set_up", lambda pins: None)
    monkeypatch.setattr(set_up, "find_browser", lambda: browser)
    done = CliRunner().invoke(cli.main, ["set-up"])
    assert done.exit_code == 0
    assert ("No Chromium or Chrome" in done.output) is (browser is None)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_a_workflow_types_is_a_command(path):
    """And no step of it is trusted with more than it needs."""
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"]["contents"] == "read"
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"]
        for step in job["steps"]:
            typed = r"^(?:make|python -m course) ([\w-]+)"
            for name in re.findall(typed, step.get("run", ""), re.M):
                assert name in cli.main.commands


def test_a_container_sets_everything_up():
    folder = ROOT / ".devcontainer"
    told = json.loads((folder / "devcontainer.json").read_text("utf-8"))
    assert told["postCreateCommand"] == "make set-up"
    image = Path(folder, told["build"]["dockerfile"]).read_text("utf-8")
    assert re.search(r"^FROM python:3\.1\d", image, re.M)


def test_what_one_may_do_is_said_where_one_looks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("LICENSE", "LICENSE-TEXT"):
        assert (ROOT / name).is_file()
        assert f"]({name})" in readme
