"""What `make walk` has written, so that it writes over nothing else."""

import hashlib
import json
import shutil

from ..errors import CourseError

LIST = "made-by-make-walk.json"
MARK = b"\n% made by make walk\n"


def check_folder(folder, text):
    """Raise CourseError where a folder holds something, but no slides."""
    if folder.exists() and not folder.is_dir():
        raise CourseError(
            f"{folder} is a file, and slides are a folder.\n"
            f"Try: make walk {text} OUT={folder.stem}-slides"
        )
    if folder.is_dir() and any(folder.iterdir()) and not made_in(folder):
        raise CourseError(
            f"{folder} is not empty, and holds no slides; nothing was "
            f"written.\nTry: make walk {text} OUT={folder.name}-slides"
        )


def made_in(folder):
    """The digests of the files that were written there, by their names."""
    path = folder / LIST
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def put_in(made, folder, text):
    """Put the files of a folder into another, in place of earlier ones.

    Raises CourseError where that would write over somebody's own file.
    """
    files = [path for path in sorted(made.rglob("*")) if path.is_file()]
    names = [path.relative_to(made).as_posix() for path in files]
    before = made_in(folder)
    for name in names:
        there = folder / name
        if there.exists() and digest(there) != before.get(name):
            raise CourseError(
                f"{there} is not as make walk wrote it; nothing was written.\n"
                f"Try: make walk {text} OUT={folder.name}-2"
            )
    for path, name in zip(files, names, strict=True):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    listed = {name: digest(folder / name) for name in names}
    said = json.dumps(before | listed, indent=1)
    (folder / LIST).write_text(said, encoding="utf-8")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_pdf(path, text):
    """Raise CourseError where no PDF can be, or something else is."""
    why = None
    if path.is_dir() or not path.parent.is_dir():
        why = "is a folder" if path.is_dir() else "has no folder to be in"
    elif path.exists() and not path.read_bytes().endswith(MARK):
        why = "is there, and make walk did not write it; it was left alone"
    if why:
        name = "talk.pdf" if path.is_file() else "slides.pdf"
        raise CourseError(f"{path} {why}.\nTry: make walk {text} PDF={name}")


def mark_pdf(pdf):
    """A PDF with a last line, a comment, by which it is known again."""
    return pdf + MARK
