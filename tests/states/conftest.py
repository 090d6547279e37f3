"""Where one state is tested, properties are tried on fewer examples."""

from hypothesis import settings


def pytest_configure(config):
    settings.register_profile("brief")
    if config.getoption("state"):
        settings.load_profile("brief")
