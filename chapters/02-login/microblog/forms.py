from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    PasswordField,
    StringField,
)
from wtforms.validators import (
    InputRequired,
)


class LoginForm(FlaskForm):
    username = StringField(
        "Username",
        [InputRequired()],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        "Password",
        [InputRequired()],
        render_kw={"autocomplete": "current-password"},
    )
    remember_me = BooleanField("Remember me")
