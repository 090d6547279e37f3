"""A state's program, loaded into this process, next to others."""

import course


def test_two_states_and_one_state_twice_live_side_by_side():
    first, other, again = (course.load(s) for s in ("2", "members-only", "2"))
    names = {app.import_name for app in (first, other, again)}
    assert len(names) == 3
    for app in (first, other, again):
        with app.app_context():
            shell = app.make_shell_context()
            shell["db"].session.add(shell["User"](username="a", email="b@c.d"))
            shell["db"].session.commit()
            assert shell["db"].session.query(shell["User"]).count() == 1
            shell["db"].session.remove()
            shell["db"].engine.dispose()
