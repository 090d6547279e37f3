"""The slides in a real browser, as an instructor shows them."""

import re
from contextlib import contextmanager, nullcontext, suppress
from functools import partial

import pytest
from playwright.sync_api import expect

from course.program import PEOPLE
from course.serving import served
from course.walk.live import other_site, stage_of
from course.walk.printing import write

from ..built import COURSE, SHOWN

SUSAN = PEOPLE[0]
STEP = COURSE.state("members-only")
LOG_OUT = COURSE.state("log-out")
LAST = str(COURSE.chapter(LOG_OUT.chapter).last)
weekly = pytest.mark.skipif(
    len(SHOWN) == 1, reason="needs the slides of every chapter: ALL=1"
)
REGISTERED = COURSE.state("no-two-alike")
MINUTES = 45
expect.set_options(timeout=20_000)

# What stands outside of its place, on all slides at once.
CUT = """() => {
  const found = [], reveal = document.querySelector(".reveal");
  reveal.classList.add("measured");
  for (const slide of Reveal.getSlides()) {
    const {h, v} = Reveal.getIndices(slide);
    const frame = slide.querySelector(".slide").getBoundingClientRect();
    const foot = slide.querySelector("footer")?.getBoundingClientRect();
    const bottom = foot ? foot.top : frame.bottom;
    for (const part of slide.querySelectorAll(".slide *")) {
      const box = part.getBoundingClientRect();
      if (!box.height) continue;
      const style = getComputedStyle(part);
      const clipped = part.scrollWidth > part.clientWidth + 1
        && style.display === "block";
      const size = parseFloat(style.fontSize) * part.currentCSSZoom;
      const small = part.matches(".line") && size < 24;
      if (box.bottom > bottom + 1 || box.right > frame.right
          || box.top < frame.top || box.left < frame.left
          || clipped || small) {
        const text = part.textContent.trim().slice(0, 30);
        found.push(`${h}.${v} ${part.tagName} “${text}” bottom ` +
          `${Math.round(box.bottom)} of ${Math.round(bottom)}, ${size}px`);
      }
    }
  }
  reveal.classList.remove("measured");
  return found;
}"""
# The same where the letters are others, and the slides are fitted to them.
CUT_WITH = f"""async (style) => {{
  const added = document.createElement("style");
  added.textContent = style;
  document.head.append(added);
  await document.fonts.load("24px Wider");
  fitAll();
  const found = ({CUT})();
  added.remove();
  return found;
}}"""
COLOUR = "part => getComputedStyle(part).color"
WIDER = """
@font-face {
  font-family: Wider;
  src: local("DejaVu Sans Mono"), local("Menlo"), local("Consolas");
  size-adjust: 105%;
}
.reveal { font-family: monospace; }
.reveal pre, .reveal code, .reveal figcaption { font-family: Wider; }
"""
LETTERS = {
    "of the system": ".reveal { font-family: system-ui; }",
    "wide, and of code 5 % wider than most": WIDER,
}


def cut_in(page):
    """What is cut on any slide, with the letters that are here and others."""
    found = {"as they are": page.evaluate(CUT)}
    for name, style in LETTERS.items():
        found[name] = page.evaluate(CUT_WITH, style)
    page.evaluate("fitAll()")
    return {name: cut[:5] for name, cut in found.items() if cut}


@contextmanager
def on_stage(browser, chapter, folder, databases):
    """A window on the slides of a chapter, served with their programs."""
    with (
        other_site(COURSE, "http://localhost:1") as other,
        served(
            stage_of(COURSE, chapter, folder, databases, other=other)
        ) as address,
    ):
        context = browser.new_context(
            base_url=address,
            viewport={"width": 1280, "height": 720},
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: note(page, request.url, address))
        page.goto(f"/?minutes={MINUTES}")
        page.wait_for_function("window.Reveal?.isReady()")
        page.evaluate("Reveal.configure({transition: 'none'})")
        yield page
        context.close()
        assert not page.complaints, page.complaints


def note(page, url, address):
    if not url.startswith((address, "data:", "about:", "http://127.0.0.1:")):
        page.complaints.append(f"asked for {url}")


@pytest.fixture(scope="module")
def window(browser, slides, tmp_path_factory):
    chapter = COURSE.chapter(LOG_OUT.chapter)
    folder, databases = slides[chapter.number], tmp_path_factory.mktemp("live")
    with on_stage(browser, chapter, folder, databases) as page:
        yield page


@pytest.fixture
def stage(window):
    """The slides of the chapter with the login, open at the first.

    They are opened once.
    """
    window.evaluate("Reveal.slide(0, 0)")
    yield window
    assert not window.complaints, window.complaints


