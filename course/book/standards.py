"""What standards ask of the program, and the tests that answer."""

import tomllib
from dataclasses import dataclass


@dataclass
class Asked:
    """One requirement: tests that show it, the chapter that will, or both."""

    of: str
    id: str
    what: str
    tests: list = ()
    chapter: int | None = None

    @property
    def sentences(self):
        """What the tests say, each once."""
        names = [test.partition("::test_")[2] for test in self.tests]
        words = [name.replace("_", " ") for name in names]
        return [text[:1].upper() + text[1:] + "." for text in words]


class Standards:
    """The file `tests/standards.toml` of a course; empty if it has none."""

    def __init__(self, course):
        path = course.root / "tests" / "standards.toml"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        read = tomllib.loads(text)
        self.links = read.get("standards", {})
        self.chapters = {
            int(n): x for n, x in read.get("chapters", {}).items()
        }
        self.asked = [Asked(**values) for values in read.get("asked", [])]

    def of(self, name):
        return [asked for asked in self.asked if asked.of == name]
