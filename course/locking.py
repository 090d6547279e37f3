"""The lock: every package of every group and chapter, with its hashes.

One resolution for all, so that all can be installed into one environment,
on any platform. `course.requirements` picks out what a command needs.
"""

import subprocess
import sys
import tomllib

LOCK = "requirements/lock.txt"
FLAGS = [
    "--quiet",
    "--upgrade",
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--annotation-style=line",
    "--no-emit-index-url",
    "--python-version=3.11",
]


def write_lock(root):
    """Write requirements/lock.txt anew; return the status of uv."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    groups = tomllib.loads(text)["dependency-groups"]
    command = [sys.executable, "-m", "uv", "pip", "compile", *FLAGS]
    command += [f"--group={name}" for name in groups]
    files = sorted(root.glob("chapters/*/requirements.txt"))
    command += [path.relative_to(root).as_posix() for path in files]
    return subprocess.call([*command, "--output-file", LOCK], cwd=root)
