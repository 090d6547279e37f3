"""What is told of a merge, before and after it."""


def before_conflicts(workspace, merge, goal):
    """How many places conflict, and the two ways to go on."""
    places = f"{merge.places} place{'s' if merge.places > 1 else ''}"
    files = ", ".join(merge.conflicts)
    return (
        f"your program and step {goal} differ in the same lines, in {places}"
        f" of\n    {files}\nNothing was changed. You can go on in two ways, "
        "and both keep what you have:\n"
        f"  make catch-up {goal} FRESH=1   take the course's program as it is"
        " after this step\n"
        f"  make catch-up {goal} MERGE=1   merge, and choose in each place "
        "between “yours” and\n"
        f"{'':33}“step {goal}” yourself"
    )


def summary(workspace, merge, goal, saved):
    words = {"A": "added", "M": "merged", "D": "removed"}
    lines = [f"{workspace.shown} is at the end of step {goal}:", ""]
    for path, kind in sorted(merge.changes.items()):
        how = "CONFLICT" if path in merge.conflicts else words[kind]
        lines.append(f"  {how:<8}  {workspace.shown}/{path}")
    last = "Next:      make check"
    if merge.conflicts:
        lines[0] = f"Step {goal} was merged into {workspace.shown}:"
        last = (
            "Choose in each file between the lines of <<<<<<< yours and of "
            f">>>>>>> step {goal},\n           take the marks out, and then: "
            "make check"
        )
    back = f"As it was: make restore {saved.name}"
    return "\n".join([*lines, "", back, last])
