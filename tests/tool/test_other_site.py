"""The other site attacks programs of the course here, and nothing else."""

import http.client
import re
import threading
import urllib.request
from http.server import HTTPServer, SimpleHTTPRequestHandler

import pytest

from course import serving
from course.chapters import ROOT, Course
from course.errors import CourseError
from course.othersite.site import make_site
from course.othersite.start import attacks_of

from .running import Running, free_port
from .tiny import tiny_course

COURSE = Course()
ATTACKS = attacks_of(COURSE)
TO_COME = "what-the-browser-may-keep"
HERE = "http://127.0.0.1:5100"


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"<h1>hello</h1>"]


@pytest.fixture
def program():
    """The address of a program that the course serves."""
    with serving.served(hello) as address:
        yield address


@pytest.fixture
def visit(program):
    """Ask the other site for a page; return the answer."""
    client = make_site(COURSE, ATTACKS, program).test_client()

    def visit(path, method="GET", base_url=HERE, **options):
        return client.open(path, method=method, base_url=base_url, **options)

    return visit


def test_every_attack_is_listed_with_the_step_that_stops_it(visit):
    page = visit("/").text
    for attack in ATTACKS:
        assert attack.title in page
        if step := COURSE.steps.get(COURSE.slugs.get(attack.step)):
            assert f"step {step.state}, {step.title}" in page


def test_no_attack_names_a_step_that_is_not_there():
    named = {attack.step for attack in ATTACKS} - {None, TO_COME}
    assert named <= set(COURSE.slugs)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda each: each.name)
def test_a_line_to_change_is_there_for_as_long_as_its_file_is(attack):
    for chapter in COURSE.chapters:
        for hole in attack.holes:
            if COURSE.state(attack.holes_at or attack.step) <= chapter.last:
                path = chapter.folder / hole.file
                lines = path.read_text("utf-8") if path.is_file() else ""
                assert lines.count(hole.line) == bool(lines)


def test_a_link_to_an_attack_keeps_the_program_in_mind(visit, program):
    port = program.rpartition(":")[2]
    page = visit(f"/?program=localhost:{port}").text
    assert f'href="/picture?program=localhost%3A{port}"' in page


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com",
        "example.com:80",
        "localhost",
        "localhost:5000@example.com",
        "localhost.example.com:5000",
        "http://192.168.0.1:5000",
        "http://localhost:5000/path",
        "file:///etc/passwd",
        "localhost:99999",
        HERE,
        "",
    ],
)
def test_any_other_address_is_refused(visit, address):
    for path, method in (("/", "GET"), ("/form", "GET"), ("/form", "POST")):
        answer = visit(
            path,
            method,
            query_string={"program": address},
            headers={"Origin": HERE},
        )
        assert answer.status_code == 400
        assert "Nothing was attacked" in answer.text
        assert "logout" not in answer.text


def test_a_program_that_is_not_the_courses_is_asked_once_and_refused(visit):
    asked = []

    class Stranger(SimpleHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_request(self, *arguments):
            pass

        log_error = log_request

    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        page = visit(f"/picture/bait?program=localhost:{server.server_port}")
        server.shutdown()
        thread.join()
    assert page.status_code == 400
    assert "is not a program that" in page.text
    assert asked == ["/"]


def test_where_nothing_runs_it_says_what_to_start(visit):
    answer = visit(f"/?program=localhost:{free_port()}")
    assert answer.status_code == 400
    assert "Nothing answers" in answer.text
    assert "make run" in answer.text


def test_by_another_name_it_leads_to_its_own(visit):
    answer = visit("/form?x=1", base_url="http://localhost:5100")
    assert answer.location == f"{HERE}/form?x=1"


@pytest.mark.parametrize("origin", [None, "http://localhost:5000", "null"])
def test_no_other_page_can_have_it_attack(visit, origin):
    headers = {"Origin": origin} if origin else {}
    assert visit("/script", "POST", headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/nothing", "/nothing/bait", "/site"])
def test_there_is_no_page_without_an_attack(visit, path):
    assert visit(path).status_code == 404


def test_each_attempt_names_what_was_asked_and_what_came_back(visit):
    answer = visit("/picture", "POST", headers={"Origin": HERE})
    assert "<code>GET /logout</code>" in answer.text
    assert "<code>200 OK</code>" in answer.text


def test_a_course_without_attacks_has_no_other_site(copy_of, tmp_path):
    tiny = copy_of(tiny_course, tmp_path / "tiny")
    with pytest.raises(CourseError, match="has no other site"):
        attacks_of(tiny)


def test_the_command_starts_a_state_as_well_and_says_both_addresses():
    words = ["-m", "course", "other-site", "log-in", "--port", free_port()]
    with Running(words, ROOT) as running:
        assert running.wait_for("stop "), running.said()
        said = running.said()
        here = re.search(r"open +(http://127\.0\.0\.1:\d+)\n", said)[1]
        program = re.search(r"attacks +(http://localhost:\d+), state", said)[1]
        with urllib.request.urlopen(here) as page:
            assert program in page.read().decode()
    assert "susan  password: correct horse battery" in said


def test_alone_it_attacks_what_make_run_serves():
    port = free_port()
    words = ["-m", "course", "other-site", "--port", port]
    with Running(words, ROOT) as running:
        assert running.wait_for("stop "), running.said()
        assert "attacks   http://localhost:5000, where make run" in (
            running.said()
        )
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/", headers={"Host": "evil.example"})
        assert connection.getresponse().status == 400
        connection.close()
