"""How many examples hypothesis tries; how long they take is no matter."""

from hypothesis import HealthCheck, settings


def examples(number):
    """Settings for so many examples, whatever else the machine does."""
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
