"""What a program that is checked cannot do to the machine."""

import os
import socket
import sys

import pytest

from course.check import fence

from .conftest import can_leave_the_network
from .test_safety import put_in

INIT, START = "microblog/__init__.py", "    return app\n"
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")


@pytest.fixture
def first(make_workspace):
    return make_workspace("a-first-page")


def said_of(checked, workspace, line):
    put_in(workspace, INIT, START, f"    {line}\n{START}")
    return checked(workspace).failures[0].message


@linux
def test_memory_ends_where_the_machine_still_has_some(first, checked):
    assert "MemoryError" in said_of(checked, first, "bytearray(8 << 30)")


@linux
def test_a_file_does_not_fill_the_disk(first, checked):
    line = 'open("big", "wb").write(bytes(300 << 20))'
    assert "File too large" in said_of(checked, first, line)


@linux
def test_files_are_not_opened_without_end(first, checked):
    line = 'app.kept = [open("/dev/null") for _ in range(2000)]'
    assert "Too many open files" in said_of(checked, first, line)


@linux
def test_the_network_is_out_of_reach(first, checked):
    if not can_leave_the_network():
        pytest.skip("this system lets nobody leave the network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        line = f'__import__("socket").create_connection({address})'
        assert "refused" in said_of(checked, first, line)


@linux
def test_no_other_machine_is_in_reach(first, checked):
    if not can_leave_the_network():
        pytest.skip("this system lets nobody leave the network")
    line = '__import__("socket").create_connection(("192.0.2.1", 80))'
    assert "unreachable" in said_of(checked, first, line)


@linux
def test_a_test_reaches_what_it_serves_itself(first, checked):
    line = 'made = __import__("socket").create_server(("127.0.0.1", 0)); '
    line += '__import__("socket").create_connection(made.getsockname())'
    put_in(first, INIT, START, f"    {line}\n{START}")
    assert checked(first).done


@linux
def test_the_person_stays_who_they_are(first, checked):
    line = f"assert __import__('os').getuid() == {os.getuid()}"
    put_in(first, INIT, START, f"    {line}\n{START}")
    assert checked(first).done


def test_where_a_system_knows_no_limits_the_check_goes_on(monkeypatch):
    def lacks(error):
        def raise_it(*arguments, **options):
            raise error

        return raise_it

    monkeypatch.setattr(fence.ctypes, "CDLL", lacks(TypeError()))
    monkeypatch.setattr(fence, "limit", lacks(ImportError()))
    assert fence.fence_in() is None
