"""What really happened when a test failed: it runs once more, on record."""

from functools import cache

from _pytest.runner import runtestprotocol

from course import matrix
from course.loading import load_file


def inquiry(item, nextitem, error, program):
    """What a failed test's second run shows, as a dict that JSON takes.

    `links` are (name, whether it held), `said` the fact that broke the last
    of them and `place` its [file, line, text]. All are empty where the course
    has no evidence, or no fact was found.
    """
    course = item.config.stash[matrix.COURSE]
    if not hasattr(course.program, "recording"):
        return {}
    with course.program.recording(program) as record:
        if type(error).__name__ != "DoesNotStart":
            again(item, nextitem)
    load_chains(course, item.callspec.params["state"].chapter)
    found = course.program.finding(record, error, chain_of(item))
    place = found.place and [*found.place]
    links = [[link.name, link.ok] for link in found.links]
    return {"links": links, "said": found.said, "place": place}


def again(item, nextitem):
    """Run a test a second time, with nothing of it reported."""
    item._initrequest()
    runtestprotocol(item, nextitem=nextitem, log=False)


def chain_of(item):
    """The chain that the test's mark names, or None."""
    return matrix.mark_of(item).kwargs.get("about")


@cache
def load_chains(course, number):
    """Import, once, the modules with the chains of the chapters so far."""
    folder = course.root / "tests" / "chapters"
    last = course.chapter(number).folder.name
    for path in sorted(folder.glob("*/evidence*.py")):
        if path.parent.name > last:
            break
        load_file(f"evidence_of_{path.parent.name}", path)
