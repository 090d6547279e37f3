"""Every program of this chapter is told of a provider, made for the tests."""

import pytest

from tests.chapters.site import Site


@pytest.fixture(scope="session")
def server():
    """What answers as all providers, on this machine."""
    from tests.chapters.provider import serving

    with serving() as server:
        yield server


@pytest.fixture
def provider(server):
    """The one provider that the settings of a site name."""
    return server.provider("example")


@pytest.fixture
def site(package, tmp_path, provider):
    """The program of a state, told of a provider, with nobody in it."""
    database = f"sqlite:///{tmp_path / 'test.db'}"
    site = Site(package, database, **provider.settings)
    yield site
    site.close()


@pytest.fixture
def site_with(another):
    """A function: the program, told of these providers, and no other."""

    def site_with(*providers, **config):
        named = " ".join(each.name for each in providers)
        settings = {"OPENID_PROVIDERS": named}
        for each in providers:
            settings |= each.own_settings
        return another("sqlite://", **settings | config)

    return site_with