@pytest.fixture
def programs(stage):
    """The same, with the programs at their start, and nobody logged in."""
    stage.context.clear_cookies()
    stage.evaluate(
        """() => document.querySelectorAll(".see iframe[src]").forEach(
          (frame) => frame.removeAttribute("src"))"""
    )
    return stage


def place(page):
    return page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().v]")


def press(page, key):
    page.keyboard.press(key)
    return place(page)


def test_every_slide_fits_its_screen_whatever_the_letters(stage):
    assert not cut_in(stage)


@weekly
@pytest.mark.parametrize("number", [c.number for c in COURSE.chapters])
def test_every_slide_of_every_chapter_fits(browser, slides, number):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto((slides[number] / "index.html").as_uri())
    page.wait_for_function("window.Reveal?.isReady()")
    cut = cut_in(page)
    page.context.close()
    assert not cut


def test_code_is_as_large_as_it_fits_before_a_change_and_after(stage):
    sizes = stage.evaluate(
        """() => Object.values(Object.groupBy(
          document.querySelectorAll("section.code"),
          (slide, number) => slide.dataset.autoAnimateId ?? number,
        )).map((block) => block.map((slide) => getComputedStyle(
          slide.querySelector(".line")).fontSize))"""
    )
    assert {size for block in sizes for size in block} > {"24px", "34px"}
    assert all(len({*block}) == 1 for block in sizes)


def test_the_keys_lead_through_the_slides(stage):
    assert place(stage) == [0, 0]
    assert press(stage, "ArrowRight") == [1, 0]
    assert press(stage, "Space") == [1, 1]
    assert press(stage, "PageDown") == [1, 2]
    assert press(stage, "ArrowLeft") == [1, 1]
    assert press(stage, "PageUp") == [1, 0]
    stage.keyboard.press("End")
    assert stage.evaluate("Reveal.getProgress()") == 1
    assert press(stage, "Home") == [0, 0]


def test_g_goes_to_a_step_and_w_to_the_whole_file_and_back(stage):
    stage.keyboard.press("g")
    stage.keyboard.type(str(LOG_OUT))
    stage.keyboard.press("Enter")
    title = stage.locator("section.present > .present h1")
    expect(title).to_have_text("Log out")
    stage.locator("section.present > .present .steps a").first.click()
    expect(title).to_have_text("Load the user")
    stage.locator("section.present > .present .steps a").nth(4).click()
    expect(title).to_have_text("Log out")
    at = press(stage, "ArrowRight")
    stage.keyboard.press("w")
    whole = stage.get_by_role("dialog", name="The whole file")
    expect(whole).to_contain_text("microblog/routes.py")
    added = whole.locator(".line.added", has_text="logout_user()")
    expect(added).to_be_in_viewport()
    expect(whole).to_contain_text("def index")
    stage.keyboard.press("w")
    expect(whole).to_be_hidden()
    assert place(stage) == at


def test_m_leaves_the_main_slides_and_brings_all_back(stage):
    """It reloads them at an address that leads to the step."""

    def count(search):
        stage.wait_for_function(
            f"location.search === '{search}' && window.Reveal?.isReady()"
        )
        return stage.evaluate("Reveal.getSlides().length")

    whole = count(f"?minutes={MINUTES}")
    show(stage, f"#step-{LOG_OUT.chapter}-{LOG_OUT.step}")
    stage.keyboard.press("m")
    assert count(f"?minutes={MINUTES}&short=") < 36 < whole
    here = stage.locator("section.present > .present")
    expect(here.locator("footer")).to_contain_text("Log out")
    expect(here.locator("h2")).to_contain_text("must not be a link")
    cut = stage.evaluate(CUT)
    assert not cut, f"in short: {cut[:5]}"
    stage.keyboard.press("m")
    assert count(f"?minutes={MINUTES}") == whole
    expect(stage.locator("section.present > .present h1")).to_have_text(
        "Log out"
    )


def test_the_overview_and_the_full_screen_open_and_close(stage):
    stage.keyboard.press("o")
    assert stage.evaluate("Reveal.isOverview()")
    stage.keyboard.press("Escape")
    assert not stage.evaluate("Reveal.isOverview()")
    stage.keyboard.press("f")
    stage.wait_for_function("document.fullscreenElement")
    stage.evaluate("document.exitFullscreen()")


