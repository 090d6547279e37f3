"""What a program that is checked cannot do to the machine that checks it.

No program is made safe by this: it runs with the rights of whoever types
`make check`. It keeps accidents, such as a loop that fills the memory or
the disk, from going further than the check. What a system does not know is
left out.
"""

import contextlib
import ctypes
import os
import signal
import socket
import struct
from pathlib import Path

MB = 1024 * 1024
MEMORY, FILE, FILES, PROCESSOR = 4096 * MB, 256 * MB, 512, 300
PROCESSES = 200  # more than the person has already
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000  # unshare(2)
DEATH_SIGNAL = 1  # prctl(2)
SET_FLAGS, UP = 0x8914, 0x1  # netdevice(7)


def fence_in():
    """Limit this process and all that it starts; call it alone in a fork.

    Memory, a file and processor time in bytes and seconds (setrlimit(2)).
    """
    with contextlib.suppress(ImportError):
        limit()
    with contextlib.suppress(OSError, AttributeError, TypeError):
        end_with_parent()
        if leave_others(os.getuid()):
            reach_oneself()
            take_along()


def limit():
    import resource

    limits = {
        "RLIMIT_AS": MEMORY,
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": PROCESSOR,
        "RLIMIT_FSIZE": FILE,
        "RLIMIT_NOFILE": FILES,
        "RLIMIT_NPROC": tasks_of_person() + PROCESSES,
    }
    for name, most in limits.items():
        kind = getattr(resource, name, None)
        with contextlib.suppress(OSError, ValueError, TypeError):
            _, hard = resource.getrlimit(kind)
            low = most if hard < 0 else min(most, hard)
            resource.setrlimit(kind, (low, hard))


def tasks_of_person():
    """How many processes and threads the person has; Linux counts both."""
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.stat().st_uid == os.getuid():
                found += len(os.listdir(process / "task"))
    return found


def leave_others(user):
    """See no network and no other processes, where Linux lets anybody.

    Returns whether what is forked from now on is on its own.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if user == 0:
        return libc.unshare(NEWPID | NEWNET) == 0
    if libc.unshare(NEWUSER | NEWPID | NEWNET):
        return False
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    same = f"{user} {user} 1"
    Path("/proc/self/uid_map").write_text(same, encoding="ascii")
    return True


def reach_oneself():
    """Have 127.0.0.1, where tests talk to what they serve themselves."""
    import fcntl

    with socket.socket() as any_socket:
        flags = struct.pack("16sh14x", b"lo", UP)
        fcntl.ioctl(any_socket, SET_FLAGS, flags)


def take_along():
    """Go on in a grandchild, with which all ends that it ever starts.

    The child is the first of its processes: when that ends, Linux ends all
    others, also those that left the group (pid_namespaces(7)).
    """
    wait_for(os.fork())
    end_with_parent()
    wait_for(os.fork())


def end_with_parent():
    ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL)


def wait_for(child):
    """Wait for a child, and end as it ended; return at once in the child."""
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
