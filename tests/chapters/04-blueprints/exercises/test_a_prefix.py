"""Exercise: a prefix."""

from urllib.parse import urljoin, urlsplit

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, SUSAN
from tests.chapters.site import Site

MOVED = ["/login", "/register", "/logout"]
DONE = 'Started the program with PEOPLE_PREFIX="/people"'


@pytest.fixture
def below(package, tmp_path):
    """A site of which people live below /people."""
    database = f"sqlite:///{tmp_path / 'below.db'}"
    site = Site(package, database, PEOPLE_PREFIX="/people")
    site.add(SUSAN)
    yield site
    site.close()


@pytest.mark.exercise("a-prefix")
@pytest.mark.parametrize("path", MOVED)
def test_what_is_about_people_is_below_the_prefix_and_nowhere_else(
    below, path
):
    rules = {rule.rule for rule in below.app.url_map.iter_rules()}
    found = sorted(rule for rule in rules if rule.endswith(path))
    expect(
        found == [f"/people{path}"],
        f"{DONE}, and looked for {path}.",
        ", ".join(found) or "nothing",
        f"/people{path}, and nothing else",
    )


@pytest.mark.exercise("a-prefix")
def test_a_stranger_is_led_below_the_prefix_and_back(below):
    visitor = below.visitor()
    page = visitor.open("/index?page=2")
    expect(
        page.path.startswith("/people/login?"),
        f"{DONE}, and opened /index?page=2.",
        f"{page.path}, status {page.status}",
        "/people/login, with `next`",
    )
    came = visitor.log_in(SUSAN, at=page)
    expect(
        came.path == "/index?page=2",
        f"{DONE}, opened /index?page=2, and logged in.",
        f"{came.path}, status {came.status}",
        "/index?page=2",
    )


@pytest.mark.exercise("a-prefix")
def test_every_link_and_form_leads_to_an_address_that_exists(below):
    visitor = below.visitor()
    pages = [visitor.see("/people/login"), visitor.see("/people/register")]
    pages.append(visitor.register(ANNA, at="/people/register"))
    adapter = below.app.url_map.bind("localhost")
    for page in pages:
        links = [a["href"] for a in page.soup.find_all("a", href=True)]
        asked = [(urljoin(page.url, link), "GET") for link in links]
        asked += [(page.target_of(form), "POST") for form in page.forms]
        for address, method in asked:
            path = urlsplit(address).path
            expect(
                adapter.test(path, method),
                f"{DONE}, and read where {page.path} leads.",
                f"{path}, which is not there ({method})",
                "an address that exists: url_for",
            )
    (way_out,) = visitor.page.forms
    came = visitor.press(visitor.page, way_out)
    expect(
        came.path == "/people/login",
        f"{DONE}, registered, and logged out.",
        f"{came.path}, status {came.status}",
        "/people/login",
    )


@pytest.mark.exercise("a-prefix", holds=True)
@pytest.mark.parametrize("path", MOVED)
def test_a_program_that_is_told_nothing_is_as_before(site, path):
    expect(
        site.has_page(path) and not site.has_page(f"/people{path}"),
        f"Started the program, and looked for {path}.",
        "it is elsewhere",
        f"{path}: without the setting there is no prefix",
    )