def test_d_is_dark_and_light_again(stage):
    """For the slides, their code, and the program on them."""
    stage.emulate_media(color_scheme="null")
    program = show_program(stage, "show-the-form").locator("body")
    parts = [
        stage.locator(part).first for part in (".reveal", ".highlight .k")
    ]
    first = [x.evaluate(COLOUR) for x in (*parts, program)]
    stage.keyboard.press("d")
    expect(program).not_to_have_css("color", first[-1])
    second = [x.evaluate(COLOUR) for x in (*parts, program)]
    assert all(a != b for a, b in zip(first, second, strict=True))
    stage.keyboard.press("d")
    expect(program).to_have_css("color", first[-1])
    assert first == [x.evaluate(COLOUR) for x in (*parts, program)]
    stage.emulate_media(color_scheme="light")


def test_lines_move_when_a_block_changes(stage):
    index = stage.evaluate(
        """() => {
          const after = Reveal.getSlides().find((slide) =>
            slide.dataset.autoAnimateId && slide.dataset.autoAnimateId ===
              slide.previousElementSibling?.dataset.autoAnimateId);
          const {h, v} = Reveal.getIndices(after);
          Reveal.slide(h, v - 1);
          return [h, v];
        }"""
    )
    stage.evaluate(
        """() => { window.moved = new Promise((done) =>
          Reveal.on("autoanimate", () => done(document.querySelectorAll(
            ".present .line[data-auto-animate-target]").length))); }"""
    )
    assert press(stage, "ArrowRight") == index
    assert stage.evaluate("window.moved") > 3


def show(page, selector):
    """Go to the slide that has an element."""
    page.evaluate(
        """(selector) => {
          const part = document.querySelector(selector);
          const {h, v} = Reveal.getIndices(part.closest("section"));
          Reveal.slide(h, v);
        }""",
        selector,
    )


def show_program(page, slug):
    """Go to the slide with the live program of a step; return its frame."""
    show(page, see_of(slug))
    return page.frame_locator(f"{see_of(slug)} .window:not(.other) iframe")


def see_of(slug):
    return f'[data-live="live/{COURSE.state(slug)}"]'


def log_in(program):
    """Log in as a person does: once more, where the page came anew meanwhile.

    The slide opens the step's page in the frame after the frame is there.
    """
    status = program.get_by_role("status")
    for patience in (10_000, 20_000):
        program.get_by_label("Username").fill(SUSAN.username)
        program.get_by_label("Password").fill(SUSAN.password)
        program.get_by_role("button", name="Log in").click()
        with suppress(AssertionError if patience == 10_000 else ()):
            expect(status).to_contain_text("logged in", timeout=patience)
            return


def test_the_live_program_logs_in_and_each_state_has_its_own_cookies(programs):
    program = show_program(programs, "back-to-where-you-were")
    log_in(program)
    expect(program.get_by_role("heading", level=1)).to_have_text("Hi, susan!")
    other = show_program(programs, "members-only")
    expect(other.get_by_role("heading", level=1)).to_have_text("Log in")
    again = show_program(programs, "back-to-where-you-were")
    expect(again.get_by_role("heading", level=1)).to_have_text("Hi, susan!")
    again.get_by_role("button", name="Log out").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_clicker_goes_on_from_inside_the_program(stage):
    program = show_program(stage, "members-only")
    program.get_by_label("Username").click()
    assert press(stage, "PageUp")[0] == STEP.step
    expect(stage.locator(".present > .present.see")).to_have_count(0)


def test_the_program_has_an_address_line_a_tab_and_a_way_back(programs):
    program = show_program(programs, "back-to-where-you-were")
    see = programs.locator(see_of("back-to-where-you-were"))
    address = see.get_by_label("Address")
    expect(address).to_have_value(re.compile("^/login.next="))
    address.fill("/login?next=//example.com")
    address.press("Enter")
    expect(see.locator("form .tab")).to_have_attribute(
        "href", re.compile("^live/2.*/login.next=//example.com$")
    )
    log_in(program)
    expect(address).to_have_value("/index")
    programs.keyboard.press("Escape")
    show_program(programs, "show-the-form")
    show_program(programs, "back-to-where-you-were")
    expect(program.get_by_role("heading", level=1)).to_have_text("Hi, susan!")
    address.fill("/nowhere")
    address.press("Enter")
    expect(program.get_by_role("heading")).to_have_text("Not Found")
    see.get_by_role("button", name="Back").click()
    expect(program.get_by_role("heading", level=1)).to_have_text("Hi, susan!")
    see.locator("iframe").first.evaluate(
        "frame => { frame.contentWindow.location = 'data:,elsewhere'; }"
    )
    expect(address).to_have_value("another site")
    see.get_by_role("button", name="Back").click()
    expect(program.get_by_role("heading", level=1)).to_have_text("Hi, susan!")
    programs.complaints.clear()  # a browser tells of each 404


