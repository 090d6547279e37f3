"""Each attack of the other site, in a real browser.

It works where its lock is missing, and fails from its step on.
"""

import json
import shutil
from contextlib import contextmanager
from functools import partial

import pytest

from course.browser import QUIET, find_browser, for_root
from course.databases import Place
from course.loading import load_package
from course.othersite.finding import NOTHING, OPEN, STOPPED, Hole
from course.othersite.site import make_site
from course.othersite.start import attacks_of
from course.program import PEOPLE, make, prepare
from course.serving import served
from course.states import States
from tests.chapters.people import SUSAN

from ..built import COURSE
from ..sampling import EVERYTHING
from .people import log_in
from .test_accessibility import check

ATTACKS = {attack.name: attack for attack in attacks_of(COURSE)}
LAST = COURSE.chapters[-1].last
HOLED = COURSE.slugs["no-two-alike"]  # later steps move the lines
CREDENTIALS = SUSAN.but(password=PEOPLE[0].password)
INIT, CONFIG = "microblog/__init__.py", "app.config.from_mapping(config)"


def with_holes(folder, holes):
    """Take the lines of some holes out of a program, as a reader would."""
    for hole in holes:
        path = folder / hole.file
        text = path.read_text(encoding="utf-8")
        assert text.count(hole.line) == 1, f"{hole.file} lacks {hole.line!r}"
        text = text.replace(hole.line, hole.instead)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def run(tmp_path, browser):
    """Serve a state, holes made in it, and the other site; open a window.

    It is a private one, or one of the `profile` of a person.
    """

    @contextmanager
    def run(state, holes=(), profile=None):
        folder = tmp_path / f"program-{len([*tmp_path.iterdir()])}"
        place = Place(folder / COURSE.steps[state].slug)
        shutil.copytree(States(COURSE).program(state), folder)
        place.folder.mkdir(exist_ok=True)
        with_holes(folder, holes)
        app = make(load_package(state, folder), place)
        prepare(app, place)
        with served(app) as program:
            site = make_site(COURSE, ATTACKS.values(), program)
            with served(site) as other:
                other = other.replace("localhost", "127.0.0.1")
                context = (profile or browser.new_context)(base_url=other)
                page = context.new_page()
                page.set_default_timeout(10_000)
                page.program = program
                yield page
                context.close()

    return run


def enter(page):
    """Log in as susan, at the program's own login page."""
    page.goto(f"{page.program}/login")
    log_in(page, CREDENTIALS)
    page.wait_for_url(lambda url: "login" not in url)


def who(page):
    """Whom the program takes this browser for."""
    page.goto(f"{page.program}/index")
    header = page.locator("header").inner_text()
    return next((p.username for p in PEOPLE if p.username in header), None)


def show_picture(page):
    page.goto("/picture")
    with page.expect_request(lambda request: "/logout" in request.url):
        page.get_by_role("link", name="page with the picture").click()
    page.wait_for_function("document.images[0]?.complete")


def picture(page):
    """The link below the picture; it alone is left out by today's browsers."""
    enter(page)
    show_picture(page)
    assert who(page) == SUSAN.username, "the picture alone did it"
    show_picture(page)
    follow(page, "more kittens")
    return who(page) is None


def follow(page, name):
    """Follow a link into a new window; return that once it has loaded."""
    with page.expect_popup() as opened:
        page.get_by_role("link", name=name).click()
    opened.value.wait_for_url(lambda url: url.startswith(page.program))
    opened.value.wait_for_load_state()
    return opened.value


def form(page):
    enter(page)
    page.goto("/form")
    follow(page, "page with the form")
    return who(page) is None


def stranger(page):
    page.goto("/stranger")
    follow(page, "page with the form")
    return who(page) == "david"


def link(page):
    """Each of the three ways to write a bad next, one as good as another."""
    away = set()
    for number in range(3):
        page.goto("/link")
        here = page.evaluate("location.host")
        page.context.clear_cookies()
        page.locator("a[href*='/login?next=']").nth(number).evaluate(
            "link => link.removeAttribute('target') || link.click()"
        )
        page.wait_for_url(lambda url: "next=" in url)
        log_in(page, CREDENTIALS)
        page.wait_for_url(lambda url: "next=" not in url)
        away.add(here in page.url)
    (leads_away,) = away
    return leads_away


def frame(page):
    page.goto("/frame")
    return page.frame_locator("iframe").get_by_label("Password").count() > 0


def cookie(page):
    return tried(page, "cookie") == OPEN


def script(page):
    tried(page, "script")
    page.goto(f"{page.program}/login")
    name = "<script>alert('a name that runs')</script>"
    seen = []
    page.on("dialog", lambda box: (seen.append(box.message), box.accept()))
    with page.expect_navigation():
        log_in(page, CREDENTIALS.but(username=name))
    return seen == ["a name that runs"]


