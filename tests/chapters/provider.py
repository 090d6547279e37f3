"""A provider for OpenID Connect, made for the tests, on this machine.

It is real HTTP on 127.0.0.1. A program asks it for its metadata, its keys and
a token; a browser would be sent to it as well, and `Provider.allow` is the
person who says yes there. It does at most one thing wrong: `wrong`.
"""

import base64
import contextlib
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from time import time
from urllib.parse import parse_qs, urlencode, urlsplit

from .expectation import expect

SECRET = "only the two of them know it"
WELL_KNOWN = "/.well-known/openid-configuration"

# What can be wrong with the claims of a token, each as a change.
CLAIMS = {
    "the nonce of somebody else": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "made for another program": {"aud": "another"},
    "made for another program, at our wish": {
        "aud": "another",
        "azp": "microblog",
    },
    "made for two programs, at the other's wish": {
        "aud": ["microblog", "another"],
        "azp": "another",
    },
    "made for nobody": {"aud": None},
    "made by somebody else": {"iss": "https://other.example"},
    "speaks for another": {"iss": "https://other.example"},
    "made by nobody": {"iss": None},
    "over for an hour": {"exp": 3600},
    "without an end": {"exp": None},
    "about nobody": {"sub": None},
    "about nobody's name": {"sub": ""},
    "about a number": {"sub": 5},
    "about a list": {"sub": ["zoe"]},
    "about a name without end": {"sub": "z" * 256},
}
TOKENS = [
    "signed with another key",
    "signed with a key that nobody knows",
    "signed with the key that all may know",
    "not signed",
    "not signed, and called right",
    "three words",
    "no token",
    "a number",
]
ANSWERS = {
    "an error": (400, "application/json", b'{"error": "invalid_grant"}'),
    "a crash": (500, "text/html", b"<h1>Sorry</h1>"),
    "a page": (200, "text/html", b"<h1>Welcome</h1>"),
    "a list": (200, "application/json", b"[]"),
    "a word": (200, "application/json", b'"yes"'),
    "an empty object": (200, "application/json", b"{}"),
    "no text": (200, "application/json", b"\xff\xfe"),
}
PLACES = ("metadata", "keys", "token")
PATIENCE = 1.5  # seconds: a program that is told to wait 0.1 hangs up before


class Provider:
    """One issuer of the server; all that it knows of each code it gave."""

    def __init__(self, server, name, at):
        self.server, self.name = server, name
        self.wrong, self.waited_for = None, False
        self.codes, self.given = {}, 0
        self.issuer = f"http://127.0.0.1:{server.port}/{at}"

    @property
    def settings(self):
        """What a program is told of it, to be its only provider."""
        return {"OPENID_PROVIDERS": self.name, **self.own_settings}

    @property
    def own_settings(self):
        start = f"OPENID_{self.name.upper()}"
        return {
            f"{start}_ISSUER": self.issuer,
            f"{start}_CLIENT_ID": "microblog",
            f"{start}_CLIENT_SECRET": SECRET,
        }

    def metadata(self):
        algorithms = ["RS256"]
        if self.wrong == "not signed, and called right":
            algorithms += ["none", "HS256"]
        called = self.issuer
        if self.wrong == "speaks for another":
            called = "https://other.example"
        return {
            "issuer": called,
            "authorization_endpoint": f"{self.issuer}/ask",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": algorithms,
        }

    def keys(self):
        return {"keys": [self.server.key.as_dict(private=False)]}

    def allow(self, address, **claims):
        """Say yes on the page at an address; the address to go back to.

        Raises AssertionError where the program did not ask as it has to.
        """
        asked = self.read(address)
        code = token_urlsafe(8)
        self.codes[code] = asked, claims
        return back(asked, code=code)

    def deny(self, address):
        """Say no there."""
        return back(self.read(address), error="access_denied")

    def read(self, address):
        """What a program asks for when it sends a browser here."""
        parts = urlsplit(address)
        asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
        expect(
            address.startswith(f"{self.issuer}/ask?"),
            f"Pressed the button to sign in with {self.name}.",
            f"led to {address[:60]}",
            f"the page of the provider, {self.issuer}/ask",
        )
        wanted = {
            "response_type": "code",
            "client_id": "microblog",
            "code_challenge_method": "S256",
        }
        for name, value in wanted.items():
            expect(
                asked.get(name) == value,
                f"Read what the program asks {self.name} for.",
                f"{name}={asked.get(name)}",
                f"{name}={value}",
            )
        for name in ("state", "nonce", "code_challenge", "redirect_uri"):
            expect(
                asked.get(name),
                f"Read what the program asks {self.name} for.",
                f"no {name}",
                f"a {name}",
            )
        expect(
            {"openid", "email"} <= {*asked.get("scope", "").split()},
            f"Read what the program asks {self.name} for.",
            f"scope={asked.get('scope')}",
            "scope=openid email …",
        )
        return asked

    def token(self, form, authorization):
        """Who asks with a code gets a token for it, once."""
        asked, claims = self.codes.pop(form.get("code"), (None, None))
        verifier = form.get("code_verifier", "").encode()
        proof = plain(hashlib.sha256(verifier).digest())
        if (
            asked is None
            or form.get("redirect_uri") != asked["redirect_uri"]
            or proof != asked["code_challenge"]
            or not knows_the_secret(form, authorization)
        ):
            return None
        self.given += 1
        answer = {"access_token": "x", "token_type": "Bearer"}
        made = self.id_token(asked, claims)
        return answer | ({} if made is None else {"id_token": made})

    def id_token(self, asked, claims):
        now = int(time())
        whole = {
            "iss": self.issuer,
            "aud": "microblog",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **claims,
            **CLAIMS.get(self.wrong, {}),
        }
        whole = {k: v for k, v in whole.items() if v is not None}
        return self.signed(whole)

    def signed(self, claims):
        from joserfc import jwk, jwt

        key, head = self.server.key, {"alg": "RS256", "kid": "one"}
        if self.wrong == "no token":
            return None
        if self.wrong == "a number":
            return 5
        if self.wrong == "three words":
            return "one.two.three"
        if (self.wrong or "").startswith("not signed"):
            parts = ({"alg": "none"}, claims)
            return (
                ".".join([plain(json.dumps(p).encode()) for p in parts]) + "."
            )
        if self.wrong == "signed with another key":
            key = self.server.other_key
        if self.wrong == "signed with a key that nobody knows":
            key, head = self.server.other_key, head | {"kid": "two"}
        if self.wrong == "signed with the key that all may know":
            secret = jwk.OctKey.import_key(key.as_pem(private=False))
            head |= {"alg": "HS256"}
            return jwt.encode(head, claims, secret, algorithms=["HS256"])
        return jwt.encode(head, claims, key)


