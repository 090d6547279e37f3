"""What the templates of a program say, without a page being drawn."""

from contextlib import contextmanager

from jinja2 import TemplateError, nodes
from jinja2.utils import missing

NOBODY_GAVE = type(missing)


@contextmanager
def gaps_in(app, of=NOBODY_GAVE):
    """A list of the names that templates print, and that are not there.

    They are names that nobody gave a template, or attributes of a class.
    """
    found, usual = [], app.jinja_env.undefined

    class Gap(usual):
        def __str__(self):
            if isinstance(self._undefined_obj, of):
                found.append(self._undefined_name)
            return super().__str__()

    app.jinja_env.undefined = Gap
    try:
        yield found
    finally:
        app.jinja_env.undefined = usual


def lost_blocks(environment):
    """(template, block) for each block that no page can show.

    A template that extends another shows those blocks alone that one above
    it has, and blocks inside of these.
    """
    for name in environment.list_templates():
        own, *above = lineage(environment, name)
        there = blocks_above(environment, name)
        for block in own.body if above else ():
            if isinstance(block, nodes.Block) and block.name not in there:
                yield name, block


def blocks_above(environment, name):
    """The names of the blocks in what a template extends."""
    above = lineage(environment, name)[1:]
    return {b.name for tree in above for b in tree.find_all(nodes.Block)}


def lineage(environment, name):
    """The tree of a template, and of each that it extends by name."""
    seen = {}
    while name is not None and name not in seen:
        try:
            source, _, _ = environment.loader.get_source(environment, name)
            tree = seen[name] = environment.parse(source)
        except (TemplateError, UnicodeDecodeError):
            tree = seen[name] = nodes.Template([])
        extends = tree.find(nodes.Extends)
        name = extends and getattr(extends.template, "value", None)
    return list(seen.values())


def outside(environment):
    """(template, line) of each text that stands in no block of a page.

    What extends another template shows its blocks alone.
    """
    for name in environment.list_templates():
        own, *above = lineage(environment, name)
        for output in own.body if above else ():
            for text in output.find_all(nodes.TemplateData):
                if isinstance(output, nodes.Output) and text.data.strip():
                    start = text.data[: -len(text.data.lstrip())]
                    yield name, text.lineno + start.count("\n")
