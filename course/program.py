"""The program that is taught: the one module that knows what it is."""

PACKAGE = "microblog"
PRELOAD = ["bs4", "flask_login", "flask_sqlalchemy", "flask_wtf"]
STEERING = ("FLASK", "SECRET_KEY", "DATABASE_URL")
