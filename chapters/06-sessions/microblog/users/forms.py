import email_validator
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    StringField,
)
from wtforms.validators import (
    Email,
    EqualTo,
    InputRequired,
    Length,
    Regexp,
    ValidationError,
)

from ..models import User, db


def tidy(text):
    return text and text.strip().lower()


def one_mailbox(address):
    try:
        found = email_validator.validate_email(
            address or "", check_deliverability=False
        )
    except email_validator.EmailNotValidError:
        return address
    return found.normalized


class LoginForm(FlaskForm):
    username = StringField(
        "Username or e-mail",
        [InputRequired()],
        filters=[tidy, one_mailbox],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        "Password",
        [InputRequired()],
        render_kw={"autocomplete": "current-password"},
    )
    remember_me = BooleanField("Remember me")

    def validate(self, extra_validators=None):
        if not super().validate(extra_validators):
            return False
        self.user = User.authenticate(self.username.data, self.password.data)
        if self.user is None:
            self.password.errors.append("Wrong username, e-mail or password.")
        return self.user is not None


def password_of_member(form, field):
    """Hold the member in form.user, or refuse the password."""
    form.user = User.authenticate(current_user.username, field.data)
    if form.user is None:
        raise ValidationError("Wrong password.")


class ConfirmForm(FlaskForm):
    password = PasswordField(
        "Password",
        [InputRequired(), password_of_member],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(FlaskForm):
    password = PasswordField(
        "Password, 15 characters or more",
        [InputRequired(), Length(min=15)],
        render_kw={"autocomplete": "new-password"},
    )
    password2 = PasswordField(
        "The same password again",
        [
            InputRequired(),
            EqualTo("password", message="The two passwords differ."),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def known(self):
        """What everybody knows of the member."""
        return [current_user.username, current_user.email]

    def validate_password(self, field):
        rest = field.data.lower()
        known = ["microblog", *self.known()]
        for word in sorted(filter(None, known), key=len, reverse=True):
            rest = rest.replace(word.lower(), "")
        if not rest:
            raise ValidationError("Names and addresses are guessed first.")


class ChangePasswordForm(NewPasswordForm):
    old_password = PasswordField(
        "Your password until now",
        [InputRequired(), password_of_member],
        render_kw={"autocomplete": "current-password"},
    )


NAME = r"[a-z0-9._-]+\Z"


class RegistrationForm(NewPasswordForm):
    username = StringField(
        "Username",
        [
            InputRequired(),
            Length(max=64),
            Regexp(NAME, message="Use a to z, 0 to 9, dots, _ and - only."),
        ],
        filters=[tidy],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    email = EmailField(
        "E-mail",
        [InputRequired(), Length(max=120), Email()],
        filters=[tidy, one_mailbox],
        render_kw={"autocomplete": "email"},
    )

    def known(self):
        return [self.username.data, self.email.data]

    def validate_username(self, field):
        if db.session.scalar(select(User).filter_by(username=field.data)):
            raise ValidationError("This name is taken.")

    def validate_email(self, field):
        if db.session.scalar(select(User).filter_by(email=field.data)):
            raise ValidationError("This address has an account.")