class Server(ThreadingHTTPServer):
    """The providers of all tests, each below a path of its own."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_port
        self.providers, self.over = {}, threading.Event()
        self.key, self.other_key = new_key(), new_key()

    def provider(self, name, at=None):
        """A provider of this name that was never asked yet."""
        at = at or name
        self.providers[at] = Provider(self, name, at)
        return self.providers[at]

    def handle_error(self, request, client_address):
        """Say nothing: a program that has waited enough hangs up."""


class Handler(BaseHTTPRequestHandler):
    """Answers a program: metadata, keys, a token."""

    def do_GET(self):
        name, _, path = self.path[1:].partition("/")
        known = self.server.providers.get(name)
        if known and f"/{path}" == WELL_KNOWN:
            self.answer(known, "metadata", known.metadata())
        elif known and path == "keys":
            self.answer(known, "keys", known.keys())
        else:
            self.send_error(404)

    def do_POST(self):
        name, _, path = self.path[1:].partition("/")
        known = self.server.providers.get(name)
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {k: v[0] for k, v in parse_qs(text).items()}
        if known and path == "token":
            made = known.token(form, self.headers["Authorization"])
            self.answer(known, "token", made)
        else:
            self.send_error(404)

    def answer(self, provider, place, value):
        """Say it, or do what is wrong with this place."""
        if provider.wrong == f"{place}: silence":
            ended = self.server.over.wait(PATIENCE)
            provider.waited_for = not ended  # then it answers after all
        kind, _, wrong = (provider.wrong or "").partition(": ")
        if kind == place and wrong == "hangs up":
            return
        if kind == place and wrong in ANSWERS:
            self.say(*ANSWERS[wrong])
        elif value is None:
            self.say(*ANSWERS["an error"])
        else:
            text = json.dumps(value).encode()
            self.say(200, "application/json", text)

    def say(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Say nothing."""


@contextlib.contextmanager
def serving():
    """The server, in a thread, until the block ends."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def back(asked, **found):
    """The address that leads back to a program, with what was found."""
    query = urlencode(found | {"state": asked["state"]})
    return f"{asked['redirect_uri']}?{query}"


def plain(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def knows_the_secret(form, authorization):
    """By a header of its own, or in the form."""
    both = base64.b64encode(f"microblog:{quoted(SECRET)}".encode()).decode()
    plainly = base64.b64encode(f"microblog:{SECRET}".encode()).decode()
    return (
        authorization in (f"Basic {both}", f"Basic {plainly}")
        or form.get("client_secret") == SECRET
    )


def quoted(text):
    return urlencode({"": text})[1:]


def new_key():
    from joserfc import jwk

    return jwk.RSAKey.generate_key(2048, parameters={"kid": "one"})
