from unicodedata import normalize

from flask_login import UserMixin
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.security import check_password_hash, generate_password_hash

db = SQLAlchemy()


def hash_password(password):
    """The one place that says how a password is hashed."""
    return generate_password_hash(password)


class User(UserMixin, db.Model):
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(256))

    def set_password(self, password):
        password = normalize("NFC", password)
        self.password_hash = hash_password(password)

    def check_password(self, password):
        password = normalize("NFC", password)
        return self.password_hash is not None and check_password_hash(
            self.password_hash, password
        )

    @classmethod
    def authenticate(cls, name, password):
        column = cls.email if "@" in name else cls.username
        user = db.session.scalar(select(cls).where(column == name))
        if user is None or user.password_hash is None:
            hash_password(password)  # takes as long as a check
            return None
        return user if user.check_password(password) else None

    def __repr__(self):
        return f"<User {self.username}>"
