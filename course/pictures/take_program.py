"""Take pictures/program.png: light and dark, side by side.

python -m course.pictures.take_program, in the environment of `make test`.
"""

import base64
import tempfile
from pathlib import Path

import course
from course.browser import open_browser
from course.program import PEOPLE
from course.serving import served

SIZE = {"width": 480, "height": 560}
SUSAN = PEOPLE[0]
SHEET = """
<body style="margin:0;padding:24px;display:flex;gap:24px;background:#c9cdd4">
{}</body>"""
FRAME = '<img src="data:image/png;base64,{}" style="border-radius:8px">'


def wrong_password(page):
    page.goto("/login")
    log_in(page, "a wrong guess")
    page.get_by_text("Wrong username or password").wait_for()


def registered_name(page):
    page.goto("/register")
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.get_by_label("Username").fill("susan")
    page.get_by_role("button", name="Register").click()
    page.get_by_text("This name is taken").wait_for()


def front_page(page):
    page.goto("/login")
    log_in(page, SUSAN.password)
    page.get_by_role("heading", name="Hi, susan!").wait_for()


def log_in(page, password):
    page.get_by_label("Username").fill("susan")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


SCENES = [
    (registered_name, "light"),
    (wrong_password, "dark"),
    (front_page, "light"),
]


def take(browser, address, scene, scheme):
    context = browser.new_context(
        base_url=address, viewport=SIZE, color_scheme=scheme
    )
    page = context.new_page()
    scene(page)
    picture = page.screenshot()
    context.close()
    return FRAME.format(base64.b64encode(picture).decode())


def program(database):
    app = course.load("no-two-alike", {"SQLALCHEMY_DATABASE_URI": database})
    client = app.test_client()
    token = client.get("/register").text.split('value="')[1].split('"')[0]
    person = SUSAN._asdict() | {"password2": SUSAN.password}
    client.post("/register", data=person | {"csrf_token": token})
    return app


def main():
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        app = program(f"sqlite:///{Path(folder).as_posix()}/picture.db")
        with served(app) as address:
            frames = [take(browser, address, *scene) for scene in SCENES]
        size = {"width": 3 * 480 + 4 * 24, "height": 560 + 48}
        sheet = browser.new_page(viewport=size)
        sheet.set_content(SHEET.format("".join(frames)))
        sheet.screenshot(path=Path(__file__).with_name("program.png"))


if __name__ == "__main__":
    main()
