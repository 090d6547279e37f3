from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from unicodedata import normalize

from flask import current_app
from flask_login import UserMixin
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ForeignKey,
    String,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from werkzeug.security import check_password_hash, generate_password_hash

db = SQLAlchemy(session_options={"expire_on_commit": False})


def now():
    """The time in UTC, and without saying so: SQLite keeps no zone."""
    return datetime.now(UTC).replace(tzinfo=None)


METHOD = "scrypt:32768:8:3"


def hash_password(password):
    """The one place that says how a password is hashed."""
    return generate_password_hash(password, METHOD)


class User(UserMixin, db.Model):
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(256))

    logins: Mapped[list["Login"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        order_by="Login.seen.desc()",
    )
    identities: Mapped[list["Identity"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
    )
    login = None  # of the browser that asks

    def get_id(self):
        return self.login.token

    def known_to(self, issuer):
        return any(i.issuer == issuer for i in self.identities)

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
        if not user.check_password(password):
            return None
        user.renew_hash(password)
        return user

    def renew_hash(self, password):
        """Hash the password of this user in today's way, if it is not yet."""
        old = self.password_hash
        if not old.startswith(f"{METHOD}$"):
            new = hash_password(normalize("NFC", password))
            same = update(User).filter_by(id=self.id, password_hash=old)
            db.session.execute(same.values(password_hash=new))
            db.session.commit()

    def __repr__(self):
        return f"<User {self.username}>"


class Identity(db.Model):
    """Who somebody is to a provider."""

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    user: Mapped[User] = relationship(back_populates="identities")


class Login(db.Model):
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(
        String(64), unique=True, default=token_urlsafe
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    user: Mapped[User] = relationship(
        back_populates="logins", lazy="joined", innerjoin=True
    )
    browser: Mapped[str] = mapped_column(String(200), default="")
    remember: Mapped[bool] = mapped_column(default=False)
    started: Mapped[datetime] = mapped_column(default=now)
    seen: Mapped[datetime] = mapped_column(default=now)

    @property
    def ends(self):
        """When it ends, if nobody uses it again."""
        settings = current_app.config
        idle, longest = settings["LOGIN_IDLE"], settings["LOGIN_LONGEST"]
        if self.remember:
            idle = settings["REMEMBER_IDLE"]
            longest = settings["REMEMBER_COOKIE_DURATION"]
        return min(self.seen + idle, self.started + longest)

    @property
    def is_over(self):
        return self.ends < now()

    @property
    def is_fresh(self):
        return now() <= self.started + current_app.config["LOGIN_FRESH"]

    def touch(self):
        """Note that it is in use; once a minute is enough."""
        if self.seen < now() - timedelta(minutes=1):
            this = update(Login).where(Login.id == self.id)
            db.session.execute(this.values(seen=now()))
            db.session.commit()

    @classmethod
    def end(cls, *which):
        """End all logins for which this holds."""
        db.session.execute(delete(cls).where(*which))
        db.session.commit()
