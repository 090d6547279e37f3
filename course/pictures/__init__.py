"""The README's pictures: python -m course.pictures, as for `make test`."""
