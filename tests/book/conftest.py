"""The book and the slides, built once for the tests of this folder."""

from ..built import book, slides  # noqa: F401
