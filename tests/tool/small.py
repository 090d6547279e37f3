"""Courses of a few lines, made for a test of the tool."""

from course.author.adoption import adopt
from course.author.repository import Repository
from course.author.snapshots import chapters_tree
from course.chapters import Course

ONE = "".join(f"line {n}\n" for n in range(1, 10))


def small_course(root):
    """Two chapters: 01-one has two steps, 02-two has one."""
    two = ONE.replace("line 2", "line 2, by 1.2")
    three = two.replace("line 8", "line 8, by 2.1")
    return course_of(
        root,
        [
            ("# First\n\nA file.\n\nChapter: 01-one", {"app.py": ONE}),
            ("Another.", {"app.py": ONE, "more.txt": "more\n"}),
            ("## Try it\n\nRead it.", {"app.py": ONE, "more.txt": "more\n"}),
            (
                "# Second\n\nChange it.\n\nChapter: 01-one",
                {"app.py": two, "more.txt": "more\n"},
            ),
            (
                "# Third\n\nOnce more.\n\nChapter: 02-two",
                {"app.py": three, "more.txt": "more\n"},
            ),
        ],
    )


def course_of(root, commits):
    """The Course that some commits tell, each a message and its files."""
    (root / "chapters").mkdir(parents=True)
    write_commits(Course(root), commits)
    adopt(Course(root))
    return Course(root)


def write_commits(course, commits):
    """Be the author: make these the commits of build/history."""
    repository = history_of(course)
    repository.prepare()
    repository.git(
        *("fast-import", "--quiet", "--force"), stdin=b"".join(stream(commits))
    )
    repository.git("reset", "--quiet", "--hard", "refs/heads/main")
    repository.take_note(tip="", chapters=chapters_tree(course), steps=False)
    return repository


def stream(commits):
    yield b"reset refs/heads/main\n\n"
    for message, files in commits:
        text = message.encode()
        yield b"commit refs/heads/main\ncommitter A <a@example.com> 0 +0000\n"
        yield b"data %d\n%s\ndeleteall\n" % (len(text), text)
        for name, content in files.items():
            data = content.encode()
            quoted = '"' + name.replace('"', '\\"') + '"'
            yield b"M 100644 inline %s\n" % quoted.encode()
            yield b"data %d\n%s\n" % (len(data), data)


def history_of(course):
    return Repository(course.root / "build" / "history")


def told_by(repository):
    """What the commits tell: the message and the tree of each."""
    form = "--format=%B%x00%T%x00"
    said = repository.git("log", "--reverse", form).split("\0")
    messages = [text.strip("\n") for text in said[:-1:2]]
    return list(zip(messages, said[1::2], strict=True))


def files_of(root):
    """Every file below chapters/, with what is in it."""
    chapters = root / "chapters"
    return {
        path.relative_to(chapters).as_posix(): path.read_bytes()
        for path in sorted(chapters.rglob("*"))
        if path.is_file()
    }


def edit(course, chapter, name, old, new):
    """Replace a text in the snapshot of a chapter; it has to be there."""
    path = course.chapter(chapter).folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no “{old}” for this test to replace"
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
