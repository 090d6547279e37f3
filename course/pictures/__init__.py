"""The pictures of the README, python -m course.pictures, and of the pages."""
