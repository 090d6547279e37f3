"""The locks: every package of a group, with its hashes, for all platforms."""

import subprocess
import sys
import tomllib

FLAGS = [
    "--quiet",
    "--upgrade",
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--python-version=3.11",
]


def lock_groups(root):
    """Write `requirements/GROUP.txt` for each group of pyproject.toml.

    `app` comes first and binds the others, so that all of them can be
    installed into one environment.
    """
    settings = tomllib.loads(
        (root / "pyproject.toml").read_text(encoding="utf-8")
    )
    app = "requirements/app.txt"
    for group in settings["dependency-groups"]:
        bound = [] if group in ("app", "lock") else ["--constraints", app]
        output = [
            "--group",
            group,
            "--output-file",
            f"requirements/{group}.txt",
        ]
        command = [sys.executable, "-m", "uv", "pip", "compile", *FLAGS]
        print(f"requirements/{group}.txt")
        subprocess.run([*command, *bound, *output], cwd=root, check=True)
