"""Mutants: a program without one of its pieces."""

import pytest

from course.bench import mutants as bench
from course.bench.mutants import mutants, mutants_of, reasons, told
from course.chapters import Course
from course.student.workspaces import Workspace

PROGRAM = '''\
"""A docstring is no piece."""

@twice
def shown(name="anna"):
    return {"name": hide(name, by=1)}
'''
CHAPTERS = Course().chapters


def test_each_piece_of_a_module_is_deleted_once():
    deleted = dict(mutants_of(".py", PROGRAM))
    assert sorted(deleted) == [
        "'anna' in shown",
        "'name' in shown",
        "@twice def shown(name='anna'): return {'name': hide(name, by",
        "by=1 in shown",
        "name in shown",
        "return {'name': hide(name, by=1)} in shown",
        "twice in shown",
    ]
    assert "hide(name)" in deleted["by=1 in shown"]
    assert "pass" in deleted["return {'name': hide(name, by=1)} in shown"]


def test_a_template_loses_one_line_after_the_other():
    assert list(mutants_of(".html", "<p>\n\n  a\n")) == [
        ("<p>", "\n  a\n"),
        ("a", "<p>\n\n"),
    ]


def test_a_piece_that_is_there_twice_has_two_names(tmp_path):
    (tmp_path / "page.html").write_text("<p>\n<p>\n")
    names = [name for _, name, _ in mutants(Workspace(None, None, tmp_path))]
    assert names == ["page.html: <p>", "page.html: <p> (2)"]


def test_the_list_of_survivors_has_to_be_true(small, monkeypatch, capsys):
    verdicts = [(".py", "app.py: a", False), (".py", "app.py: b", True)]
    monkeypatch.setattr(bench, "verdicts", lambda *_: verdicts)
    chapter = small.chapters[0]
    assert told(small, chapter) == 1
    assert "SURVIVED  app.py: a\n" in capsys.readouterr().out
    path = small.root / "tests" / "chapters" / "01-one" / "survivors.txt"
    path.parent.mkdir(parents=True)
    path.write_text("app.py: a  # a matter of taste\n")
    assert told(small, chapter) == 0
    assert "a matter of taste  app.py: a\n" in capsys.readouterr().out
    path.write_text("app.py: a  # so\napp.py: b  # so\n")
    assert told(small, chapter) == 1
    said = capsys.readouterr().out
    assert "LISTED, AND NO SURVIVOR  app.py: b\n" in said
    assert "one .py: 1 of 2 noticed" in said


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda each: each.name)
def test_each_listed_survivor_is_a_piece_and_has_a_reason(chapter, states):
    folder = states.folder(chapter.last)
    own = Workspace(states.course, chapter, folder)
    listed = reasons(states.course, chapter)
    assert listed.keys() <= {name for _, name, _ in mutants(own)}
    assert all(listed.values())


def test_a_mutant_is_noticed_by_the_check_or_survives(monkeypatch):
    noticed = "microblog/models.py: self.password_hash is not None "
    noticed += "in User.check_password"
    survivor = "microblog/models.py: 64 in User.username"
    some = {noticed: True, survivor: False}
    monkeypatch.setattr(
        bench,
        "mutants",
        lambda own: [each for each in mutants(own) if each[1] in some],
    )
    found = bench.verdicts(Course(), CHAPTERS[0])
    assert {name: seen for _, name, seen in found} == some