def tried(page, name):
    """The verdict of the other site's server."""
    page.goto(f"/{name}")
    page.get_by_role("button", name="Let the server try").press("Enter")
    return page.locator("[role=status] strong").inner_text().rstrip(".")


HARM = [picture, form, stranger, link, frame, cookie, script]


def each(attacks):
    """Parameters of a test, named by the attack and the state."""
    return [
        pytest.param(*row, id=f"{row[0].__name__}-{row[1]}") for row in attacks
    ]


def before():
    """Each attack, with a state where it works and the holes it needs."""
    for harm in HARM:
        attack = ATTACKS[harm.__name__]
        if attack.holes:
            slug = attack.holes_at or attack.step
            yield harm, COURSE.state(slug), attack.holes
        else:
            yield harm, last_without(attack.step), ()


def last_without(slug):
    """The last state before a step; the last of all while it is to come."""
    return COURSE.before(COURSE.slugs[slug]) if slug in COURSE.slugs else LAST


def after():
    """Each attack, with the states that stop it: its own and the last end.

    With ALL=1, the end of each chapter between them as well.
    """
    for harm in HARM:
        start = COURSE.slugs.get(ATTACKS[harm.__name__].step)
        ends = [c.last for c in COURSE.chapters if start and start < c.last]
        ends = ends if EVERYTHING else ends[-1:]
        for state in [start, *ends] if start else []:
            yield harm, state


def test_every_attack_is_tried():
    assert {harm.__name__ for harm in HARM} == set(ATTACKS)


@pytest.mark.parametrize(("harm", "at", "holes"), each(before()))
def test_an_attack_works_where_its_lock_is_missing(run, harm, at, holes):
    with run(at, holes) as page:
        assert harm(page), f"{harm.__name__} did no harm"
        page.context.clear_cookies()
        assert tried(page, harm.__name__) == OPEN


@pytest.mark.parametrize(("harm", "at"), each(after()))
def test_an_attack_fails_from_its_step_on(run, harm, at):
    with run(at) as page:
        assert not harm(page), f"{harm.__name__} did its harm"
        page.context.clear_cookies()
        assert tried(page, harm.__name__) == STOPPED


@pytest.mark.parametrize("harm", [picture, form, stranger, link])
def test_before_its_step_there_is_nothing_to_attack(run, harm):
    attack = ATTACKS[harm.__name__]
    with run(last_without(attack.step)) as page:
        assert tried(page, attack.name) == NOTHING


@pytest.fixture
def profile(browser, tmp_path):
    """Opens a window that is not private, and allows third-party cookies."""
    settings = tmp_path / "profile" / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    allowed = {"profile": {"cookie_controls_mode": 0}}
    settings.write_text(json.dumps(allowed), encoding="utf-8")
    return partial(
        browser.browser_type.launch_persistent_context,
        tmp_path / "profile",
        executable_path=find_browser(),
        args=QUIET + for_root(),
    )


def test_in_an_older_browser_the_picture_alone_logs_out(run, profile):
    holes = ATTACKS["picture"].holes
    with run(HOLED, holes) as page:
        page.goto("/picture")
        written = page.locator("#older").inner_text().splitlines()
    lines = "\n    ".join([*written, CONFIG])
    holes = [*holes, Hole(INIT, CONFIG, lines)]
    with run(HOLED, holes, profile) as page:
        enter(page)
        show_picture(page)
        assert who(page) is None


def test_inside_the_frame_nobody_is_logged_in(run, profile):
    with run(last_without(ATTACKS["frame"].step), (), profile) as page:
        enter(page)
        assert frame(page), "the frame does not show the login"
        assert who(page) == SUSAN.username


def test_a_cookie_is_guessed_since_cookies_are_read(run):
    with run(COURSE.state("load-the-user")) as page:
        assert cookie(page)
        assert page.get_by_text(PEOPLE[0].username).count()


def test_a_key_of_ones_own_stops_the_guessed_cookie(run, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "nobody guesses this")
    with run(last_without(ATTACKS["cookie"].step)) as page:
        assert tried(page, "cookie") == STOPPED


@pytest.mark.parametrize("one", ATTACKS["script"].holes, ids=["rule", "Jinja"])
def test_each_of_two_locks_stops_a_name_that_is_a_script(run, one):
    with run(HOLED, [one]) as page:
        assert not script(page)
        page.context.clear_cookies()
        assert tried(page, "script") == STOPPED


def test_a_name_at_the_first_login_is_shown_as_text(run):
    with run(COURSE.state("log-in")) as page:
        assert tried(page, "script") == STOPPED
        assert page.get_by_text("&lt;script&gt;").count()


def test_its_pages_have_no_barrier(run):
    with run(LAST) as page:
        for name in ("", "?program=example.com", *ATTACKS):
            page.goto(f"/{name}")
            check(page)
        for name in ATTACKS:
            tried(page, name)
            check(page)
