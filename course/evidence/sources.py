"""What stands in the files of a program."""

import ast
import re
import sys

from jinja2 import meta, nodes


class Sources:
    """The files below `root`; `places` are its Files."""

    root = places = None

    def model(self, name):
        """The program's class of that name, or None."""
        found = (vars(module).get(name) for module in self.modules())
        return next((each for each in found if isinstance(each, type)), None)

    def modules(self):
        """The modules of the program that were imported."""
        own = self.places.packages
        names = [m for m in sys.modules if m.split(".")[0] in own]
        return [sys.modules[name] for name in names]

    def class_of(self, thing):
        """The line with the class of a thing, where the program has it."""
        return self.line_with(rf"^class {type(thing).__name__}\b")

    def part_of(self, kind, name):
        """The line that makes a part of a class, or of one it extends."""
        for owner in kind.__mro__:
            file = getattr(sys.modules.get(owner.__module__), "__file__", "")
            for node in self.classes(file):
                if node.name == owner.__name__ and name in bound_in(node):
                    return self.places.at(file, bound_in(node)[name])
        return None

    def classes(self, file):
        """The classes in a file of the program, as trees."""
        if not self.places.file_of(file or ""):
            return []
        with open(file, encoding="utf-8") as stream:
            tree = ast.parse(stream.read())
        return [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]

    def files(self, pattern):
        return sorted(self.root.glob(f"*/{pattern}"))

    def line_with(self, text, pattern="**/*.py", below=None):
        """The first Place in the files whose line holds a regex, or None.

        Where `below` is a Place, only the lines of its file under it count.
        """
        for path in self.files(pattern):
            lines = path.read_text(encoding="utf-8", errors="replace")
            for number, line in enumerate(lines.splitlines(), 1):
                found = re.search(text, line) and self.places.at(
                    str(path), number
                )
                if found and (below is None or found.is_below(below)):
                    return found
        return None

    def template_place(self, visit, text="."):
        """The first line of the page's own template that holds a regex."""
        return self.drawn_at(visit, text, own=True)

    def drawn_at(self, visit, text, own=False):
        """A line of the templates behind a page that holds a regex."""
        for path in list(self.templates(visit))[: 1 if own else None]:
            name = self.places.file_of(path)
            if name and (place := self.line_with(text, name.split("/", 1)[1])):
                return place
        return None

    def templates(self, visit):
        """The templates that drew a page, its own first: trees by file."""
        shown = visit and visit.last("page")
        names = [shown.template.name] if shown else []
        env, found = shown and shown.template.environment, {}
        for name in filter(None, names):
            source, path, _ = env.loader.get_source(env, name)
            found[path] = env.parse(source)
            others = meta.find_referenced_templates(found[path])
            names += [each for each in others if each not in names]
        return found

    def asked_by(self, visit):
        """The names and parts that the templates behind a page ask for."""
        found = set()
        for tree in self.templates(visit).values():
            found |= {each.name for each in tree.find_all(nodes.Name)}
            found |= {each.attr for each in tree.find_all(nodes.Getattr)}
            found |= {each.value for each in tree.find_all(nodes.Const)}
        return found


def bound_in(node):
    """The names that the body of a class binds, each with its line."""
    found = {}
    for each in node.body:
        targets = getattr(each, "targets", [getattr(each, "target", each)])
        for target in targets:
            name = getattr(target, "id", getattr(target, "name", None))
            found[name] = each.lineno
    return found