def test_the_other_site_attacks_the_program_on_the_slide(programs):
    show_program(programs, "back-to-where-you-were")
    see = programs.locator(see_of("back-to-where-you-were"))
    see.get_by_role("button", name="A link with a bad next").click()
    other = programs.frame_locator(
        f"{see_of('back-to-where-you-were')} .other iframe"
    )
    expect(other.get_by_role("heading", level=1)).to_contain_text("bad next")
    other.get_by_role("button", name="Let the server try").click()
    expect(other.get_by_role("status")).to_contain_text("It is stopped.")


def test_a_link_on_a_slide_leads_to_the_program_of_its_step(stage):
    show(stage, ".shell h2 a[href$='/login']")
    stage.locator(".present > .present.shell h2 a[href$='/login']").click()
    see = stage.locator(".present > .present.see")
    expect(see.get_by_label("Address")).to_have_value("/login")
    program = see.locator("iframe").first.content_frame
    expect(program.get_by_role("heading", level=1)).to_have_text("Log in")


@weekly
def test_who_registers_on_a_slide_is_known_on_the_next(
    browser, slides, tmp_path
):
    chapter = COURSE.chapter(REGISTERED.chapter)
    folder = slides[chapter.number]
    with on_stage(browser, chapter, folder, tmp_path) as page:
        program = show_program(page, "register")
        heading = program.get_by_role("heading", level=1)
        expect(heading).to_have_text("Register")
        program.get_by_label("Username").fill("anna")
        program.get_by_label("E-mail").fill("anna@example.com")
        program.get_by_label("Password, 15").fill(SUSAN.password)
        program.get_by_label("same password").fill(SUSAN.password)
        program.get_by_role("button", name="Register").click()
        expect(program.get_by_role("status")).to_contain_text("ready")
        later = show_program(page, "no-two-alike")
        later.get_by_role("link", name="Log in").first.click()
        later.get_by_label("Username").fill("anna")
        later.get_by_label("Password").fill(SUSAN.password)
        later.get_by_role("button", name="Log in").click()
        expect(later.get_by_role("status")).to_contain_text("logged in")


def test_the_speakers_view_has_notes_a_pace_the_program_and_the_dark(stage):
    stage.emulate_media(color_scheme="dark")
    show_program(stage, "log-in")
    with stage.expect_popup() as opened:
        stage.keyboard.press("s")
    view = opened.value
    expect(view.locator(".speaker-controls-notes .value")).to_contain_text(
        "log in as susan"
    )
    expect(view.locator(".speaker-controls-time .timer")).to_be_visible()
    expect(view.locator(".pacing .minutes-value")).not_to_have_text(":00")
    assert stage.evaluate("Reveal.getConfig().totalTime") == MINUTES * 60
    view.emulate_media(color_scheme="dark")
    expect(view.locator("body")).to_have_css(
        "background-color", "rgb(20, 23, 28)"
    )
    for name in ("current", "upcoming"):
        slide = view.frame_locator(f"#{name}-slide iframe")
        expect(slide.locator(".reveal.ready")).to_be_visible()
    preview = view.frame_locator("#current-slide iframe").frame_locator(
        f"{see_of('log-in')} .window:not(.other) iframe"
    )
    expect(preview.get_by_label("Username")).to_be_visible()
    view.close()
    stage.emulate_media(color_scheme="light")


@pytest.fixture(scope="module")
def written(browser, tmp_path_factory):
    """The slides of one step, as a folder on a USB stick and in print."""
    usb = tmp_path_factory.mktemp("usb")
    places = usb / "slides", usb / "slides.pdf"
    with pytest.MonkeyPatch.context() as patch:
        of_tests = partial(nullcontext, browser)
        patch.setattr("course.walk.printing.open_browser", of_tests)
        write(COURSE, LAST, *places)
    return places


def test_a_written_folder_opens_from_a_file_with_pictures(browser, written):
    folder, _ = written
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((folder / "index.html").as_uri())
    page.wait_for_function("Reveal.isReady()")
    assert page.evaluate(CUT) == []
    assert page.locator("iframe").count() == 0
    widths = page.locator(".see img").evaluate_all(
        "images => images.map(image => image.naturalWidth)"
    )
    assert len(widths) == 2
    assert all(widths)
    assert page.locator("section.see[data-short]").count() == 1
    assert not complaints
    page.context.close()


def test_the_slides_are_printed_one_on_a_page(written):
    folder, path = written
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes())
    slides = (folder / "index.html").read_text(encoding="utf-8")
    assert len(pages) == slides.count('<div class="slide">')
