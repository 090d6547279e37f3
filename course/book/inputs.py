"""What the book and the slides are made from."""

import hashlib

READ = [
    "chapters/**/*.*",
    "course/**/*",
    "notebooks/*.ipynb",
    "requirements/book.txt",
    "tests/chapters/**/*.py",
    "tests/conftest.py",
]

MADE = {"__pycache__", "instance"}


def state_of_inputs(root):
    """A digest of every file that the book and the slides are made from."""
    digest = hashlib.sha256()
    for path in sorted(p for pattern in READ for p in root.glob(pattern)):
        if path.is_file() and not MADE & {*path.parts}:
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read(stamp):
    """What a stamp says, or None where there is none."""
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else None
