"""What makes each claim of the notebooks false, and answers to exercises."""

# Section, a text in the cell that makes the claim, what makes it false.
FALSE = {
    "01-hashes.ipynb": [
        ("1 What is stored", 'assert name == "scrypt"', 'name = "sha256"'),
        ("2 The same digest", "assert by_hand == digest", 'salt = "other"'),
        ("3 Why a salt", "the same password shows", "unsalted = salted"),
        (
            "3 Why a salt",
            "once for each user and guess",
            'results |= {"SHA-256": ({}, 9, 0.1)}; results = dict(results)',
        ),
        ("4 Why slow", '"it doubles"', "powers = [2**12] * 6"),
        (
            "5 What the standards",
            "Werkzeug's default is a third",
            "susan = account('x'); susan.password_hash = "
            "generate_password_hash('x', method='scrypt:131072:8:1')",
        ),
        (
            "6 Why `==` never works",
            "each call draws a new salt",
            "generate_password_hash = lambda password: stored",
        ),
        ("7 Making old", "susan is in", "came_in = [True, True]"),
    ],
    "02-session-cookies.ipynb": [
        (
            "1 A real cookie",
            "susan's id, as text",
            'sessions = {**sessions, "after login": {"_user_id": "2"}}',
        ),
        ("2 Taken apart", "as JSON", "at_first = cookies.read(after)"),
        ("3 When it grows", "short: as it is", "before = logged_in"),
        ("4 The signature", "made by hand", 'timestamp = "AAAAAA"'),
        ("5 Signed is not", "the cookie as it was", "logged_in = after"),
        (
            "6 Why the SECRET_KEY",
            "tried at home, against",
            'WORDS = ["dev", "sunshine"]; own_cookie = before',
        ),
        ("7 The remember", "the same at each", "remember = '1|' + '0' * 128"),
        (
            "8 What logging out",
            "31 days",
            "app = course.load('2', "
            "{'PERMANENT_SESSION_LIFETIME': timedelta(days=1)})",
        ),
    ],
    "03-follow-a-login.ipynb": [
        (
            "1 Turned away",
            "to the login page",
            "trace = type(trace)(trace); trace.to = lambda who: ['SELECT']",
        ),
        ("2 The form", "not the same text", "in_form = in_session"),
        ("3 The login", "one question to", "order = order | {'hash': -1}"),
        ("4 The session", "a message, and who it is", "after = before"),
        ("5 The Set-Cookie", "these three are set", "has = {'HttpOnly'}"),
        ("6 Back to where", "that was wanted", "answer = turned_away"),
        ("7 The next request", "the program knows her", "page = turned_away"),
        ("8 A registration", "not yet a login", "newcomer = browser"),
    ],
    "04-an-id-token.ipynb": [
        ("1 What is asked", "made for each start", "others = {'state'}"),
        (
            "1 What is asked",
            "and the nonce, to compare",
            "data = data | {'code_verifier': 'another'}",
        ),
        (
            "2 From a code",
            "for this program",
            "other = json.loads(decode(payload)) | {'aud': 'another'}\n"
            "payload = plain(json.dumps(other).encode())",
        ),
        ("2 From a code", "no key was needed", "without_a_key = {}"),
        ("3 The signature", "behind a filling", "opened = opened[1:]"),
        (
            "3 The signature",
            "as the provider signed it",
            "id_token = id_token[:-9] + 'AAAAAAAAA'",
        ),
        ("4 Without state", "in Mallory's", "left_out = None"),
        ("5 Without a nonce", "in zoe's account", "as_it_is = 'zo'"),
        ("6 Without PKCE", "zoe's own browser", "kept = left_out = {}"),
    ],
}

# For each exercise in order: a right answer, and a wrong one.
ANSWERS = {
    "01-hashes.ipynb": [
        ("lambda stored: stored.split('$')[1]", "lambda stored: stored"),
        (
            "lambda stored: 8 * 128 * int(stored.split(':')[1]) // 2**20",
            "len",
        ),
        ("1.94", "194"),
        ("(6, 6_000_000)", "(4, 6_000_000)"),
    ],
    "02-session-cookies.ipynb": [
        (
            "lambda value: cookies.read(value).session.get('_user_id')",
            "lambda value: cookies.read(value).session",
        ),
        ("serializer.dumps({'_user_id': '3'})", "before"),
        ("{'a', 'c', 'd'}", "{'a', 'b', 'c'}"),
    ],
    "03-follow-a-login.ipynb": [
        (
            "(lambda visitor: (visitor.post('/login', data={"
            "'username': 'susan', 'password': susan.password, "
            "'csrf_token': token_in(visitor.get('/login'))}), "
            "send(visitor, '/logout', {"
            "'csrf_token': token_in(visitor.get('/index'))}))[1][1])"
            "(app.test_client())",
            "login",
        ),
        ("lambda trace: len(trace.to(HASHER))", "len"),
        (r"'/\\other.example'", "'/index'"),
    ],
    "04-an-id-token.ipynb": [
        (
            "lambda text: json.loads(decode(text.split('.')[1]))['sub']",
            "lambda text: text.split('.')[1]",
        ),
        (
            "lambda text: plain(hashlib.sha256(text.encode()).digest())",
            "lambda text: hashlib.sha256(text.encode()).hexdigest()",
        ),
        ("{'a', 'b'}", "{'a', 'b', 'c'}"),
    ],
}
