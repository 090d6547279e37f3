"""What the other site tries, and which step stops it.

An attempt is made by the other site's server, without anyone's cookies: it
finds out what a browser hides from another site's page.
"""

from urllib.parse import urlencode

from course.explore.cookies import serializer
from course.othersite.finding import (
    NOTHING,
    OPEN,
    STOPPED,
    Attack,
    Finding,
    Hole,
)
from course.program import PEOPLE, cookie_names

VICTIM, STRANGER, _ = PEOPLE
SECRET = VICTIM.password
SCRIPT = "<script>alert('a name that runs')</script>"


def picture(program):
    answer = program.get("/logout")
    if answer.status == 404:
        return Finding(NOTHING, "There is no page /logout.")
    if answer.status == 405:
        why = "/logout takes a POST alone, and a picture is asked for by GET."
        return Finding(STOPPED, why)
    return Finding(OPEN, "Whoever asks for /logout is logged out.")


def form(program):
    answer = program.post("/logout", {})
    if answer.status in (404, 405):
        return Finding(NOTHING, "There is no /logout that takes a POST.")
    if answer.is_redirect:
        return Finding(OPEN, "It did what a form said that it never made.")
    return Finding(STOPPED, "It asked for a token that only it can make.")


def stranger(program):
    typed = {"username": STRANGER.username, "password": STRANGER.password}
    answer = program.post("/login", typed)
    if answer.status in (404, 405):
        return Finding(NOTHING, "There is no /login that takes a POST.")
    if answer.is_redirect:
        return Finding(OPEN, "It did what a form said that it never made.")
    why = "Name and password are right. The token is not there."
    return Finding(STOPPED, why)


def link(program):
    good = "/index?page=2"
    sent = place_after_login(program, good)
    if not sent:
        return Finding(NOTHING, f"{VICTIM.username} cannot log in.")
    if sent != good:
        return Finding(NOTHING, "The login takes no notice of next.")
    for start in ("http://", "//", "/\\"):
        target = f"{start}{program.here}/link/bait"
        if leads_to(program.here, place_after_login(program, target)):
            why = f"Who logs in is sent to {target}, which is this site."
            return Finding(OPEN, why)
    return Finding(STOPPED, "Who logs in stays at the program.")


def place_after_login(program, target):
    """Where the program sends who logs in; nowhere, if that fails."""
    program.forget()
    path = f"/login?{urlencode({'next': target})}"
    typed = program.get(path).filled(text=VICTIM.username, password=SECRET)
    return program.post(path, typed).location


def leads_to(host, location):
    """Whether a browser, which reads \\ as /, would go to that host."""
    plain = location.replace("\\", "/").removeprefix("http:")
    return plain.startswith(f"//{host}/")


def frame(program):
    answer = program.get("/login")
    if answer.status == 404:
        answer = program.get("/")
    policy = answer.headers.get("Content-Security-Policy", "")
    if "frame-ancestors" in policy or "X-Frame-Options" in answer.headers:
        return Finding(STOPPED, "Its headers say that no page may frame it.")
    return Finding(OPEN, "Its headers say nothing about frames.")


def cookie(program):
    before = program.get("/")
    made = serializer("dev").dumps({"_user_id": "1", "_fresh": True})
    cookies = "; ".join(f"{n}={made}" for n in names_of_cookies(program))
    after = program.get("/", Cookie=cookies)
    if (before.status, before.words) != (after.status, after.words):
        why = f"With the cookie, the page says “{after.words[:40]}…”"
        return Finding(OPEN, why)
    why = "The page is the same with the cookie and without it: the key is "
    why += "another one, nobody asks who is there, or a number is no login."
    return Finding(STOPPED, why)


def names_of_cookies(program):
    """What the login calls its cookie; before there is one, both names."""
    program.get("/login")
    own = cookie_names("load-the-user")["SESSION_COOKIE_NAME"]
    return [each.name for each in program.cookies] or ["session", own]


def script(program):
    name = {"text": SCRIPT, "email": "script@example.com", "password": SECRET}
    answer = send(program, "/register", name)
    entered = send(program, "/login", name)
    if {answer.status, entered.status} <= {404, 405}:
        return Finding(NOTHING, "Nobody can type a name.")
    shown = program.get("/") if entered.is_redirect else entered
    for page in (answer, shown):
        if SCRIPT in page.text:
            why = "The page holds the name as it was typed. Browsers run it."
            return Finding(OPEN, why)
    if error := answer.page.select_one(".error:not(:empty)"):
        return Finding(STOPPED, f"The name is refused: “{error.text}”")
    return Finding(
        STOPPED, "The page shows it as text: it holds &lt;script&gt;"
    )


def send(program, path, typed):
    page = program.get(path)
    if page.status != 200:
        return page
    return program.post(path, page.filled(**typed))


INIT, ROUTES = "microblog/__init__.py", "microblog/routes.py"
CONFIG = "    app.config.from_mapping(config)"
NO_TOKENS = Hole(
    INIT, CONFIG, f'    app.config["WTF_CSRF_ENABLED"] = False\n{CONFIG}'
)
BY_GET = Hole(
    ROUTES,
    '@bp.route("/logout", methods=["POST"])',
    '@bp.route("/logout")',
)
ANYWHERE = Hole(
    ROUTES,
    "            if not stays_here(target):",
    "            if not target:",
)
ANY_NAME = Hole(
    "microblog/forms.py",
    '            Regexp(NAME, message="Use a to z, 0 to 9, dots, _ and - only.'
    '"),\n',
    "",
)
SAFE = Hole(
    "microblog/templates/base.html",
    "    {{ current_user.username }}",
    "    {{ current_user.username|safe }}",
)

ATTACKS = [
    Attack(
        "picture", "A picture that logs out", "log-out", picture, (BY_GET,)
    ),
    Attack("form", "A form that sends itself", "log-out", form, (NO_TOKENS,)),
    Attack(
        "stranger",
        "A form that logs you in as somebody else",
        "log-in",
        stranger,
        (NO_TOKENS,),
    ),
    Attack(
        "link",
        "A link with a bad next",
        "back-to-where-you-were",
        link,
        (ANYWHERE,),
    ),
    Attack(
        "frame",
        "A page that frames the login",
        "what-the-browser-may-keep",
        frame,
    ),
    Attack("cookie", "A guessed cookie", "a-row-for-each-login", cookie),
    Attack(
        "script",
        "A name that is a script",
        "a-registration-form",
        script,
        (ANY_NAME, SAFE),
        "register",
    ),
]
