"""`next`: a target is followed only if a browser would stay on this site.

The judge is ada, which reads a URL as browsers do (WHATWG); browsers and
Node.js use the same code.
"""

from itertools import count
from urllib.parse import quote, urlencode

import pytest
from ada_url import URL
from hypothesis import given
from hypothesis import strategies as st

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA, SUSAN
from tests.chapters.site import Site
from tests.chapters.visitor import HOST
from tests.states.examples import examples

FRONT = ("/", "/index")

# What a browser drops, what it reads as something else, and what raises in
# Python's own reading; and pieces of ordinary addresses.
PIECES = [
    *"/\\\t\r\n\0 \x1f\x7f:@?#.;%&=[]|<>\"'",
    *(
        "//",
        "///",
        "/\\",
        "\\/",
        "..",
        "./",
        "http:",
        "https://",
        "%2f",
        "%5c",
    ),
    *(
        "other.example",
        "user@",
        ":99999",
        "[::1",
        "javascript:",
        "é",
        "\u2028",
    ),
    *("index", "login", "?page=2", "#top", "\u3000", "、", "\U0001f469\u200d"),
]
TARGETS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)

ORDINARY = [
    "/index?page=2",
    "/index?page=2&sort=new#third",
    "/index?q=a%2Fb%20c%26d",
    "/index?q=grüße",
    "/index?q=日本",
    "/index?q=\U0001f469\u200d\U0001f52c",
    "/index?next=https://other.example/",
    "/index?q=//other.example",
    "/index?a=1&a=2",
    "/login",
]


@pytest.fixture(scope="module")
def sites(package_of):
    """One site with susan for each state, made when first asked for."""
    made = {}

    def site_of(state):
        if state not in made:
            made[state] = Site(package_of(state), "sqlite://")
            made[state].add(SUSAN)
        return made[state]

    yield site_of
    for site in made.values():
        site.close()


def follow(site, target):
    """Log in with a `next`; the response that answers the login."""
    visitor = site.visitor()
    address = "/login?" + urlencode({"next": target})
    response = visitor.answer_to_login(SUSAN, address)
    visitor.must_be(SUSAN, f"Logged in with next={target!r}.")
    return response


def places(response):
    """Where a browser can be led: by the header, or by the page's link."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    return [response.headers["Location"], *(a["href"] for a in soup("a"))]


def origin(address):
    return URL(address, base=HOST).origin


@pytest.mark.since("back-to-where-you-were")
@pytest.mark.parametrize("target", ORDINARY)
def test_an_ordinary_page_of_this_site_is_followed(state, sites, target):
    response = follow(sites(state), target)
    came = response.headers["Location"]
    expect(
        URL(came, base=HOST).href == URL(target, base=HOST).href,
        f"Logged in with next={target!r}.",
        f"led to {came}",
        "that page, unchanged",
    )


@pytest.mark.holds_from("log-in")
def test_no_target_leads_to_another_site(state, sites):
    site = sites(state)

    @given(TARGETS | st.text(max_size=12).map("/".__add__) | st.text())
    @examples(60)
    def judged(target):
        response = follow(site, target)
        for place in places(response):
            expect(
                origin(place) == HOST,
                f"Logged in with next={target!r}.",
                f"a browser would go to {origin(place)}",
                "a page of this site",
            )

    judged()


@pytest.mark.holds_from("in-at-once")
def test_no_target_leads_a_new_member_to_another_site(state, sites):
    site, numbers = sites(state), count()

    @given(TARGETS | st.text(max_size=12).map("/".__add__))
    @examples(40)
    def judged(target):
        name = f"new{next(numbers)}"
        person = ANNA.but(username=name, email=f"{name}@example.com")
        visitor = site.visitor()
        page = visitor.see("/register?" + urlencode({"next": target}))
        form = page.form("password2")
        data = page.sent_by(form, **person.registration)
        response = visitor.send(page.target_of(form), "POST", data)
        for place in places(response):
            expect(
                origin(place) == HOST,
                f"Registered with next={target!r}.",
                f"a browser would go to {origin(place)}",
                "a page of this site",
            )

    judged()


@pytest.mark.since("back-to-where-you-were")
def test_a_target_that_a_browser_reads_as_elsewhere_is_the_front_page(
    state, sites
):
    site = sites(state)
    here = follow(site, "/index?page=2").headers["Location"]
    expect(
        here == "/index?page=2",
        "Logged in with next=/index?page=2.",
        f"led to {here}",
        "that page: what is refused is only what leads elsewhere",
    )

    @given(TARGETS.filter(leads_elsewhere))
    @examples(60)
    def judged(target):
        came = follow(site, target).headers["Location"]
        expect(
            came in FRONT,
            f"Logged in with next={target!r}.",
            f"led to {came}",
            "the front page",
        )

    judged()


def leads_elsewhere(target):
    """Whether a browser that reads target would leave, or cannot read it."""
    try:
        return origin(target) != HOST
    except ValueError:
        return True


@pytest.mark.holds_from("log-in")
@pytest.mark.parametrize(
    "query",
    [
        "next",
        "next=%00",
        "next=/x%0d%0aSet-Cookie:a=b",
        "next=%ff%fe",
        "next=" + quote("/" + "a" * 5000),
        "next=/index&next=//other.example",
        "next=//other.example&next=/index",
    ],
)
def test_odd_queries_end_on_this_site(state, sites, query):
    visitor = sites(state).visitor()
    page = visitor.log_in(SUSAN, at=f"/login?{query}")
    expect(
        page.url.startswith(HOST + "/") and "Set-Cookie" not in page.url,
        f"Logged in at /login?{query[:40]}.",
        page.url[:80],
        "a page of this site",
    )
