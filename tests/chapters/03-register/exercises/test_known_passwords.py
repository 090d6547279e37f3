"""Exercise: known passwords."""

from pathlib import Path

import pytest

from tests.chapters.expectation import expect
from tests.chapters.people import ANNA
from tests.chapters.site import Site, moved

KNOWN = [
    "passwordpassword",
    "1234567890123456",
    "qwertyuiopasdfgh",
    "correcthorsebatterystaple",
    "iloveyouiloveyou",
]
LIST = "known_passwords.txt"


def register(site, password):
    return site.visitor().register(ANNA, password=password, password2=password)


def must_be_refused(site, password):
    page = register(site, password)
    expect(
        page.status == 200
        and page.error_of("password")
        and not site.count(ANNA),
        f"Registered with the password {password!r}.",
        f"{site.count(ANNA)} accounts, status {page.status}",
        "no account, and an error beside the password",
    )


@pytest.mark.exercise("known-passwords")
@pytest.mark.parametrize("password", KNOWN)
def test_a_known_password_is_refused(site, password):
    must_be_refused(site, password)


@pytest.mark.exercise("known-passwords")
@pytest.mark.parametrize("password", ["PASSWORDPASSWORD", "PassWordPassWord"])
def test_capitals_do_not_save_a_known_password(site, password):
    must_be_refused(site, password)


@pytest.mark.exercise("known-passwords")
def test_a_line_that_is_added_to_the_list_is_refused(package, tmp_path):
    added = "a password of my aunt"
    with moved(package, tmp_path / "one") as copy:
        path = Path(copy.__file__).with_name(LIST)
        expect(
            path.is_file(),
            f"Looked for microblog/{LIST}.",
            "there is none",
            "the list, a password on each line",
        )
        text = path.read_text(encoding="utf-8").rstrip()
        path.write_text(f"{text}\n{added}\n", encoding="utf-8")
        with moved(copy, tmp_path / "two") as again:
            site = Site(again, f"sqlite:///{tmp_path / 'two.db'}")
            must_be_refused(site, added)
            site.close()


@pytest.mark.exercise("known-passwords", holds=True)
@pytest.mark.parametrize(
    "password",
    [
        ANNA.password,
        "passwordpasswort",
        "my passwordpassword",
        "passwordpasswor",
        "é" * 15,
    ],
)
def test_what_is_not_in_the_list_passes_as_before(site, password):
    page = register(site, password)
    expect(
        site.count(ANNA) == 1,
        f"Registered with the password {password!r}.",
        f"no account; beside the password: {page.error_of('password')}",
        "an account: no other rule comes with the list",
    )


@pytest.mark.exercise("known-passwords", holds=True)
@pytest.mark.parametrize("password", ["", "only 14 long.."])
def test_a_short_password_is_still_refused(site, password):
    must_be_refused(site, password)
