"""An old, cheap hash made strong without the password: a layer around it."""

import hashlib

from werkzeug.security import check_password_hash, generate_password_hash


def old_hash(password, salt):
    """A plain SHA-256 with a salt, as programs once stored it."""
    return hashlib.sha256((salt + password).encode()).hexdigest()


def layer(old):
    """What takes the place of an old hash in the table."""
    return generate_password_hash(old)


def fits(password, salt, stored):
    """Whether a password is the right one for a layered hash."""
    return check_password_hash(stored, old_hash(password, salt))


def works(password, salt):
    """Whether the right password fits a layered hash, and another does not."""
    stored = layer(old_hash(password, salt))
    return fits(password, salt, stored) and not fits("x", salt, stored)
