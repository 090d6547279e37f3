"""How many examples hypothesis tries; how long they take is no matter."""

from hypothesis import HealthCheck, settings

from tests.sampling import EVERYTHING

SHARE = {"brief": 3}  # one of so many, where one state is tested
USUAL = 1 if EVERYTHING else 3


def examples(number):
    """Settings for so many examples, whatever else the machine does."""
    share = SHARE.get(settings.get_current_profile_name(), USUAL)
    return settings(
        max_examples=number // share,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
