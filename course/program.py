"""The program that is taught: the one module that knows what it is."""

PACKAGE = "microblog"
PRELOAD = [
    "bs4",
    "email_validator",
    "flask_login",
    "flask_sqlalchemy",
    "flask_wtf",
    "sqlalchemy.dialects.sqlite",
]
STEERING = ("FLASK", "SECRET_KEY", "DATABASE_URL")
