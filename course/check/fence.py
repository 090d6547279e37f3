"""What a program that is checked cannot do to the machine that checks it.

No program is made safe by this: it runs with the rights of whoever types
`make check`. It keeps accidents, such as a loop that fills the memory or
the disk, from going further than the check. What a system does not know is
left out.
"""

import contextlib
import ctypes
import os
from pathlib import Path

MB = 1024 * 1024
MEMORY, FILE, FILES, PROCESSOR = 4096 * MB, 256 * MB, 512, 300
PROCESSES = 200  # more than the person has already
NEWUSER, NEWNET = 0x10000000, 0x40000000  # of Linux: unshare(2)


def fence_in():
    """Limit this process and all that it starts; call it alone in a fork.

    Memory, a file and processor time in bytes and seconds (setrlimit(2)).
    """
    with contextlib.suppress(ImportError):
        limit()
    with contextlib.suppress(OSError, AttributeError, TypeError):
        leave_network(os.getuid())


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


def leave_network(user):
    """See no network any more, where Linux lets anybody do so."""
    libc = ctypes.CDLL(None, use_errno=True)
    if user == 0:
        libc.unshare(NEWNET)
    elif libc.unshare(NEWUSER | NEWNET) == 0:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        same = f"{user} {user} 1"
        Path("/proc/self/uid_map").write_text(same, encoding="ascii")
