"""Chains of what a browser is told, and of odd requests."""

import re

from course.evidence.chain import Link, chain
from tests.chapters.logins import opens_or_redirects


@chain("headers")
def headers(facts):
    """A header is on the answer, as what sets it has it."""
    visit = facts.visits[-1]
    yield from opens_or_redirects(facts, visit)
    asked = re.search(r"read the header ([\w-]+)", str(facts.error))
    place = facts.line_with(r"@.*after_\w*request|\.after_request\(")
    if asked is None or visit.answer is None:
        return
    if place is None:
        said = "no function is called with each answer: @….after_app_request"
        yield Link("after request", False, said)
        return
    value = visit.answer.headers.get(asked[1])
    said = f"the answer to {visit.path} has {asked[1]}: {value}"
    if value is None:
        said = f"the answer to {visit.path} has no header {asked[1]}"
    own = facts.line_with(r"@\w+\.after_request\b")
    if value is None and own and facts.app.blueprints:
        said += "; after_request of a blueprint is called for its own views, "
        said += "and after_app_request for all"
    place = own or facts.line_with(asked[1]) or place
    yield Link(asked[1], False, said, place)


@chain("odd request")
def odd_request(facts):
    """A request that no page of this site sends is refused, or is nobody's."""
    visit = facts.visits[-1]
    limit = facts.app.config.get("MAX_CONTENT_LENGTH")
    if wanted(facts) == 413 and limit is None:
        said = "MAX_CONTENT_LENGTH is not set: a body of any length is read"
        yield Link("limit", False, said, facts.line_with("def create_app"))
        return
    if wanted(facts) == 413 and visit.error is None:
        said = f"MAX_CONTENT_LENGTH is {limit}, and what was sent is shorter"
        place = facts.line_with("MAX_CONTENT_LENGTH")
        yield Link("limit", False, said, place)
        return
    yield from opens_or_redirects(facts, visit)
    said = f"{visit.method} {visit.path} was answered with {visit.status}"
    place = facts.line_with(r"@.*before_\w*request|\.before_request\(")
    if place is None:
        said += ": no function looks at requests before the views do"
    yield Link("refused", False, said, place or facts.view_place(visit.path))


def wanted(facts):
    """The status that a test expected, or None."""
    found = re.search(r"expected: +(?:status )?(\d{3})\b", str(facts.error))
    return found and int(found[1])


@chain("refused with words")
def refused_with_words(facts):
    """Who is refused is shown a page of this site, with the way on."""
    visit = facts.visits[-1]
    handlers = facts.app.error_handler_spec[None]
    bare = not visit.soup.find("link", rel="stylesheet")
    if visit.error is not None or visit.status != wanted(facts):
        yield from odd_request(facts)
        return
    if bare and not handlers.get(visit.status):
        said = f"no @….app_errorhandler({visit.status}) shows a page"
        place = facts.line_with("errorhandler")
        yield Link("page", False, said, place)
        return
    said = "the page has no link to the front page"
    yield Link("way on", False, said, facts.template_place(visit))
