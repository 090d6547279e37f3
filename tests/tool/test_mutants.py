"""Mutants: a program without one of its pieces."""

from course.bench.mutants import mutants_of

PROGRAM = '''\
"""A docstring is no piece."""

@twice
def shown(name="anna"):
    return {"name": hide(name, by=1)}
'''


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
