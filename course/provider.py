"""A provider for OpenID Connect, beside a program that signs people in.

It is oidc-provider-mock in a process of its own, on this machine and for
nobody else. Which provider a program asks, its environment says.
"""

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress

import click

from .errors import CourseError
from .serving import HOST, LOOPBACK, answers

NAMED = "OPENID_PROVIDERS"
ACCOUNTS = [
    {
        "sub": "zoe",
        "email": "zoe@example.com",
        "email_verified": True,
        "nickname": "Zoë",
    },
    {
        "sub": "susan-at-example",
        "email": "susan@example.com",
        "email_verified": True,
    },
    {
        "sub": "nobody-asked",
        "email": "nobody@example.com",
        "email_verified": False,
    },
]

# It ends with its input, so that it never outlives who started it.
INSIDE = """
import os, runpy, sys, threading
wait = lambda: (sys.stdin.buffer.read(), os._exit(0))
threading.Thread(target=wait, daemon=True).start()
runpy.run_module("oidc_provider_mock", run_name="__main__")
"""


@contextmanager
def provider():
    """Run a provider that the environment names, until the block ends.

    Where a person has named others, these are asked, and none is started.
    Raises CourseError where it does not start.
    """
    if os.environ.get(NAMED):
        yield {}
        return
    port = free_port()
    issuer = f"http://{HOST}:{port}"  # a site with the program, in a slide
    click.echo(f"A provider to sign in with runs beside it: {issuer}")
    process, named = started(port), settings(issuer)
    try:
        wait_for(process, port)
        os.environ.update(named)
        yield {}
    finally:
        for name in named:
            os.environ.pop(name, None)
        process.stdin.close()
        process.wait()


def settings(issuer):
    """What a program is told of a provider, by the environment."""
    return {
        NAMED: "example",
        "OPENID_EXAMPLE_ISSUER": issuer,
        "OPENID_EXAMPLE_CLIENT_ID": "microblog",
        "OPENID_EXAMPLE_CLIENT_SECRET": "a secret between the two",
    }


def free_port():
    with socket.create_server((LOOPBACK, 0)) as listener:
        return listener.getsockname()[1]


def started(port):
    where = [f"--port={port}", f"--host={HOST}"]
    told = [f"--user-claims={json.dumps(person)}" for person in ACCOUNTS]
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", INSIDE, *where, *told],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(process, port):
    """Wait until a provider answers. Raises CourseError when it has ended."""
    while process.poll() is None:
        if answers(port):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    raise CourseError(
        "The provider for OpenID Connect did not start.\n"
        f"Try: {sys.executable} -m oidc_provider_mock"
    )
