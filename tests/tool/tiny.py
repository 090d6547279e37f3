"""A course of another program: plain WSGI, no Flask, nothing that is kept.

Two chapters, four steps, the third of which is a refactoring step, and two
exercises, the second of which asks for thought.
"""

from pathlib import Path
from textwrap import dedent

from .small import course_of

PROGRAM = '''
"""What the tool has to know about this program."""

from contextlib import nullcontext

PACKAGE = "tiny"
PRELOAD = []
STEERING = ("TINY",)
PEOPLE = []
SHELL = ["-c", "import tiny; print(sorted(vars(tiny)))"]


def database_of(place):
    return None


def own_settings(place):
    return {}


def environment(place):
    return {"TINY_PREFIX": place.prefix}


def make(package, place=None, extra=None):
    return package.make_app()


def prepare(app, place):
    pass


def shape(app):
    return ()


def raise_errors(app):
    pass


def services(course, state):
    return nullcontext({})


def who(course, app):
    return [], ""


def scenes(page):
    page.goto("./?name=you")
    yield "visitor"
'''

HELLO = """
def make_app():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<h1>Hello</h1>"]

    return app


def version():
    return "1.0"
"""

GREET = """
from urllib.parse import parse_qs


def make_app():
    def app(environ, start_response):
        name = parse_qs(environ["QUERY_STRING"]).get("name", ["you"])[0]
        start_response("200 OK", [("Content-Type", "text/html")])
        return [f"<h1>Hello, {name.title()}</h1>".encode()]

    return app


def version():
    return "1.0"
"""

PAGE = """
def page(text):
    return [f"<h1>{text}</h1>".encode()]
"""

MOVED = GREET.replace(
    'return [f"<h1>Hello, {name.title()}</h1>".encode()]',
    'return page(f"Hello, {name.title()}")',
).replace("parse_qs\n", "parse_qs\n\nfrom .pages import page\n", 1)

COUNTED = MOVED
for old, new in (
    ("make_app():\n", "make_app():\n    visits = []\n\n"),
    ("        start", "        visits.append(name)\n        start"),
    ("title()}", "title()}: {len(visits)}"),
):
    COUNTED = COUNTED.replace(old, new)

COMMITS = [
    (
        "# Say hello\n\nA program is a function.\n\nChapter: 01-hello",
        {"tiny/__init__.py": HELLO},
    ),
    (
        "# Greet by name\n\nThe address says who.\n\nChapter: 01-hello",
        {"tiny/__init__.py": GREET},
    ),
    (
        "# Give pages a module\n\n**A refactoring step**: nothing changes for "
        "a visitor.\n\nChapter: 02-count",
        {"tiny/__init__.py": MOVED, "tiny/pages.py": PAGE},
    ),
    (
        "# Count visits\n\nA list is enough.\n\nChapter: 02-count",
        {"tiny/__init__.py": COUNTED, "tiny/pages.py": PAGE},
    ),
]

FILES = {
    "program.py": PROGRAM,
    "pyproject.toml": """
        [tool.pytest.ini_options]
        addopts = "-q -p course.matrix --import-mode=importlib"
        """,
    "tests/conftest.py": '''
        import pytest

        from course.loading import load_package


        @pytest.fixture
        def ask(state, program_of):
            """Ask the program of a state for a page; return its text."""
            folder = program_of(state)
            assert folder and (folder / "tiny").is_dir(), "no program yet"
            app = load_package(state, folder, "tiny").make_app()

            def ask(name=""):
                query = {"QUERY_STRING": f"name={name}"}
                return b"".join(app(query, lambda *answer: None)).decode()

            return ask
        ''',
    "tests/chapters/01-hello/test_hello.py": """
        import pytest


        @pytest.mark.since("say-hello")
        def test_the_page_says_hello(ask):
            assert "Hello" in ask(), "the page does not say hello"


        @pytest.mark.since("greet-by-name")
        @pytest.mark.retired_by("be-loud", because="it is all in capitals")
        def test_whoever_gives_a_name_is_greeted_by_it(ask):
            assert "Ada" in ask("ada"), "the page does not say the name"
        """,
    "tests/chapters/01-hello/exercises/test_be_loud.py": """
        import pytest

        pytestmark = pytest.mark.exercise("be-loud")


        def test_the_name_is_in_capitals(ask):
            assert "ADA" in ask("ada"), "the name is not in capitals"


        @pytest.mark.exercise("be-loud", holds=True)
        def test_a_visitor_is_greeted_still(ask):
            assert "Hello" in ask(), "the page does not say hello"
        """,
    "tests/chapters/02-count/test_count.py": """
        import pytest


        @pytest.mark.since("count-visits")
        def test_the_second_visit_is_counted(ask):
            ask()
            assert "2" in ask(), "the page does not count"
        """,
    "chapters/01-hello/README.md": """
        # 1. Hello

        1. [Say hello](steps/1-say-hello.md)
        2. [Greet by name](steps/2-greet-by-name.md)
        """,
    "chapters/01-hello/exercises/1-be-loud.md": """
        # Be loud

        Greet everyone in capitals.

        ## Done when

        - Ada is ADA.

        <details>
        <summary>One worked way, and why</summary>

        A text knows how it looks in capitals; nobody has to spell it out.

        ```diff
        diff --git a/tiny/__init__.py b/tiny/__init__.py
        --- a/tiny/__init__.py
        +++ b/tiny/__init__.py
        @@ -8,4 +8,4 @@ def make_app():
                 start_response("200 OK", [("Content-Type", "text/html")])
        -        return [f"<h1>Hello, {name.title()}</h1>".encode()]
        +        return [f"<h1>Hello, {name.upper()}</h1>".encode()]

             return app

        ```

        </details>
        """,
    "chapters/01-hello/exercises/2-who-is-ada.md": """
        # Who is Ada?

        Think about it.
        """,
    "chapters/02-count/README.md": """
        # 2. Count

        1. [Give pages a module](steps/1-give-pages-a-module.md)
        2. [Count visits](steps/2-count-visits.md)
        """,
}


def tiny_course(root):
    """Write the course into a folder; return it."""
    stripped = [
        (message, {name: text.lstrip() for name, text in files.items()})
        for message, files in COMMITS
    ]
    course = course_of(root, stripped)
    for name, text in FILES.items():
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip(), encoding="utf-8")
    return course
